import { describe, expect, it } from "vitest";
import { offlineSettings } from "./offline-settings.js";

describe("offlineSettings", () => {
  it("is off, 0 and 0 when nothing is set", () => {
    expect(offlineSettings({})).toEqual({ enabled: false, seed: 0, latencyMs: 0 });
    expect(offlineSettings({ STRANDS_OFFLINE: "", STRANDS_OFFLINE_SEED: " " })).toEqual({
      enabled: false,
      seed: 0,
      latencyMs: 0,
    });
  });

  it.each([
    ["1", true],
    ["true", true],
    ["TRUE", true],
    ["0", false],
    ["false", false],
  ])("reads STRANDS_OFFLINE=%s", (value, enabled) => {
    expect(offlineSettings({ STRANDS_OFFLINE: value }).enabled).toBe(enabled);
  });

  it("reads the numbers", () => {
    const env = { STRANDS_OFFLINE_SEED: "-7", STRANDS_OFFLINE_LATENCY_MS: "25" };
    expect(offlineSettings(env)).toEqual({ enabled: false, seed: -7, latencyMs: 25 });
  });

  it.each([
    [{ STRANDS_OFFLINE: "maybe" }, "STRANDS_OFFLINE is `maybe`"],
    [{ STRANDS_OFFLINE_SEED: "1.5" }, "STRANDS_OFFLINE_SEED is `1.5`"],
    [{ STRANDS_OFFLINE_SEED: "99999999999999999999" }, "STRANDS_OFFLINE_SEED is"],
    [{ STRANDS_OFFLINE_LATENCY_MS: "-1" }, "STRANDS_OFFLINE_LATENCY_MS is `-1`"],
    [{ STRANDS_OFFLINE_LATENCY_MS: "20ms" }, "STRANDS_OFFLINE_LATENCY_MS is `20ms`"],
  ])("refuses %o", (env, message) => {
    expect(() => offlineSettings(env)).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", message: expect.stringContaining(message) }),
    );
  });
});
