import type { ModelProvider, ModelRequest, ModelSettings } from "@strands/core";
import { type Answer, collect, type FaultScript, modelRequest, respond } from "@strands/testing/model";

const unset: Omit<ModelSettings, "provider"> = { modelId: undefined, host: undefined, region: undefined };

/** Settings as a workflow without any gives them. */
export function settingsOf(provider: ModelProvider, more: Partial<ModelSettings> = {}): ModelSettings {
  return { ...unset, provider: provider.name, ...more };
}

/** The answer of a provider's model. */
export async function ask(
  provider: ModelProvider,
  settings: Partial<ModelSettings> = {},
  request: Partial<ModelRequest> = {},
): Promise<Answer> {
  const model = await provider.model(settingsOf(provider, settings));
  return collect(model.stream(modelRequest(request), { signal: new AbortController().signal }));
}

/** A response with events of these data. */
export function events(...data: readonly unknown[]): FaultScript {
  const text = data.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("");
  return respond({ contentType: "text/event-stream" }, text);
}

export function json(status: number, body: unknown): FaultScript {
  return respond({ status, contentType: "application/json" }, JSON.stringify(body));
}
