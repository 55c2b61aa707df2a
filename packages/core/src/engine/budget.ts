import { RunError } from "../error/errors.js";
import type { Usage } from "../model/model.js";
import { addUsage } from "../model/usage.js";
import type { Budgets } from "../program/program.js";
import type { Entry, ModelEntryBody } from "../session/entry.js";
import { usageOf } from "../session/entry-usage.js";
import type { Emitter } from "./emitter.js";

export interface BudgetWarning {
  readonly budget: "max_steps" | "max_tokens" | "max_duration_s";
  readonly used: number;
  readonly limit: number;
}

const noBudgets: readonly string[] = [];
const nothing: Usage = { inputTokens: 0, outputTokens: 0 };

/** Counts what a session has used, over all its runs, and stops it at its limits. */
export class BudgetMeter {
  readonly #budgets: Budgets;
  readonly #emitter: Pick<Emitter, "emit">;
  #warned: readonly string[] = noBudgets;
  #steps = 0;
  #usage = nothing;
  #failed = nothing;

  constructor(budgets: Budgets, emitter: Pick<Emitter, "emit">) {
    this.#budgets = budgets;
    this.#emitter = emitter;
  }

  get usage(): Usage {
    return this.#usage;
  }

  /** What failed attempts have used and no entry of a model call holds. */
  get failedUsage(): Usage | undefined {
    const { inputTokens, outputTokens } = this.#failed;
    return inputTokens + outputTokens > 0 ? this.#failed : undefined;
  }

  /** Counts what a failed attempt used. */
  countFailed(usage: Usage): void {
    this.#failed = addUsage(this.#failed, usage);
    this.#count(usage);
  }

  /** Counts what a model call used that was recorded; its failed attempts are counted already. */
  countCall({ usage, failedUsage }: Pick<ModelEntryBody, "usage" | "failedUsage">): void {
    if (failedUsage !== undefined) {
      const { inputTokens, outputTokens } = failedUsage;
      this.#failed = addUsage(this.#failed, { inputTokens: -inputTokens, outputTokens: -outputTokens });
    }
    this.#count(usage);
  }

  #count(usage: Usage): void {
    this.#usage = addUsage(this.#usage, usage);
    const used = this.#tokens;
    const { maxTokens } = this.#budgets;
    // Once they are used up there is nothing to warn of.
    if (maxTokens !== undefined && used < maxTokens) this.#check("max_tokens", used, maxTokens);
  }

  /** Counts what earlier runs of the session used. */
  countRecorded(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const usage = usageOf(entry);
      if (usage !== undefined) this.#usage = addUsage(this.#usage, usage);
      if (entry.kind === "model" && entry.body.input !== undefined) this.#steps += 1;
    }
  }

  /**
   * Counts a step that is about to begin.
   *
   * @throws {@link RunError} `RUN_BUDGET_EXCEEDED` when the budget has no room for it.
   */
  beginStep(stepKey: string): void {
    const { maxSteps } = this.#budgets;
    if (maxSteps !== undefined && this.#steps >= maxSteps) throw exceeded("max_steps", this.#steps, maxSteps, stepKey);
    this.#steps += 1;
    this.#check("max_steps", this.#steps, maxSteps);
  }

  /**
   * Looks at the tokens before a model call.
   *
   * @throws {@link RunError} `RUN_BUDGET_EXCEEDED` when they are used up.
   */
  beforeCall(stepKey: string): void {
    const { maxTokens } = this.#budgets;
    if (maxTokens === undefined) return;
    const used = this.#tokens;
    if (used >= maxTokens) throw exceeded("max_tokens", used, maxTokens, stepKey);
    this.#check("max_tokens", used, maxTokens);
  }

  get #tokens(): number {
    return this.#usage.inputTokens + this.#usage.outputTokens;
  }

  #check(budget: BudgetWarning["budget"], used: number, limit: number | undefined): void {
    if (limit === undefined || used < limit * this.#budgets.warnAt || this.#warned.includes(budget)) return;
    this.#warned = [...this.#warned, budget];
    this.#emitter.emit("budget_warning", { budget, used, limit });
  }
}

/** The error of a session that has used up a budget. */
export function exceeded(budget: BudgetWarning["budget"], used: number, limit: number, stepKey?: string): RunError {
  return new RunError("RUN_BUDGET_EXCEEDED", `The session reached its budget \`${budget}\`: ${used} of ${limit}`, {
    hint: `Raise \`runtime.budgets.${budget}\` for new runs, or resume this session with a raised limit.`,
    details: { budget, used, limit },
    stepKey,
  });
}
