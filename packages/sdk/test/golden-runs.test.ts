import { describe, expect, test } from "vitest";
import { withoutAnswerNewlines } from "./golden/answer-newlines.js";
import { compareCase } from "./golden/compare-case.js";
import { differences } from "./golden/differences.js";
import { playCase } from "./golden/play-case.js";
import { readCases } from "./golden/recorded-case.js";

const cases = readCases();

describe("executions recorded from the reference engine", () => {
  test.each(cases.map((recorded) => [recorded.case, recorded] as const))("%s", async (name, recorded) => {
    const normalise = withoutAnswerNewlines(recorded);
    const played = await playCase(recorded, normalise);
    const reasons = played.commands.flatMap(({ reason }) => reason ?? []).join("\n");
    expect(compareCase(recorded, played, normalise), reasons).toEqual(differences[name]?.differs ?? []);
  });

  test("every listed difference belongs to a case", () => {
    const names = new Set(cases.map((recorded) => recorded.case));
    expect(Object.keys(differences).filter((name) => !names.has(name))).toEqual([]);
  });
});
