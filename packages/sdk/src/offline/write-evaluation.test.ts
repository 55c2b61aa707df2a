import type { Message } from "@strands/core";
import { describe, expect, it } from "vitest";
import { modelRequest } from "./__fixtures__/model-request.js";
import { answerRequest } from "./answer-request.js";

const ask = 'Evaluate the draft. Answer with JSON only: {"score": 0-100, "issues": [], "fixes": []}\n\nA draft';

function scoreOf(text: string): number {
  return (JSON.parse(text) as { score: number }).score;
}

function answer(messages: readonly Message[], stepKey: string, seed = 0): string {
  const given = answerRequest(modelRequest("", { messages, stepKey, agentId: "critic" }), seed);
  return given.type === "text" ? given.text : "";
}

describe("evaluations", () => {
  it.each([0, 1, 2, 3, 99])("rise with each one in the conversation up to 100, with seed %i", (seed) => {
    const messages: Message[] = [];
    const scores: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      messages.push({ role: "user", content: ask });
      const text = answer(messages, "evaluator", seed);
      messages.push({ role: "assistant", content: text });
      scores.push(scoreOf(text));
    }
    expect(scores.slice(0, 5)).toEqual([...new Set(scores.slice(0, 5))].sort((left, right) => left - right));
    expect(scores[2]).toBeGreaterThanOrEqual(85);
    expect(scores.slice(-2)).toEqual([100, 100]);
  });

  it("rise with the step key for an evaluator that remembers nothing", () => {
    const messages: Message[] = [{ role: "user", content: ask }];
    const scores = [0, 1, 2].map((round) => scoreOf(answer(messages, `evaluations/${round}`)));
    expect(scores[0]).toBeLessThan(scores[1] ?? 0);
    expect(scores[1]).toBeLessThan(scores[2] ?? 0);
  });

  it("end a loop that reads a score and a verdict from text", () => {
    const form = "Format response:\nScore: <number>\nRecommendation: <APPROVE if score >= 80, otherwise REVISE>";
    const messages: Message[] = [];
    const verdicts: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      messages.push({ role: "user", content: form });
      const text = answer(messages, "nodes/review");
      messages.push({ role: "assistant", content: text });
      verdicts.push(/Recommendation: (\w+)/.exec(text)?.[1] ?? "");
    }
    expect(verdicts).toEqual(["REVISE", "REVISE", "APPROVE"]);
  });
});
