import type { ModelSettings, ProviderDiagnosis, ProviderError } from "@strands/core";
import type { ApiKeyOption } from "./api-key.js";
import { ApiKey } from "./api-key.js";
import { baseUrl } from "./base-url.js";
import { ClientPool } from "./client-pool.js";
import type { Environment } from "./environment.js";
import { findVariable } from "./environment.js";
import { follow } from "./follow.js";
import type { GuardedFetch, GuardedFetchOptions } from "./guarded-fetch.js";
import { guardedFetch } from "./guarded-fetch.js";
import type { FailureFacts } from "./provider-failure.js";
import type { ProviderIdentity } from "./provider-identity.js";
import { sdkVersion } from "./sdk-version.js";

/** How to reach a service that wants a key. All of it is optional. */
export interface KeyedServiceOptions {
  /** The key, or a function that gives the one for the next call. @defaultValue the provider's variable of the environment */
  readonly apiKey?: ApiKeyOption | undefined;
  /**
   * Base URL of the API, without its version. `host` of a workflow goes before it.
   *
   * @defaultValue the provider's variable of the environment, else the vendor's own address
   */
  readonly baseUrl?: string | undefined;
  /** Where variables are looked up. @defaultValue `process.env` */
  readonly env?: Environment | undefined;
  /** Does the requests, for proxies and the like. @defaultValue the global `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** What a client of the vendor's SDK is made from. */
export interface ClientSettings {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: typeof globalThis.fetch;
}

/** What an author of a provider says about the service. */
export interface KeyedServiceParts<Client> {
  readonly identity: ProviderIdentity;
  /** `import.meta.url` of the provider. */
  readonly from: string;
  /** Variable of the environment with the base URL. */
  readonly urlVariable: string;
  readonly defaultUrl: string;
  readonly inspect: GuardedFetchOptions["inspect"];
  create(settings: ClientSettings): Promise<Client>;
  /** Reaches for the service without calling a model. */
  reach(client: Client, signal: AbortSignal): Promise<unknown>;
  mapError(error: unknown, facts: Pick<FailureFacts, "host" | "secrets">): ProviderError;
}

/** One base URL of the service. */
export interface ServiceConnection<Client> {
  readonly baseUrl: string;
  /** @throws ProviderError `PROVIDER_NOT_CONFIGURED` */
  apiKey(): Promise<string>;
  client(apiKey: string): Promise<Client>;
}

/** What providers have in common whose service takes a key and has a base URL. */
export class KeyedService<Client> {
  readonly #parts: KeyedServiceParts<Client>;
  readonly #options: KeyedServiceOptions;
  readonly #env: Environment;
  readonly #key: ApiKey;
  readonly #http: GuardedFetch;
  readonly #clients: ClientPool<Client>;

  constructor(parts: KeyedServiceParts<Client>, options: KeyedServiceOptions) {
    const { identity, inspect } = parts;
    this.#parts = parts;
    this.#options = options;
    this.#env = options.env ?? process.env;
    this.#key = new ApiKey(identity, options.apiKey, this.#env);
    this.#http = guardedFetch(identity, { fetch: options.fetch, inspect });
    this.#clients = new ClientPool((place) => {
      const [url, apiKey] = JSON.parse(place) as [string, string];
      return parts.create({ baseUrl: url, apiKey, fetch: this.#http.fetch });
    });
  }

  /** @throws ProviderError `PROVIDER_NOT_CONFIGURED` */
  check({ host }: Pick<ModelSettings, "host">): void {
    this.#key.check();
    this.connect(host);
  }

  /** @throws ProviderError `PROVIDER_NOT_CONFIGURED` when the host is no base URL */
  connect(host: string | undefined): ServiceConnection<Client> {
    const { identity, urlVariable, defaultUrl } = this.#parts;
    const url = baseUrl(identity, host, this.#options.baseUrl, this.#env[urlVariable]) ?? defaultUrl;
    return {
      baseUrl: url,
      apiKey: () => this.#key.get(),
      client: (apiKey) => this.#clients.get(JSON.stringify([url, apiKey])),
    };
  }

  async diagnose({ online, signal }: { online: boolean; signal: AbortSignal }): Promise<ProviderDiagnosis> {
    const { identity, from, urlVariable } = this.#parts;
    const has = (name: string) => findVariable(this.#env, [name]) !== undefined;
    const keys = identity.keyVariables.map((name) => ({ name, found: has(name) }));
    const hasKey = this.#options.apiKey !== undefined || keys.some(({ found }) => found);
    const found: ProviderDiagnosis = {
      package: { name: identity.sdk, version: sdkVersion(identity, from) },
      configuration: [
        // One of several is enough, and an option does as well: then none of these is asked for.
        ...keys.map((key) => ({ ...key, required: !hasKey })),
        { name: urlVariable, found: has(urlVariable), required: false },
      ],
    };
    return online ? { ...found, reachable: await this.#reach(signal) } : found;
  }

  /** Fails what is under way and all that comes later. */
  async close(): Promise<void> {
    this.#http.close();
    await this.#clients.close();
  }

  async #reach(signal: AbortSignal): Promise<NonNullable<ProviderDiagnosis["reachable"]>> {
    let host: string | undefined;
    let key: string | undefined;
    const call = new AbortController();
    const unfollow = follow(signal, call);
    try {
      const connection = this.connect(undefined);
      host = connection.baseUrl;
      key = await connection.apiKey();
      await this.#parts.reach(await connection.client(key), call.signal);
      return { ok: true };
    } catch (error) {
      return { ok: false, error: this.#parts.mapError(error, { host, secrets: [key] }).toJSON() };
    } finally {
      unfollow();
    }
  }
}
