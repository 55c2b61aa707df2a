import type { TemplateScope } from "../template/scope.js";

type Names = Readonly<Record<string, unknown>>;

/** Names for templates in layers: pattern names over variables, and a step's own names over both. Nothing is copied. */
export class StepScope implements TemplateScope {
  readonly #variables: Names;
  readonly #own: Record<string, unknown>;

  /** @param own becomes the scope's: nobody else may use it */
  constructor(variables: Names, own: Record<string, unknown>) {
    this.#variables = variables;
    this.#own = own;
  }

  /** Gives a pattern name a value. */
  set(name: string, value: unknown): void {
    this.#own[name] = value;
  }

  /** The same names with some more on top. */
  with(names: Names): TemplateScope {
    return {
      has: (name) => Object.hasOwn(names, name) || this.has(name),
      get: (name) => (Object.hasOwn(names, name) ? names[name] : this.get(name)),
      names: () => [...Object.keys(names), ...this.names()],
    };
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#own, name) || Object.hasOwn(this.#variables, name);
  }

  get(name: string): unknown {
    if (Object.hasOwn(this.#own, name)) return this.#own[name];
    return Object.hasOwn(this.#variables, name) ? this.#variables[name] : undefined;
  }

  names(): Iterable<string> {
    return [...Object.keys(this.#own), ...Object.keys(this.#variables)];
  }
}
