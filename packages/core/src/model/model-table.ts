import { ProviderError } from "../error/errors.js";
import { nearest } from "../spec/suggest.js";
import type { Model, ModelFunction, ModelProvider, ModelSettings } from "./model.js";

/** Finds the model for an agent's settings, and keeps it for the next run of the same client. */
export class ModelTable {
  readonly #override: Model | undefined;
  readonly #providers: ReadonlyMap<string, ModelProvider>;
  readonly #models = new Map<string, Model | Promise<Model>>();

  /**
   * @param override one model for every agent, whatever the spec says
   * @param providers vendor adapters, by the name a spec uses
   */
  constructor(override: Model | ModelFunction | undefined, providers: readonly ModelProvider[]) {
    this.#override = typeof override === "function" ? modelOf(override) : override;
    this.#providers = new Map(providers.map((provider) => [provider.name, provider]));
  }

  /** @throws {@link ProviderError} `PROVIDER_NOT_CONFIGURED` */
  get(settings: ModelSettings): Model | Promise<Model> {
    if (this.#override !== undefined) return this.#override;
    const key = keyOf(settings);
    const known = this.#models.get(key);
    if (known !== undefined) return known;
    const made = this.#provider(settings.provider).model(settings);
    this.#models.set(key, made);
    if (made instanceof Promise) {
      made.then(
        (model) => this.#models.set(key, model),
        () => this.#models.delete(key),
      );
    }
    return made;
  }

  /** Whether one model answers for every provider. */
  get overridden(): boolean {
    return this.#override !== undefined;
  }

  /**
   * Looks whether there is a model for each of these settings, once for those that are the same.
   *
   * @returns what is still to be waited for, if anything is
   * @throws {@link ProviderError} `PROVIDER_NOT_CONFIGURED` when there is none, or it lacks something it needs
   */
  check(wanted: Iterable<ModelSettings>): Promise<void> | undefined {
    if (this.#override !== undefined) return undefined;
    const distinct = new Map([...wanted].map((settings) => [keyOf(settings), settings]));
    const waits = [...distinct.values()].flatMap((settings) => {
      const wait = this.#provider(settings.provider).check?.(settings);
      return wait instanceof Promise ? [wait] : [];
    });
    if (waits.length === 0) return undefined;
    const all = Promise.all(waits).then(() => {});
    // Whoever waits for it hears of it; until then it is nobody's unhandled rejection.
    all.catch(() => {});
    return all;
  }

  async close(): Promise<void> {
    for (const provider of this.#providers.values()) await provider.close?.();
  }

  #provider(name: string): ModelProvider {
    const provider = this.#providers.get(name);
    if (provider !== undefined) return provider;
    const names = [...this.#providers.keys()];
    const near = nearest(name, names);
    throw new ProviderError("PROVIDER_NOT_CONFIGURED", `There is no model for the provider \`${name}\``, {
      provider: name,
      hint:
        near === undefined
          ? `Give the client a \`model\` or a provider named \`${name}\`${names.length > 0 ? ` (it has: ${names.join(", ")})` : ""}.`
          : `Did you mean \`${near}\`?`,
    });
  }
}

function keyOf({ provider, modelId, host, region }: ModelSettings): string {
  return JSON.stringify([provider, modelId, host, region]);
}

function modelOf(stream: ModelFunction): Model {
  return { provider: "custom", modelId: undefined, stream };
}
