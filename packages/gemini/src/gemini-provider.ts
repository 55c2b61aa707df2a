import type { ModelProvider } from "@strands/core";
import type { ClientSettings, KeyedServiceOptions } from "@strands/provider-kit";
import { defaultModels, expectContentType, KeyedService, loadSdk, refuseErrorInAnswer } from "@strands/provider-kit";
import { geminiIdentity } from "./gemini-identity.js";
import { type GeminiClient, GeminiModel } from "./gemini-model.js";
import { mapGeminiError } from "./map-gemini-error.js";
import { normalEvents } from "./normal-events.js";

/**
 * How to reach Gemini. The key is that of `GOOGLE_API_KEY` or else `GEMINI_API_KEY`, and the base URL that of
 * `GOOGLE_GEMINI_BASE_URL`, unless they are given here.
 */
export type GeminiOptions = KeyedServiceOptions;

/**
 * Google's Gemini models, over the official SDK `@google/genai` (an optional peer: install it).
 *
 * @example
 * const client = new WorkflowClient({ providers: [createGeminiProvider()] });
 */
export function createGeminiProvider(options: GeminiOptions = {}): ModelProvider {
  const service = new KeyedService<GeminiClient>(
    {
      identity: geminiIdentity,
      from: import.meta.url,
      urlVariable: "GOOGLE_GEMINI_BASE_URL",
      defaultUrl: "https://generativelanguage.googleapis.com",
      inspect,
      create: createClient,
      reach: ({ sdk }, abortSignal) => sdk.models.list({ config: { pageSize: 1, abortSignal } }),
      mapError: mapGeminiError,
    },
    options,
  );
  return {
    name: geminiIdentity.name,
    check: (settings) => service.check(settings),
    diagnose: (asked) => service.diagnose(asked),
    model: ({ modelId, host }) => new GeminiModel(modelId ?? defaultModels.gemini, service.connect(host)),
    close: () => service.close(),
  };
}

async function createClient({ baseUrl, apiKey, fetch }: ClientSettings): Promise<GeminiClient> {
  const { GoogleGenAI } = await loadSdk(geminiIdentity, () => import("@google/genai"));
  // Without `vertexai`, a variable of the environment could turn it into a client of another service.
  const sdk = new GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl, fetch } });
  return { sdk, fetch };
}

/** Models answer with a stream of events; the list of models is JSON. */
async function inspect(response: Response, request: Request | URL | string): Promise<Response> {
  if (!response.ok) return response;
  const url = request instanceof Request ? request.url : String(request);
  const isStream = new URL(url).pathname.endsWith(":streamGenerateContent");
  if (isStream) await refuseErrorInAnswer(response);
  expectContentType(geminiIdentity, response, [isStream ? "event-stream" : "json"]);
  return isStream ? normalEvents(response) : response;
}
