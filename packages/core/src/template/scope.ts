import { ownValue } from "./values.js";

/** A layered source of variables, for callers that do not want to merge maps before each render. */
export interface TemplateScope {
  /** The value of a name; only asked after {@link TemplateScope.has} said yes. */
  get(name: string): unknown;
  /** Whether the name exists. */
  has(name: string): boolean;
  /** Every name, for error messages. */
  names(): Iterable<string>;
}

/** What a template may read: a plain record, or a {@link TemplateScope}. */
export type TemplateContext = Readonly<Record<string, unknown>> | TemplateScope;

/** Whether a context is a scope rather than a record. */
export function isScope(context: TemplateContext): context is TemplateScope {
  return (
    typeof context["get"] === "function" &&
    typeof context["has"] === "function" &&
    typeof context["names"] === "function"
  );
}

/** The value of a root name; `undefined` when there is none. */
export function readContext(context: TemplateContext, scope: TemplateScope | undefined, name: string): unknown {
  if (scope === undefined) return ownValue(context, name);
  return scope.has(name) ? scope.get(name) : undefined;
}

/** The names a context has, at most 200 of them. */
export function contextNames(context: TemplateContext): string[] {
  const names: string[] = [];
  for (const name of isScope(context) ? context.names() : Object.keys(context)) {
    if (names.push(name) >= 200) break;
  }
  return names;
}

/** Variables a template sets itself; one frame per loop round, macro call or `with`. */
export class Frame {
  readonly parent: Frame | undefined;
  readonly #variables: Map<string, unknown> = new Map();

  constructor(parent: Frame | undefined) {
    this.parent = parent;
  }

  get(name: string): unknown {
    return this.#variables.get(name);
  }

  set(name: string, value: unknown): void {
    this.#variables.set(name, value);
  }

  /** Looks here and in the frames around. */
  find(name: string): unknown {
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.parent) {
      const value = frame.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }
}
