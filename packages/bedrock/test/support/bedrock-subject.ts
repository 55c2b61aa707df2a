import type { ModelProvider, ModelRequest, ModelSettings, ProviderError } from "@strands/core";
import type { Answer, FaultScript } from "@strands/testing/model";
import { collect, FaultServer, failureOf, modelRequest, respond } from "@strands/testing/model";
import { afterEach, beforeEach } from "vitest";
import type { BedrockProviderOptions } from "../../src/index.js";
import { createBedrockProvider } from "../../src/index.js";
import { bedrockWire, errorBody } from "./bedrock-wire.js";

/** A server that plays scripts, and a provider that asks it; both end with the test. */
export class BedrockSubject {
  server!: FaultServer;
  #provider: ModelProvider | undefined;

  constructor() {
    beforeEach(async () => {
      this.server = await FaultServer.start();
    });
    afterEach(async () => {
      await this.#provider?.close?.();
      this.#provider = undefined;
      await this.server.close();
    });
  }

  provider(options: BedrockProviderOptions = {}): ModelProvider {
    this.#provider = createBedrockProvider({
      host: this.server.url,
      region: "eu-central-1",
      apiKey: "bedrock-key",
      env: {},
      ...options,
    });
    return this.#provider;
  }

  /** Asks a model, by default one of a new provider. */
  async ask(request: Partial<ModelRequest> = {}, provider: ModelProvider = this.provider()): Promise<Answer> {
    const model = await provider.model(settingsOf());
    return collect(model.stream(modelRequest(request), { signal: new AbortController().signal }));
  }

  /** The failure of such a call. */
  fail(request: Partial<ModelRequest> = {}, provider?: ModelProvider): Promise<ProviderError> {
    return failureOf(this.ask(request, provider));
  }

  /** The body of the last request. */
  get body(): unknown {
    return this.server.requests.at(-1)?.body;
  }
}

export function settingsOf(more: Partial<ModelSettings> = {}): ModelSettings {
  return { provider: "bedrock", modelId: "some.model-v1:0", host: undefined, region: undefined, ...more };
}

/** A response with these events. */
export function eventStream(events: readonly Uint8Array[], ...then: FaultScript): FaultScript {
  const whole = respond({ contentType: bedrockWire.contentType }, ...events);
  return [...whole.slice(0, -1), ...then, { do: "end" }];
}

/** An error response. */
export function refusal(status: number, name: string, message: string): FaultScript {
  const { body, ...head } = errorBody(name, message);
  return respond({ status, ...head }, body);
}
