import { describe, expect, it } from "vitest";
import { fileChangeLines } from "./file-change-text.js";

const line = (pointer: string, before: unknown, after: unknown): string =>
  fileChangeLines({ path: "w.yaml", changes: [{ pointer, change: "changed", before, after }] })[1] ?? "";

describe("what differs in a changed file", () => {
  it("is shown from shortly before where it differs, when it begins alike", () => {
    const start = "You write about tea, and you write it well, in a few words. ";
    expect(line("/agents/a/prompt", `${start}Be brief.`, `${start}Be kind.`)).toBe(
      "  ~ /agents/a/prompt: … few words. Be brief. -> … few words. Be kind.",
    );
    expect(line("/a", "short one", "short two")).toBe("  ~ /a: short one -> short two");
    expect(line("/a", start, `${start}More.`)).toBe("  ~ /a: …n a few words. -> …n a few words. More.");
    expect(line("/a", 1, true)).toBe("  ~ /a: 1 -> true");
  });

  it("holds no credential, be it known by its looks or by its name", () => {
    expect(line("/agents/a/prompt", "Key sk-live1234567890abcdef", "None")).toBe(
      "  ~ /agents/a/prompt: Key [redacted] -> None",
    );
    expect(line("/inputs/values/api_key", "hunter2hunter2", "swordfish99")).toBe(
      "  ~ /inputs/values/api_key: [redacted] -> [redacted]",
    );
    const changes = [
      { pointer: "/headers", change: "added", after: { authorization: "Bearer abcdefgh1234" } },
    ] as const;
    expect(fileChangeLines({ path: "w.yaml", changes })[1]).toBe('  + /headers: {"authorization":"Bearer [redacted]"}');
  });
});
