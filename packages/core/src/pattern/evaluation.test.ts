import { describe, expect, it } from "vitest";
import { clarifyEvaluation, evaluatePrompt, readEvaluation, revisionPrompt } from "./evaluation.js";

const scoreOf = (score: string): number | undefined => readEvaluation(`{"score": ${score}}`)?.score;

describe("an evaluation", () => {
  it("is a score with issues and fixes; other keys do not count", () => {
    const answer =
      '{"reasoning": "long", "score": 85, "issues": ["dull"], "fixes": ["shorten", "cut"], "suggestions": 5}';
    expect(readEvaluation(answer)).toEqual({ score: 85, issues: ["dull"], fixes: ["shorten", "cut"] });
  });

  it("may leave the lists out, or give null", () => {
    expect(readEvaluation('{"score": 1}')).toEqual({ score: 1, issues: [], fixes: [] });
    expect(readEvaluation('{"score": 1, "issues": null, "fixes": null}')).toEqual({ score: 1, issues: [], fixes: [] });
  });

  it.each([
    ["0", 0],
    ["100", 100],
    ["85.0", 85],
    ['"85"', 85],
    ['" 85 "', 85],
    ['"85.0"', 85],
    ['"+7"', 7],
    ["true", 1],
    ["false", 0],
  ])("takes the score %s as %d", (text, score) => {
    expect(scoreOf(text)).toBe(score);
  });

  it.each([
    "85.5",
    "-1",
    "101",
    '"85.5"',
    '"high"',
    '""',
    '"8 5"',
    '"0x10"',
    '"1e1"',
    '"101"',
    "null",
    "[85]",
    "{}",
    "1e400",
  ])("takes no score %s", (text) => {
    expect(scoreOf(text)).toBeUndefined();
  });

  it.each([
    '{"score": 5, "issues": "dull"}',
    '{"score": 5, "fixes": [1]}',
    '{"score": 5, "issues": [null]}',
    "85",
    "[85]",
    "null",
  ])("is not %s", (answer) => {
    expect(readEvaluation(answer)).toBeUndefined();
  });

  it("is found in a fence and in prose", () => {
    expect(readEvaluation('```json\n{"score": 7}\n```')?.score).toBe(7);
    expect(readEvaluation('I give {"score": 7, "issues": []}.')?.score).toBe(7);
  });
});

describe("the prompts", () => {
  it("ask for JSON with score, issues and fixes, then a blank line and the draft", () => {
    const prompt = evaluatePrompt("The draft {{ x }}");
    expect(prompt).toMatch(/JSON.*0 to 100.*issues.*fixes.*\n\nThe draft \{\{ x \}\}$/s);
  });

  it("say when asking again that the answer was no valid JSON, the shape, and the draft", () => {
    expect(clarifyEvaluation("The draft")).toMatch(/not valid JSON.*"score".*"issues".*"fixes".*The draft$/s);
  });

  it("of a revision hold the draft, the score, and the lists that are not empty, in this order", () => {
    const full = revisionPrompt("The draft", { score: 40, issues: ["dull", "long"], fixes: ["cut"] });
    expect(full).toMatch(/Revise.*evaluator.*The draft.*40 of 100.*- dull\n- long.*- cut.*improved version/s);
    const bare = revisionPrompt("The draft", { score: 40, issues: [], fixes: [] });
    expect(bare).not.toMatch(/Issues|Fixes|^- /m);
  });
});
