import type { ModelProvider, ModelSettings, ProviderDiagnosis } from "@strands/core";
import { defaultModels, guardedFetch, loadSdk, sdkVersion } from "@strands/provider-kit";
import { mapOllamaError, secretsOf } from "./map-ollama-error.js";
import { OllamaFetch } from "./ollama-fetch.js";
import type { OllamaHost } from "./ollama-host.js";
import { ollamaHost } from "./ollama-host.js";
import { ollamaIdentity } from "./ollama-identity.js";
import { OllamaModel } from "./ollama-model.js";

/** Options of {@link createOllamaProvider}. */
export interface OllamaProviderOptions {
  /**
   * Address of the server, such as `http://localhost:11434`, when the workflow has no `host` under `runtime`.
   *
   * @defaultValue OLLAMA_HOST, else `http://127.0.0.1:11434`
   */
  readonly host?: string;
  /**
   * Key of a server that asks for one, sent as bearer token, or a function that gives it for each call.
   *
   * @defaultValue OLLAMA_API_KEY for ollama.com, otherwise none
   */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Where `OLLAMA_HOST` and `OLLAMA_API_KEY` are looked up. @defaultValue `process.env` */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Makes the requests. @defaultValue the global `fetch` */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Models of an Ollama server, under the name `ollama`, over the package `ollama`, which is loaded on the first call.
 *
 * @example
 * const client = new WorkflowClient({ providers: [createOllamaProvider()] });
 */
export function createOllamaProvider(options: OllamaProviderOptions = {}): ModelProvider {
  const { env = process.env } = options;
  const { fetch, close } = guardedFetch(ollamaIdentity, { fetch: options.fetch });
  const sdk = () => loadSdk(ollamaIdentity, () => import("ollama"));
  const hostOf = (settings?: ModelSettings): OllamaHost =>
    ollamaHost([settings?.host, options.host, env["OLLAMA_HOST"]]);

  async function headersOf({ url, basic }: OllamaHost): Promise<Record<string, string>> {
    const key = typeof options.apiKey === "function" ? await options.apiKey() : options.apiKey;
    const token = key ?? (new URL(url).hostname === "ollama.com" ? env["OLLAMA_API_KEY"] : undefined);
    if (token) return { Authorization: `Bearer ${token}` };
    return basic === undefined ? {} : { Authorization: `Basic ${basic}` };
  }

  async function reach(signal: AbortSignal): Promise<ProviderDiagnosis["reachable"]> {
    let host = "";
    let headers: Record<string, string> = {};
    try {
      const found = hostOf();
      host = found.url;
      headers = await headersOf(found);
      const { Ollama } = await sdk();
      await new Ollama({ host, headers, fetch: new OllamaFetch(fetch, signal).whole }).list();
      return { ok: true };
    } catch (error) {
      return { ok: false, error: mapOllamaError(error, { host, secrets: secretsOf(headers) }).toJSON() };
    }
  }

  return {
    name: ollamaIdentity.name,
    check(settings) {
      hostOf(settings);
    },
    async diagnose({ online, signal }) {
      const found = (name: string) => ({ name, found: Boolean(env[name]?.trim()), required: false });
      return {
        package: { name: ollamaIdentity.sdk, version: sdkVersion(ollamaIdentity, import.meta.url) },
        configuration: [found("OLLAMA_HOST"), found("OLLAMA_API_KEY")],
        ...(online ? { reachable: await reach(signal) } : {}),
      } as ProviderDiagnosis;
    },
    model(settings) {
      const host = hostOf(settings);
      const modelId = settings.modelId ?? defaultModels.ollama;
      return new OllamaModel({ modelId, host: host.url, fetch, sdk, headersOf: () => headersOf(host) });
    },
    async close() {
      close();
    },
  };
}
