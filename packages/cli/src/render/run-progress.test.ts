import type { WorkflowEvent } from "@strands/sdk";
import { describe, expect, it } from "vitest";
import type { Io } from "../io.js";
import { RunProgress } from "./run-progress.js";
import { Screen } from "./screen.js";

const origin = { sessionId: "s", runId: "r", workflowName: "w", patternType: "chain" as const };
const usage = { inputTokens: 1, outputTokens: 0 };

/** What stderr shows of a series of events, one second apart. */
function shown(events: readonly object[], isTTY: boolean, secrets: readonly string[] = []): string {
  let text = "";
  const write = (piece: string): void => {
    text += piece;
  };
  const stderr = { isTTY, columns: 80, write };
  const screen = new Screen({ stderr, stdout: stderr, env: { NO_COLOR: "1" } } as unknown as Io, { json: false });
  screen.hide(secrets);
  const progress = new RunProgress(screen, { simulated: false });
  for (const [index, event] of events.entries()) {
    progress.show({ ...origin, timestamp: index * 1000, ...event } as WorkflowEvent);
  }
  progress.end();
  return text;
}

const start = { type: "workflow_start", resumed: false, stepCount: 2, stepsDone: 0 };
const step = { stepKey: "steps/0", agentId: "a" };

describe("RunProgress", () => {
  it("does not repeat whose attempt failed", () => {
    const message = "Step `steps/0` (agent `a`) failed after 2 attempts: Ollama could not be reached: ECONNREFUSED";
    const error = { name: "RunError", code: "RUN_STEP_FAILED", message };
    expect(shown([start, { type: "step_retry", ...step, attempt: 2, delayMs: 2000, error }], false)).toContain(
      "a  attempt 2 failed: Ollama could not be reached: ECONNREFUSED · next one in 2.0 s",
    );
  });

  it("shows a retry between the failed text and the new one", () => {
    const error = { name: "RunError", code: "PROVIDER_TIMEOUT", message: "too\nslow \u001b[31m" };
    const events = [
      start,
      { type: "step_start", ...step, input: "x" },
      { type: "token", ...step, text: "half an ans" },
      { type: "step_retry", ...step, attempt: 1, delayMs: 2000, error },
      { type: "token", ...step, text: "whole" },
      { type: "step_complete", ...step, response: "whole", usage, replayed: false },
    ];
    expect(shown(events, true)).toBe(
      [
        "Running workflow: w",
        "▸ [1/2] a …",
        "half an ans",
        "↻ [1/2] a  attempt 1 failed: too\\nslow \\u{1b}[31m · next one in 2.0 s",
        "▸ [1/2] a …",
        "whole",
        "✓ [1/2] a  4.0 s  1 token",
        "",
      ].join("\n"),
    );
    expect(shown(events, false)).toBe(
      [
        "Running workflow: w",
        "↻ [1/2] a  attempt 1 failed: too\\nslow \\u{1b}[31m · next one in 2.0 s",
        "✓ [1/2] a  4.0 s  1 token",
        "",
      ].join("\n"),
    );
  });

  it("shows that an answer was refused, why, and the next one", () => {
    const events = [
      start,
      { type: "step_start", ...step, input: "x" },
      { type: "token", ...step, text: "half" },
      { type: "output_refused", ...step, problem: "`/a`: no\u001b[31m" },
      { type: "token", ...step, text: "{}" },
      { type: "step_complete", ...step, response: "{}", usage, replayed: false },
    ];
    const refused = "↻ [1/2] a  answer does not fit the output schema: `/a`: no\\u{1b}[31m";
    expect(shown(events, true).split("\n").slice(2)).toEqual([
      "half",
      refused,
      "▸ [1/2] a …",
      "{}",
      "✓ [1/2] a  4.0 s  1 token",
      "",
    ]);
    expect(shown(events, false)).toContain(refused);
  });

  it.each([
    ["length", "cut off at its length limit (`max_tokens`); it is used as it is"],
    ["content_filter", "cut off by the provider's content filter; it is used as it is"],
    ["empty", "the answer is empty"],
  ])("shows once that an answer is incomplete: %s", (reason, text) => {
    const events = [
      start,
      { type: "step_start", ...step, input: "x" },
      { type: "answer_incomplete", ...step, reason },
      { type: "step_complete", ...step, response: "", usage, replayed: false },
    ];
    expect(shown(events, false).match(/! \[1\/2\] a: .*/g)).toEqual([expect.stringContaining(text)]);
  });

  it("tells interleaved steps apart", () => {
    const other = { stepKey: "tasks/b", agentId: "b" };
    const text = shown(
      [
        start,
        { type: "step_start", ...step, input: "" },
        { type: "step_start", ...other, input: "" },
        { type: "token", ...step, text: "one" },
        { type: "token", ...other, text: "two" },
        { type: "token", ...step, text: "three" },
      ],
      true,
    );
    expect(text.split("\n").slice(3)).toEqual([
      "▸ [1/2] a …",
      "one",
      "▸ [tasks/b] b …",
      "two",
      "▸ [1/2] a …",
      "three",
      "",
    ]);
  });

  it("hides sequences and secrets that tokens cut in two", () => {
    const pieces = ["a\u001b", "]0;pwned", "\u0007b sup", "er\u200bsecret\r", "\nc"];
    const events = [
      start,
      { type: "step_start", ...step, input: "" },
      ...pieces.map((text) => ({ type: "token", ...step, text })),
      { type: "step_complete", ...step, response: "", usage, replayed: false },
    ];
    expect(shown(events, true, ["supersecret"])).toContain("▸ [1/2] a …\nab [secret]\nc\n✓");
  });

  it("says once how many steps were done before, also when they are told of between others and again", () => {
    const done = (stepKey: string) => ({
      type: "step_complete",
      stepKey,
      agentId: "a",
      response: "",
      usage,
      replayed: true,
    });
    const task = { taskId: "t", agentId: "a" };
    const text = shown(
      [
        { ...start, resumed: true, stepsDone: 3 },
        { type: "task_start", ...task, replayed: true },
        done("branches/a/0"),
        done("branches/a/1"),
        { type: "step_start", stepKey: "branches/a/2", agentId: "a", input: "" },
        done("branches/b/0"),
        { type: "step_complete", stepKey: "branches/a/2", agentId: "a", response: "", usage, replayed: false },
        done("branches/a/0"),
      ],
      false,
    );
    expect(text.split("\n")).toEqual([
      "Resuming workflow: w",
      "· 3 steps done before, not run again",
      "✓ [branches/a/2] a  2.0 s  1 token",
      "",
    ]);
  });

  it("shows answers, also refused ones, time-outs, tools, budgets and what was done before", () => {
    const person = { id: "i0", stepKey: "steps/0" };
    const late = { id: "i1", stepKey: "steps/1" };
    const expired = { type: "interrupt_answered", interrupt: late, answer: { source: "timeout", response: "dflt" } };
    const text = shown(
      [
        { ...start, resumed: true, stepsDone: 1 },
        expired,
        { type: "step_complete", ...step, response: "", usage, replayed: true },
        { type: "interrupt_answered", interrupt: person, answer: { source: "person", response: "yes" } },
        expired,
        { type: "answer_refused", interrupt: late, error: { message: "`x\u001b` is no answer" } },
        { type: "tool_start", ...step, call: { name: "calc" } },
        { type: "tool_complete", ...step, result: { name: "calc", isError: true } },
        { type: "budget_warning", budget: "max_steps", used: 8, limit: 10 },
      ],
      false,
    );
    expect(text.split("\n")).toEqual([
      "Resuming workflow: w",
      "· 1 step done before, not run again",
      '! steps/1 was not answered in time: "dflt" was taken',
      "✓ [1/2] answered: `yes`",
      "! steps/1: `x\\u{1b}` is no answer",
      "  → calc",
      "  ✗ calc failed",
      "! budget max_steps: 8 of 10 used",
      "",
    ]);
  });
});
