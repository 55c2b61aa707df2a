import { compileSpec, createMemoryRepository, type ModelProvider } from "@strands/core";
import { describe, expect, it } from "vitest";
import { bundledProviders, lazyProviders, loadBundledProviders } from "./bundled-providers.js";
import { createClient } from "./create-client.js";

const program = compileSpec({
  version: 1,
  name: "p",
  runtime: { provider: "openai" },
  agents: { a: { prompt: "p" } },
  pattern: { type: "chain", config: { steps: [{ agent: "a", input: "x" }] } },
});

describe("the providers that come with a client", () => {
  it("have the names under which they are listed", async () => {
    const names = (await loadBundledProviders({})).map(({ name }) => name);
    expect([...names, "offline"]).toEqual(bundledProviders);
    expect(lazyProviders({}).map(({ name }) => name)).toEqual(names);
  });

  it("close without having been loaded, and after", async () => {
    const [openai] = lazyProviders({ OPENAI_API_KEY: "k" });
    await openai?.close?.();
    await openai?.check?.({ provider: "openai", modelId: undefined, host: undefined, region: undefined });
    await openai?.close?.();
  });

  it("are refused without a key before anything is stored", async () => {
    const sessions = createMemoryRepository();
    await using client = createClient({ sessions, env: {} });
    await expect(client.run(program)).rejects.toMatchObject({ code: "PROVIDER_NOT_CONFIGURED", provider: "openai" });
    expect((await sessions.list()).sessions).toEqual([]);
  });

  it("make room for one of the same name", async () => {
    const own: ModelProvider = {
      name: "openai",
      model: () => ({
        provider: "openai",
        modelId: "own",
        async *stream() {
          yield "mine";
        },
      }),
    };
    await using client = createClient({ sessions: createMemoryRepository(), env: {}, providers: [own] });
    expect(await client.run(program)).toMatchObject({ status: "completed", lastResponse: "mine" });
  });
});
