import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryRepository, type SessionRepository } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { afterAll, describe, expect, test } from "vitest";
import { withoutAnswerNewlines } from "./golden/answer-newlines.js";
import { compareCase } from "./golden/compare-case.js";
import { differences } from "./golden/differences.js";
import { playCase } from "./golden/play-case.js";
import { type RecordedCase, readCases } from "./golden/recorded-case.js";
import { unknownFields } from "./golden/unknown-fields.js";

const cases = readCases("runs");
const own = readCases("golden");
const folder = mkdtempSync(join(tmpdir(), "strands-golden-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is resumed goes through files. */
function sessionsOf(recorded: RecordedCase): () => SessionRepository {
  if (recorded.pauses.length > 0) {
    return () => createFileRepository({ directory: join(folder, recorded.case), durability: "none" });
  }
  const sessions = createMemoryRepository();
  return () => sessions;
}

describe("executions recorded from the reference engine", () => {
  test.each(cases.map((recorded) => [recorded.case, recorded] as const))("%s", async (name, recorded) => {
    const normalise = withoutAnswerNewlines(recorded);
    const open = sessionsOf(recorded);
    const played = await playCase(recorded, normalise, open);
    const reasons = played.commands.flatMap(({ reason }) => reason ?? []).join("\n");
    expect(compareCase(recorded, played, normalise), reasons).toEqual(differences[name]?.differs ?? []);
    expect(await unknownFields(open())).toEqual([]);
  });

  test("every listed difference belongs to a case and has a reason", () => {
    const names = new Set(cases.map((recorded) => recorded.case));
    const odd = Object.entries(differences).filter(
      ([name, { differs, because }]) => !names.has(name) || differs.length === 0 || because === "",
    );
    expect(odd).toEqual([]);
  });
});

describe("executions written by hand from the text of the format and its decisions", () => {
  test.each(own.map((written) => [written.case, written] as const))("%s", async (_, written) => {
    const asWritten = (text: string): string => text;
    const open = sessionsOf(written);
    const played = await playCase(written, asWritten, open);
    const reasons = played.commands.flatMap(({ reason }) => reason ?? []).join("\n");
    expect(compareCase(written, played, asWritten), reasons).toEqual([]);
    expect(await unknownFields(open())).toEqual([]);
  });

  test("every case says what it is for, and has a name of its own", () => {
    expect(own.filter(({ purpose }) => typeof purpose !== "string" || purpose === "")).toEqual([]);
    expect(new Set(own.map((written) => written.case)).size).toBe(own.length);
  });
});
