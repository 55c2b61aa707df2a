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
    const key = JSON.stringify([settings.provider, settings.modelId, settings.host, settings.region]);
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

  /** @throws {@link ProviderError} `PROVIDER_NOT_CONFIGURED` when no model would be found. */
  check(settings: ModelSettings): void {
    if (this.#override === undefined) this.#provider(settings.provider);
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

function modelOf(stream: ModelFunction): Model {
  return { provider: "custom", modelId: undefined, stream };
}
