import type { ModelProvider, ModelSettings, ProviderDiagnosis } from "@strands/core";
import type { ApiKeyOption, Environment } from "@strands/provider-kit";
import { ApiKey, defaultModels, findVariable, guardedFetch, loadSdk, sdkVersion } from "@strands/provider-kit";
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
  readonly host?: string | undefined;
  /**
   * Key of a server that asks for one, sent as bearer token, or a function that gives it for each call.
   *
   * @defaultValue OLLAMA_API_KEY for ollama.com, otherwise none
   */
  readonly apiKey?: ApiKeyOption | undefined;
  /** Where `OLLAMA_HOST` and `OLLAMA_API_KEY` are looked up. @defaultValue `process.env` */
  readonly env?: Environment | undefined;
  /** Makes the requests. @defaultValue the global `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
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
    const option = options.apiKey ?? (isCloud(url) ? findVariable(env, ["OLLAMA_API_KEY"])?.value : undefined);
    if (option !== undefined) return { Authorization: `Bearer ${await new ApiKey(ollamaIdentity, option, {}).get()}` };
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
      const found = (name: string) => ({ name, found: findVariable(env, [name]) !== undefined, required: false });
      const reachable = online ? await reach(signal) : undefined;
      return {
        package: { name: ollamaIdentity.sdk, version: sdkVersion(ollamaIdentity, import.meta.url) },
        configuration: [found("OLLAMA_HOST"), found("OLLAMA_API_KEY")],
        ...(reachable === undefined ? {} : { reachable }),
      };
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

function isCloud(url: string): boolean {
  return new URL(url).hostname === "ollama.com";
}
