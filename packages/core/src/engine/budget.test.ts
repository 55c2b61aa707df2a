import { describe, expect, it } from "vitest";
import type { EventType } from "../event/events.js";
import type { Budgets } from "../program/program.js";
import type { Entry } from "../session/entry.js";
import { BudgetMeter, type BudgetWarning, exceeded } from "./budget.js";

const none: Budgets = { maxSteps: undefined, maxTokens: undefined, maxDurationMs: undefined, warnAt: 0.8 };
const usage = (inputTokens: number, outputTokens: number) => ({ inputTokens, outputTokens });

function meter(budgets: Partial<Budgets>): { readonly meter: BudgetMeter; readonly warnings: BudgetWarning[] } {
  const warnings: BudgetWarning[] = [];
  const emit = (_type: EventType, warning: unknown): void => void warnings.push(warning as BudgetWarning);
  return { meter: new BudgetMeter({ ...none, ...budgets }, { emit }), warnings };
}

function modelEntry(
  seq: number,
  input: string | undefined,
  used: { inputTokens: number; outputTokens: number },
): Entry {
  const body = { agentId: "a", text: "t", finish: "stop", usage: used, provider: "p" } as const;
  return {
    v: 1,
    seq,
    epoch: 1,
    key: `steps/${seq}/model/0`,
    kind: "model",
    at: seq,
    body: input === undefined ? body : { ...body, input },
  };
}

describe("BudgetMeter", () => {
  it("limits nothing when there is no budget", () => {
    const { meter: free, warnings } = meter({});
    for (let step = 0; step < 1000; step += 1) free.beginStep(`steps/${step}`);
    free.countCall({ usage: usage(1e9, 1e9) });
    free.beforeCall("steps/0");
    expect(warnings).toEqual([]);
    expect(free.usage).toEqual(usage(1e9, 1e9));
  });

  it("lets exactly max_steps begin and refuses the next, which it names", () => {
    const { meter: three } = meter({ maxSteps: 3 });
    for (const key of ["steps/0", "steps/1", "steps/2"]) three.beginStep(key);
    expect(() => three.beginStep("steps/3")).toThrow(
      expect.objectContaining({
        code: "RUN_BUDGET_EXCEEDED",
        stepKey: "steps/3",
        details: { budget: "max_steps", used: 3, limit: 3 },
      }),
    );
  });

  it("refuses a call once input and output tokens together reach max_tokens", () => {
    const { meter: tokens } = meter({ maxTokens: 10 });
    tokens.beforeCall("steps/0");
    tokens.countCall({ usage: usage(4, 5) });
    tokens.beforeCall("steps/1");
    tokens.countCall({ usage: usage(1, 0) });
    expect(() => tokens.beforeCall("steps/2")).toThrow(
      expect.objectContaining({ code: "RUN_BUDGET_EXCEEDED", details: { budget: "max_tokens", used: 10, limit: 10 } }),
    );
  });

  it("warns once for each budget, at the threshold", () => {
    const { meter: both, warnings } = meter({ maxSteps: 10, maxTokens: 100, warnAt: 0.5 });
    for (let step = 0; step < 4; step += 1) both.beginStep(`steps/${step}`);
    both.countCall({ usage: usage(49, 0) });
    both.beforeCall("steps/3");
    expect(warnings).toEqual([]);
    for (let step = 4; step < 8; step += 1) both.beginStep(`steps/${step}`);
    both.countCall({ usage: usage(1, 0) });
    both.beforeCall("steps/7");
    both.beforeCall("steps/7");
    expect(warnings).toEqual([
      { budget: "max_steps", used: 5, limit: 10 },
      { budget: "max_tokens", used: 50, limit: 100 },
    ]);
  });

  it("counts what earlier runs recorded: turns as steps, every call's tokens", () => {
    const { meter: resumed } = meter({ maxSteps: 3 });
    resumed.countRecorded([
      modelEntry(1, "one", usage(1, 2)),
      modelEntry(2, undefined, usage(3, 4)),
      modelEntry(3, "two", usage(5, 6)),
      { v: 1, seq: 4, epoch: 1, key: "v", kind: "value", at: 4, body: { value: 1 } },
    ]);
    expect(resumed.usage).toEqual(usage(9, 12));
    resumed.beginStep("steps/2");
    expect(() => resumed.beginStep("steps/3")).toThrow("max_steps");
  });

  it("says how to go on", () => {
    expect(exceeded("max_tokens", 7, 5).hint).toMatch(
      /runtime\.budgets\.max_tokens.*resume this session with a raised limit/,
    );
  });
});
