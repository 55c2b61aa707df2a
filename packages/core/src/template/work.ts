import type { TemplateLimits } from "./limits.js";
import { limitFault } from "./template-fault.js";

/**
 * The budgets of one render. Everything that loops, recurses or builds text asks here first, so that a hostile
 * template or value stops after a bounded amount of work on any machine.
 */
export class Work {
  readonly limits: Required<TemplateLimits>;
  #steps: number;
  #depth = 0;

  constructor(limits: Required<TemplateLimits>) {
    this.limits = limits;
    this.#steps = limits.maxSteps;
  }

  /** Takes some of the step budget. */
  step(count = 1): void {
    this.#steps -= count;
    if (this.#steps < 0) {
      throw limitFault(
        `The template needs more than ${this.limits.maxSteps} steps`,
        "Loop over less data, or raise `maxSteps`.",
      );
    }
  }

  /** Takes a step for a value that is worked on, and a share for every character of a text. */
  touch(value: unknown): void {
    this.step(typeof value === "string" ? 1 + (value.length >> 4) : 1);
  }

  /** Announces a string of this length, before it is built where possible. */
  text(length: number): void {
    if (!(length <= this.limits.maxStringChars)) {
      throw limitFault(
        `The template builds a string of more than ${this.limits.maxStringChars} characters`,
        "Shorten the text, for example with `truncate`.",
      );
    }
    this.step(1 + (length >> 4));
  }

  /** Announces that a string grows by a piece to this length. */
  grow(length: number, piece: number): void {
    if (length > this.limits.maxStringChars) this.text(length);
    this.step(1 + (piece >> 4));
  }

  /** Announces a list or map of this size, before it is built where possible. */
  items(count: number): void {
    if (!(count <= this.limits.maxItems)) {
      throw limitFault(`The template builds a list of more than ${this.limits.maxItems} items`);
    }
    this.step(1 + count);
  }

  /** Goes `levels` deeper; pair it with {@link leave}. */
  enter(levels = 1): void {
    this.#depth += levels;
    if (this.#depth > this.limits.maxDepth) {
      throw limitFault(`The template or its data is nested more than ${this.limits.maxDepth} levels deep`);
    }
  }

  /** Comes back up. */
  leave(levels = 1): void {
    this.#depth -= levels;
  }
}
