import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { modelRequest } from "./__fixtures__/model-request.js";
import { answerRequest } from "./answer-request.js";
import { recogniseAsk } from "./ask.js";
import { viewRequest } from "./request-view.js";

interface PromptCase {
  readonly source: string;
  readonly expect: "route" | "evaluation" | "tasks" | "json" | "choice" | "form" | "prose";
  readonly system: string;
  readonly user: string;
  readonly routes?: readonly string[];
  readonly choice?: string;
  readonly choices?: readonly string[];
  readonly scale?: number;
  readonly count?: number;
  readonly keys?: readonly string[];
  readonly array?: boolean;
  readonly lines?: readonly string[];
}

const table = new URL("../../../../conformance/offline/prompts.json", import.meta.url);
const prompts = JSON.parse(readFileSync(table, "utf8")) as readonly PromptCase[];

function answerTo(prompt: PromptCase): string {
  const answer = answerRequest(modelRequest(prompt.user, { system: prompt.system }), 0);
  return answer.type === "text" ? answer.text : "";
}

describe.each(prompts.map((prompt, index) => [index, prompt] as const))("prompt %i", (_, prompt) => {
  const title = `${prompt.expect}: ${prompt.user.slice(-60).replaceAll("\n", " ")}`;

  it(`is recognised as ${title}`, () => {
    const request = modelRequest(prompt.user, { system: prompt.system });
    expect(recogniseAsk(viewRequest(request)).type).toBe(prompt.expect);
  });

  it(`is answered as ${title}`, () => {
    check(prompt, answerTo(prompt));
  });
});

function check(prompt: PromptCase, text: string): void {
  switch (prompt.expect) {
    case "route":
      checkRoute(prompt, JSON.parse(text));
      break;
    case "evaluation":
      checkEvaluation(prompt, evaluationIn(text));
      break;
    case "tasks":
      checkTasks(prompt, JSON.parse(text));
      break;
    case "json":
      checkJson(prompt, JSON.parse(text));
      break;
    case "choice":
      expect(prompt.choices).toContain(text);
      break;
    case "form":
      for (const line of prompt.lines ?? []) expect(text.split("\n")).toContain(line);
      expect(text).toMatch(/^\[simulated\]\n\n[A-Z]\w+: /);
      break;
    case "prose":
      expect(() => JSON.parse(text)).toThrow();
      expect(text).toMatch(/^\[simulated\]\n\n#/);
  }
}

function checkRoute(prompt: PromptCase, answer: unknown): void {
  expect(answer).toEqual({ route: expect.any(String), simulated: true });
  const { route } = answer as { route: string };
  if (prompt.routes !== undefined) expect(prompt.routes).toContain(route);
  if (prompt.choice !== undefined) expect(route).toBe(prompt.choice);
}

function checkEvaluation(prompt: PromptCase, answer: unknown): void {
  const texts = expect.arrayContaining([expect.stringMatching(/^\[simulated\] /)]);
  expect(answer).toEqual({ score: expect.any(Number), issues: texts, fixes: texts, simulated: true });
  const { score } = answer as { score: number };
  expect(Number.isInteger(score)).toBe(true);
  expect(score).toBeLessThanOrEqual(prompt.scale ?? 100);
}

/** As the engine reads it: the whole text, or what is in a fence. */
function evaluationIn(text: string): unknown {
  return JSON.parse(/```json\n(.*)\n```/.exec(text)?.[1] ?? text);
}

function checkTasks(prompt: PromptCase, answer: unknown): void {
  const tasks = answer as readonly { readonly task: string }[];
  expect(tasks).toHaveLength(prompt.count ?? tasks.length);
  expect(tasks.length).toBeGreaterThan(0);
  for (const task of tasks) expect(task).toEqual({ task: expect.stringMatching(/^\[simulated\] \S/) });
}

function checkJson(prompt: PromptCase, answer: unknown): void {
  const keys = Object.keys(answer as object).filter((key) => key !== "simulated");
  expect(Array.isArray(answer)).toBe(prompt.array ?? false);
  if (prompt.keys !== undefined) expect(keys).toEqual(prompt.keys);
  expect(keys.length).toBeGreaterThan(0);
}
