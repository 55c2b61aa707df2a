import { FaultServer } from "@strands/testing/model";
import { describe, expect, it } from "vitest";
import { identity } from "./__fixtures__/identity.js";
import type { ClientSettings, KeyedServiceOptions } from "./keyed-service.js";
import { KeyedService } from "./keyed-service.js";
import { providerFailure } from "./provider-failure.js";

const { signal } = new AbortController();
const [keyVariable = ""] = identity.keyVariables;

function service(options: KeyedServiceOptions) {
  const made: ClientSettings[] = [];
  const keyed = new KeyedService<ClientSettings>(
    {
      identity,
      from: import.meta.url,
      urlVariable: "SERVICE_URL",
      defaultUrl: "https://vendor.example",
      inspect: undefined,
      create: async (settings) => {
        made.push(settings);
        return settings;
      },
      reach: async ({ fetch, baseUrl, apiKey }) => {
        const { status } = await fetch(baseUrl, { headers: { authorization: apiKey }, signal });
        if (status !== 200) throw new Error(`status ${status} for ${apiKey}`);
      },
      mapError: (error, facts) => providerFailure(identity, { ...facts, message: String(error), cause: error }),
    },
    options,
  );
  return { keyed, made };
}

describe("KeyedService", () => {
  it("takes the host of the workflow before the option, that before the variable, and that before the vendor's", () => {
    const env = { SERVICE_URL: "http://variable" };
    const all = service({ baseUrl: "http://option/", env }).keyed;
    expect(all.connect("http://host").baseUrl).toBe("http://host");
    expect(all.connect(undefined).baseUrl).toBe("http://option");
    expect(service({ env }).keyed.connect(undefined).baseUrl).toBe("http://variable");
    expect(service({ env: {} }).keyed.connect(undefined).baseUrl).toBe("https://vendor.example");
  });

  it("checks the key and the host", () => {
    const notConfigured = expect.objectContaining({ code: "PROVIDER_NOT_CONFIGURED" });
    expect(() => service({ env: {} }).keyed.check({ host: undefined })).toThrow(notConfigured);
    const { keyed, made } = service({ apiKey: "k", env: {} });
    keyed.check({ host: undefined });
    expect(() => keyed.check({ host: "no url" })).toThrow(notConfigured);
    expect(made).toEqual([]);
  });

  it("makes one client for each host and key", async () => {
    const { keyed, made } = service({ env: {} });
    const one = keyed.connect("http://one");
    const clients = await Promise.all([one.client("k"), one.client("k"), keyed.connect("http://one").client("k")]);
    expect(new Set(clients).size).toBe(1);
    await keyed.connect("http://two").client("k");
    await one.client("other");
    expect(made.map(({ baseUrl, apiKey }) => `${baseUrl} ${apiKey}`)).toEqual([
      "http://one k",
      "http://two k",
      "http://one other",
    ]);
  });

  it("diagnoses what it finds, and never says a value", async () => {
    const { keyed } = service({ env: { [keyVariable]: "secret-key-1" } });
    const diagnosis = await keyed.diagnose({ online: false, signal });
    expect(diagnosis).toEqual({
      package: { name: identity.sdk, version: undefined },
      configuration: [
        { name: keyVariable, found: true, required: false },
        { name: "ACME_OTHER_KEY", found: false, required: false },
        { name: "SERVICE_URL", found: false, required: false },
      ],
    });
  });

  it("says which variable is missing", async () => {
    const { configuration } = await service({ env: {} }).keyed.diagnose({ online: false, signal });
    expect(configuration[0]).toEqual({ name: keyVariable, found: false, required: true });
  });

  it("reaches for the service when asked to", async () => {
    await using server = await FaultServer.start();
    server.play([{ do: "head", status: 200 }, { do: "end" }], [{ do: "head", status: 401 }, { do: "end" }]);
    const { keyed } = service({ apiKey: "secret-key-2", baseUrl: server.url, env: {} });
    expect(await keyed.diagnose({ online: true, signal })).toMatchObject({ reachable: { ok: true } });
    const refused = await keyed.diagnose({ online: true, signal });
    expect(refused).toMatchObject({ reachable: { ok: false, error: { name: "ProviderError" } } });
    expect(JSON.stringify(refused)).not.toContain("secret-key-2");
    await keyed.close();
  });

  it("cannot be reached without a key", async () => {
    const { keyed, made } = service({ env: {} });
    const { reachable } = await keyed.diagnose({ online: true, signal });
    expect(reachable?.ok).toBe(false);
    expect(made).toEqual([]);
  });

  it("fails what is under way and what comes later when it is closed", async () => {
    await using server = await FaultServer.start();
    server.play([{ do: "hang" }]);
    const { keyed } = service({ apiKey: "k", baseUrl: server.url, env: {} });
    const { fetch } = await keyed.connect(undefined).client("k");
    const call = fetch(server.url);
    await server.untilRequests(1);
    await Promise.all([expect(call).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" }), keyed.close()]);
    await expect(fetch(server.url)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
  });
});
