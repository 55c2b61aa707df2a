import { ProviderError } from "@strands/core";
import type { Environment } from "./environment.js";
import { findVariable } from "./environment.js";
import type { ProviderIdentity } from "./provider-identity.js";

/** A key, or what gives the one to use for the next call, such as a vault. */
export type ApiKeyOption = string | (() => string | Promise<string>);

/** Where a provider takes its key from: an option, or else the environment. */
export class ApiKey {
  readonly #identity: ProviderIdentity;
  readonly #option: ApiKeyOption | undefined;
  readonly #env: Environment;

  constructor(identity: ProviderIdentity, option: ApiKeyOption | undefined, env: Environment) {
    this.#identity = identity;
    this.#option = option;
    this.#env = env;
  }

  /** Whether there is a key, or a function that may give one. */
  get given(): boolean {
    if (typeof this.#option === "string") return this.#option.trim() !== "" || this.#variable() !== undefined;
    return this.#option !== undefined || this.#variable() !== undefined;
  }

  /** @throws ProviderError `PROVIDER_NOT_CONFIGURED` when there is none, naming what to set */
  check(): void {
    if (typeof this.#option !== "function") this.#found();
  }

  /** @throws ProviderError `PROVIDER_NOT_CONFIGURED` when there is none, naming what to set */
  async get(): Promise<string> {
    if (typeof this.#option !== "function") return this.#found();
    const given = await this.#ask(this.#option);
    // Read as what came, not as what its type says: it is a function of somebody else.
    return typeof given === "string" && given.trim() !== "" ? given.trim() : this.#missing("`apiKey` gave none");
  }

  async #ask(option: () => string | Promise<string>): Promise<string> {
    try {
      return await option();
    } catch (cause) {
      const { name, title } = this.#identity;
      throw new ProviderError("PROVIDER_NOT_CONFIGURED", `${title} needs a key, and \`apiKey\` failed to give one`, {
        provider: name,
        hint: "Look at what the function `apiKey` throws: it is the `cause` of this error.",
        cause,
      });
    }
  }

  #found(): string {
    if (typeof this.#option === "string" && this.#option.trim() !== "") return this.#option.trim();
    return this.#variable() ?? this.#missing("none is set");
  }

  #variable(): string | undefined {
    return findVariable(this.#env, this.#identity.keyVariables)?.value;
  }

  #missing(why: string): never {
    const { name, title, keyVariables } = this.#identity;
    const variables = keyVariables.map((variable) => `\`${variable}\``).join(" or ");
    throw new ProviderError("PROVIDER_NOT_CONFIGURED", `${title} needs a key, and ${why}`, {
      provider: name,
      hint: `Set ${variables} in the environment, or give the provider an \`apiKey\`.`,
    });
  }
}
