import { getEventListeners } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModelProvider, ProviderError } from "@strands/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { diagnoseMachine } from "./diagnose-machine.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "strands-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secret = ["sk-", "abcdefgh12345678"].join("");

/** A provider with a package and a key, and what was asked of it. */
function provider(name: string, more: Partial<ModelProvider> = {}): ModelProvider & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name,
    asked,
    model: () => Promise.reject(new Error("nobody asks a doctor for a model")),
    diagnose: async ({ online }) => {
      asked.push(online ? "online" : "offline");
      return {
        package: { name: `${name}-sdk`, version: "1.2.3" },
        configuration: [{ name: "THE_KEY", found: true, required: true }],
        ...(online ? { reachable: { ok: true } } : {}),
      };
    },
    close: async () => void asked.push("close"),
    ...more,
  };
}

const diagnose = (providers: readonly ModelProvider[], online = false) =>
  diagnoseMachine({ sessionDirectory: join(folder, "sessions"), env: {}, providers, online });

it("finds what a machine needs", async () => {
  const { ok, checks } = await diagnose([]);
  expect([ok, checks.map((check) => [check.name, check.ok])]).toEqual([
    true,
    [
      ["Node", true],
      ["workflow schema", true],
      ["session directory", true],
      ["offline model", true],
    ],
  ]);
});

it("finds that sessions cannot be written", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const { ok, checks } = await diagnoseMachine({ sessionDirectory: file, env: {}, providers: [] });
  expect([ok, checks.filter((check) => !check.ok).map(({ name }) => name)]).toEqual([false, ["session directory"]]);
});

it("reaches for a service only when asked to, and only for one that is ready", async () => {
  const good = provider("good");
  const bare = provider("bare", {
    check() {
      throw new ProviderError("PROVIDER_NOT_CONFIGURED", "no key", { provider: "bare", hint: "Set THE_KEY." });
    },
  });
  const off = await diagnose([good, bare]);
  expect(off.ok).toBe(true);
  expect(off.providers).toEqual([
    {
      name: "good",
      ready: true,
      lacks: null,
      package: { name: "good-sdk", version: "1.2.3" },
      configuration: [{ name: "THE_KEY", found: true, required: true }],
      reachable: null,
    },
    expect.objectContaining({ name: "bare", ready: false, lacks: "no key. Set THE_KEY.", reachable: null }),
  ]);
  expect([good.asked, bare.asked]).toEqual([
    ["offline", "close"],
    ["offline", "close"],
  ]);
  const on = await diagnose([good, bare], true);
  expect(on.providers.map(({ reachable }) => reachable)).toEqual([{ ok: true, detail: "answers" }, null]);
  expect(bare.asked).not.toContain("online");
});

it("says how to install what is missing, and why a service is out of reach, without credentials", async () => {
  const uninstalled = provider("uninstalled", {
    diagnose: async () => ({ package: { name: "vendor-sdk", version: undefined }, configuration: [] }),
  });
  const refusing = provider("refusing", {
    diagnose: async ({ online }) => ({
      package: { name: "x", version: "1.0.0" },
      configuration: [],
      ...(online
        ? { reachable: { ok: false, error: new ProviderError("PROVIDER_AUTH", `refused ${secret}`).toJSON() } }
        : {}),
    }),
  });
  const broken = provider("broken", {
    async diagnose({ online }) {
      if (online) throw new Error(`socket ${secret}`);
      return { package: { name: "x", version: "1.0.0" }, configuration: [] };
    },
  });
  const { ok, providers } = await diagnose([uninstalled, refusing, broken], true);
  expect(ok).toBe(true);
  expect(providers.map(({ lacks, reachable }) => [lacks, reachable])).toEqual([
    ["the package `vendor-sdk` is not installed. Install it: npm install vendor-sdk", null],
    [null, { ok: false, detail: "refused [redacted]" }],
    [null, { ok: false, detail: "socket [redacted]" }],
  ]);
});

it("does not wait for a service longer than it is told to", async () => {
  const silent = provider("silent", {
    diagnose: ({ online, signal }) =>
      online
        ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
        : Promise.resolve({ package: { name: "x", version: "1.0.0" }, configuration: [] }),
  });
  const stop = new AbortController();
  const diagnosis = diagnoseMachine({
    sessionDirectory: join(folder, "sessions"),
    env: {},
    providers: [silent],
    online: true,
    signal: stop.signal,
  });
  stop.abort();
  expect((await diagnosis).providers[0]?.reachable).toEqual({ ok: false, detail: "did not answer in time" });
});

it("leaves nothing on the signal it is given", async () => {
  const { signal } = new AbortController();
  await diagnoseMachine({
    sessionDirectory: join(folder, "sessions"),
    env: {},
    providers: [provider("reachable")],
    online: true,
    signal,
  });
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
