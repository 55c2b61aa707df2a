import type { ModelProvider, ModelRequest, ModelSettings } from "@strands/core";
import type { Answer } from "@strands/testing/model";
import { collect, FaultServer, modelRequest, respond } from "@strands/testing/model";
import { afterEach, beforeEach } from "vitest";
import type { OllamaProviderOptions } from "../../src/index.js";
import { createOllamaProvider } from "../../src/index.js";

/** A server that plays scripts, and a provider that asks it; both end with the test. */
export class OllamaSubject {
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

  provider(options: OllamaProviderOptions = {}): ModelProvider {
    this.#provider = createOllamaProvider({ host: this.server.url, env: {}, ...options });
    return this.#provider;
  }

  /** Asks a model, by default one of a new provider. */
  async ask(request: Partial<ModelRequest> = {}, provider: ModelProvider = this.provider()): Promise<Answer> {
    const model = await provider.model(settingsOf());
    return collect(model.stream(modelRequest(request), { signal: new AbortController().signal }));
  }

  /** Answers every request with these lines. */
  playLines(...lines: readonly (object | string)[]): void {
    const text = lines.map((line) => (typeof line === "string" ? line : `${JSON.stringify(line)}\n`));
    this.server.play(respond({ contentType: "application/x-ndjson" }, ...text));
  }

  /** Answers every request with this error. */
  playError(status: number, body: string, contentType = "application/json"): void {
    this.server.play(respond({ status, contentType }, body));
  }
}

export function settingsOf(more: Partial<ModelSettings> = {}): ModelSettings {
  return { provider: "ollama", modelId: "llama3", host: undefined, region: undefined, ...more };
}

/** A line of an answer. */
export function part(message: object): object {
  return { model: "llama3", message: { role: "assistant", content: "", ...message }, done: false };
}

export const lastLine: object = { ...part({}), done: true, done_reason: "stop" };
