import { describe, expect, it } from "vitest";
import { ProviderError } from "../src/error/errors.js";
import type { ModelProvider } from "../src/model/model.js";
import { errorOf } from "./support/error-of.js";
import { echoModel } from "./support/scripted-model.js";
import { agent, ask, bench, chainSpec } from "./support/workflows.js";

const spec = chainSpec(["x", ask(), "y"], {
  runtime: { provider: "cloud" },
  agents: { writer: agent(), other: agent({ provider: "spare" }) },
});

const notConfigured = (provider: string): ProviderError =>
  new ProviderError("PROVIDER_NOT_CONFIGURED", "there is no key", { provider, hint: "Set CLOUD_KEY." });

function provider(name: string, check: NonNullable<ModelProvider["check"]>): ModelProvider {
  return { name, check, model: () => echoModel() };
}

describe("a provider that lacks something", () => {
  const lacking = (name: string): ModelProvider =>
    provider(name, () => {
      throw notConfigured(name);
    });
  const loading = (name: string): ModelProvider => provider(name, async () => Promise.reject(notConfigured(name)));
  const fine = provider("cloud", () => {});

  it.each([
    ["the runtime's", [lacking("cloud"), provider("spare", () => {})]],
    ["that of an agent the pattern does not even use", [fine, lacking("spare")]],
    ["one that is loaded first", [fine, loading("spare")]],
  ])("keeps a workflow from starting: %s", async (_, providers) => {
    const { client, sessions, events } = bench({ noModel: true, providers }).listen();
    const error = await errorOf(client.run(spec));
    expect(error).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED", hint: "Set CLOUD_KEY." });
    expect((await sessions.list({})).sessions).toEqual([]);
    expect(events).toEqual([]);
  });

  it.each([
    ["at once", lacking],
    ["after loading", loading],
  ])("keeps a session from going on, which stays as it was: %s", async (_, bad) => {
    const first = bench({ noModel: true, providers: [fine, provider("spare", () => {})] });
    await first.client.run(spec);
    const before = await first.sessions.journal();
    const again = first.again({ providers: [bad("cloud"), provider("spare", () => {})] });
    expect(await errorOf(again.client.resume("session-1", { response: "go" }).result)).toMatchObject({
      code: "PROVIDER_NOT_CONFIGURED",
    });
    expect(await first.sessions.journal()).toEqual(before);
    const mended = first.again();
    expect(await mended.client.resume("session-1", { response: "go" }).result).toMatchObject({ status: "completed" });
  });

  it("is nobody's unhandled rejection when the run is never awaited in time", async () => {
    const { client } = bench({ noModel: true, providers: [fine, loading("spare")] });
    const run = client.start(spec);
    await client.close();
    expect((await errorOf(run.result)).code).toMatch(/PROVIDER_NOT_CONFIGURED|RUN_CANCELLED/);
  });

  it("does not matter when one model answers for all", async () => {
    const { client } = bench({ providers: [lacking("cloud"), lacking("spare")] });
    expect((await client.run(spec)).status).toBe("paused");
  });
});
