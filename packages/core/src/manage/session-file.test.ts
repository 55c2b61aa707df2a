import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { ask, bench, chainSpec } from "../../test/support/workflows.js";
import type { SessionFile } from "./session-file.js";
import { contentDigest } from "./session-file.js";
import { SessionManager } from "./session-manager.js";

const flow = chainSpec(["Password: {{ password }} and sk-live1234567890", ask("Fine?"), "Then {{ hitl_response }}"]);

/** A paused session and its file. */
async function exported(secrets: readonly string[] = []) {
  const model = scriptedModel((request) =>
    request.stepKey === "steps/0" ? "Use ghp_abcdefghij0123456789 or hunter2hunter2" : "Done",
  );
  const place = bench({ model });
  await place.client.run(flow, {
    sessionId: "s",
    variables: { password: "correct horse", topic: "tea" },
    labels: { outDir: "out" },
  });
  const manager = new SessionManager(place.client);
  return { ...place, manager, file: await manager.export("s", { secrets }) };
}

/** Another place that the file can be brought to. */
const elsewhere = () => {
  const place = bench();
  return { ...place, manager: new SessionManager(place.client) };
};

describe("SessionManager.export and import", () => {
  it("carries a session to another place, where it is listed, shown and resumed", async () => {
    const { file, manager } = await exported();
    const other = elsewhere();
    const summary = await other.manager.import(JSON.stringify(file));
    const before = await manager.get("s");
    expect(summary).toEqual(before.summary);
    const { interrupts, record } = await other.manager.get("s");
    expect(interrupts).toEqual(before.interrupts);
    expect(record).toMatchObject({ specHash: before.record.specHash, labels: { outDir: "out" } });
    const [question] = interrupts;
    const { id: interruptId = "", digest = "" } = question?.interrupt ?? {};
    const result = await other.client.resume("s", { response: "go", interruptId, digest }).result;
    expect(result).toMatchObject({ status: "completed", lastResponse: expect.stringContaining("Then go") });
    expect(await errorOf(other.manager.import(file))).toMatchObject({ code: "SESSION_EXISTS" });
  });

  it("has no credentials in it, and keeps what only stands for one", async () => {
    const { file } = await exported(["hunter2hunter2", ""]);
    const text = JSON.stringify(file);
    for (const secret of ["sk-live1234567890", "correct horse", "ghp_abcdefghij0123456789", "hunter2hunter2"]) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain("Password: {{ password }} and [redacted]");
    expect(file.record.variables).toEqual({ password: "[redacted]", topic: "tea" });
    expect(file).toMatchObject({ format: "strands-session", version: 1, exportedAt: 1_000_000 });
  });

  it("keeps what entries refer to each other by, whatever is to be hidden", async () => {
    const { manager } = await exported();
    const [question] = (await manager.get("s")).interrupts;
    const { id = "", digest = "" } = question?.interrupt ?? {};
    const other = elsewhere();
    await other.manager.import(await manager.export("s", { secrets: [id, digest, "steps/1", "writer"] }));
    const { interrupts, entries } = await other.manager.get("s");
    expect(interrupts).toMatchObject([{ interrupt: { id, digest, stepKey: "steps/1" } }]);
    expect(entries.at(-1)?.body).toMatchObject({ interrupts: [id] });
    expect((await other.manager.steps("s"))[0]?.agentId).toBe("writer");
  });

  it("is the same for a session that was imported", async () => {
    const { file } = await exported();
    const other = elsewhere();
    await other.manager.import(file);
    const { exportedAt: _, sha256, ...rest } = await other.manager.export("s");
    expect(rest).toMatchObject({ record: file.record });
    expect(rest.entries.map(({ key, body }) => [key, body])).toEqual(file.entries.map(({ key, body }) => [key, body]));
    expect(sha256).toBe(contentDigest(rest));
  });

  type Mutable = Record<string, never> & { record: Record<string, unknown>; entries: Record<string, unknown>[] };
  const set = (file: Mutable, fields: object): unknown => Object.assign(file.entries[1]?.["body"] ?? {}, fields);
  const damages: readonly (readonly [string, string, (file: Mutable) => unknown])[] = [
    ["the format", "/format", (file) => Object.assign(file, { format: "other" })],
    ["the version", "/version", (file) => Object.assign(file, { version: "1" })],
    ["no record", "/record", (file) => Object.assign(file, { record: [] })],
    ["no id", "/record/id", (file) => Object.assign(file.record, { id: 5 })],
    ["no variables", "/record/variables", (file) => Object.assign(file.record, { variables: null })],
    ["a label", "/record/labels/a~1b", (file) => Object.assign(file.record, { labels: { "a/b": 1 } })],
    ["the workflow", "/record/spec", (file) => Object.assign(file.record, { spec: { name: "x" } })],
    ["the pattern", "/record/patternType", (file) => Object.assign(file.record, { patternType: "graph" })],
    ["no entries", "/entries", (file) => Object.assign(file, { entries: {} })],
    ["an entry", "/entries/1", (file) => file.entries.splice(1, 1, null as never)],
    ["a gap", "/entries/1/seq", (file) => file.entries.splice(1, 1)],
    [
      "a key twice",
      "/entries/2/key",
      (file) => Object.assign(file.entries[2] ?? {}, { key: file.entries[1]?.["key"] }),
    ],
    ["a kind", "/entries/0/kind", (file) => Object.assign(file.entries[0] ?? {}, { kind: "constructor" })],
    ["an epoch", "/entries/0/epoch", (file) => Object.assign(file.entries[0] ?? {}, { epoch: null })],
    ["a time", "/entries/0/at", (file) => Object.assign(file.entries[0] ?? {}, { at: "now" })],
    ["a body", "/entries/1/body/usage", (file) => Object.assign(file.entries[1]?.["body"] ?? {}, { usage: 1 })],
    ["a text", "/sha256", (file) => Object.assign(file.entries[1]?.["body"] ?? {}, { text: "I approve." })],
    ["an answer's odd correction", "/entries/1/body/correction", (file) => set(file, { correction: [7] })],
    ["an answer's odd usage", "/entries/1/body/failedUsage/inputTokens", (file) => set(file, { failedUsage: {} })],
    ["an entry's impossible time", "/entries/0/at", (file) => Object.assign(file.entries[0] ?? {}, { at: 1e300 })],
    ["a record of no time", "/record/createdAt", (file) => Object.assign(file.record, { createdAt: 1e300 })],
    ["no digest", "/sha256", (file) => Object.assign(file, { sha256: undefined })],
  ];
  it.each(damages)("refuses a file with damage at %s: %s", async (_, place, damage) => {
    const { file } = await exported();
    const changed = structuredClone(file) as unknown as Mutable;
    damage(changed);
    const { manager } = elsewhere();
    const error = await errorOf(manager.import(changed as unknown as SessionFile));
    expect(error).toMatchObject({ code: "SESSION_CORRUPT", message: expect.stringContaining(`\`${place}\``) });
    expect((await manager.list()).sessions).toEqual([]);
  });

  it("refuses values that are nested without end", async () => {
    const { file } = await exported();
    const text = JSON.stringify(file).replace('"topic":"tea"', `"topic":${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    const { manager } = elsewhere();
    expect(await errorOf(manager.import(text))).toMatchObject({ code: "SESSION_CORRUPT" });
  });

  it("refuses a newer file or entry, and what is no JSON, with the place", async () => {
    const { file } = await exported();
    const { manager } = elsewhere();
    const newer = { ...file, version: 2 } as unknown as SessionFile;
    expect(await errorOf(manager.import(newer))).toMatchObject({
      code: "SESSION_VERSION_UNKNOWN",
      message: expect.stringContaining("`/version`"),
    });
    const [first, ...rest] = file.entries;
    const entry = { ...file, entries: [{ ...first, v: 2 }, ...rest] } as unknown as SessionFile;
    expect(await errorOf(manager.import(entry))).toMatchObject({
      code: "SESSION_VERSION_UNKNOWN",
      message: expect.stringContaining("`/entries/0/v`"),
    });
    const text = JSON.stringify(file);
    const cut = await errorOf(manager.import(text.slice(0, 300)));
    expect(cut).toMatchObject({ code: "SESSION_CORRUPT", message: expect.stringMatching(/it is not JSON/) });
    expect(cut.message).not.toContain("strands-session");
    expect(await errorOf(manager.import("[]"))).toMatchObject({ code: "SESSION_CORRUPT" });
  });
});
