import { TemplateError } from "../../error/errors.js";
import { foldCode, inClass } from "./char-set.js";
import type { Instruction, Program } from "./compile-program.js";

/** Where a match lies, in code points: `slots[2n]` and `slots[2n + 1]` are the bounds of group n, -1 when it took no part. */
export type MatchSlots = Int32Array;

const maxMemoBits = 1 << 26;
const maxStack = 3_000_000;

/**
 * Runs a compiled pattern by backtracking that never tries one state twice: a split that was reached at a position and
 * failed once fails again, whatever led there, so the work grows with pattern times text. Inside look-around and with
 * back-references that does not hold, and only the step budget bounds them.
 */
export class Matcher {
  readonly #program: Program;
  readonly #text: Int32Array;
  readonly #slots: Int32Array;
  readonly #failed: Uint32Array | undefined;
  readonly #failedFrom: Int32Array;
  readonly #failedTo: Int32Array;
  readonly #runEnds: Int32Array;
  readonly #stack: number[] = [];
  readonly #maxSteps: number;
  /** Steps taken so far. */
  steps = 0;

  constructor(program: Program, text: Int32Array, maxSteps: number) {
    this.#program = program;
    this.#text = text;
    this.#maxSteps = maxSteps;
    this.#slots = new Int32Array(program.slots).fill(-1);
    const bits = program.splits * (text.length + 1);
    this.#failed = program.memorable && bits > 0 && bits <= maxMemoBits ? new Uint32Array((bits >>> 5) + 1) : undefined;
    this.#failedFrom = new Int32Array(program.runs).fill(1);
    this.#failedTo = new Int32Array(program.runs);
    this.#runEnds = new Int32Array(program.runs * 2).fill(-1);
  }

  /** The first match at or after the start of the text, or only at the start. */
  find(onlyAtStart: boolean, toEnd: boolean): MatchSlots | undefined {
    const last = onlyAtStart || this.#program.anchored ? 0 : this.#text.length;
    for (let start = 0; start <= last; start++) {
      this.#slots.fill(-1);
      const end = this.#run(0, start, 0, toEnd);
      if (end < 0) continue;
      this.#slots[0] = start;
      this.#slots[1] = end;
      return this.#slots;
    }
    return undefined;
  }

  #step(count: number): void {
    this.steps += count;
    if (this.steps > this.#maxSteps || this.#stack.length > maxStack) {
      throw new TemplateError("TEMPLATE_LIMIT", "Regular expression: the search takes too many steps on this text", {
        hint: "Simplify the pattern: avoid repeats inside repeats, back-references and look-around.",
      });
    }
  }

  /** Matches from one place; gives the end, or -1. `depth` is above zero inside look-around and atomic groups. */
  #run(startPc: number, startAt: number, depth: number, toEnd: boolean): number {
    const { instructions } = this.#program;
    const stack = this.#stack;
    const base = stack.length;
    const memo = depth === 0 && this.#program.memorable;
    let pc = startPc;
    let at = startAt;
    for (;;) {
      this.#step(1);
      const instruction = instructions[pc] as Instruction;
      let failed = false;
      switch (instruction.op) {
        case "char":
          failed = at >= this.#text.length || !instruction.set.has(this.#text[at] as number);
          at++;
          pc++;
          break;
        case "split":
          if (memo && this.#seen(instruction.memo, at)) failed = true;
          else {
            stack.push(instruction.second, at, -1);
            pc = instruction.first;
          }
          break;
        case "jump":
          pc = instruction.to;
          break;
        case "save":
          stack.push(instruction.slot, this.#slots[instruction.slot] as number, -2);
          this.#slots[instruction.slot] = at;
          pc++;
          break;
        case "progress":
          failed = this.#slots[instruction.slot] === at;
          pc++;
          break;
        case "run": {
          const next = this.#enterRun(instruction, pc, at, memo);
          failed = next < 0;
          at = next;
          pc++;
          break;
        }
        case "assert":
          failed = !this.#holds(instruction, at);
          pc++;
          break;
        case "backreference":
          at = this.#backreference(instruction, at);
          failed = at < 0;
          pc++;
          break;
        case "sub": {
          const end = this.#sub(instruction, pc, at, depth);
          failed = end < 0;
          at = end;
          pc = instruction.end;
          break;
        }
        case "accept":
          if (!toEnd || at === this.#text.length) {
            if (depth === 0) stack.length = base;
            else this.#keepUndo(base);
            return at;
          }
          failed = true;
          break;
      }
      if (!failed) continue;
      // Takes back what was saved since the last choice, then goes on with that choice.
      for (;;) {
        if (stack.length === base) return -1;
        const kind = stack.pop() as number;
        const value = stack.pop() as number;
        const target = stack.pop() as number;
        if (kind === -2) {
          this.#slots[target] = value;
          continue;
        }
        pc = target;
        at = value;
        if (kind === -1) break;
        const next = this.#resumeRun(pc, value, kind, memo);
        if (next < 0) continue;
        at = next;
        pc++;
        break;
      }
    }
  }

  /** Drops the choices of a finished sub-match but keeps what undoes its groups. */
  #keepUndo(base: number): void {
    const stack = this.#stack;
    let write = base;
    for (let read = base; read < stack.length; read += 3) {
      if (stack[read + 2] !== -2) continue;
      stack[write] = stack[read] as number;
      stack[write + 1] = stack[read + 1] as number;
      stack[write + 2] = -2;
      write += 3;
    }
    stack.length = write;
  }

  #seen(split: number, at: number): boolean {
    const failed = this.#failed;
    if (failed === undefined) return false;
    const bit = split * (this.#text.length + 1) + at;
    const word = failed[bit >>> 5] as number;
    const mask = 1 << (bit & 31);
    if ((word & mask) !== 0) return true;
    failed[bit >>> 5] = word | mask;
    return false;
  }

  /** Starts a run; gives the first end to go on from, or -1. The stack entry is (pc, end tried, other bound). */
  #enterRun(run: Extract<Instruction, { op: "run" }>, pc: number, at: number, memo: boolean): number {
    const low = at + run.min;
    if (low > this.#text.length) return -1;
    const high = Math.min(this.#runEnd(run, at), at + run.max);
    if (high < low) return -1;
    return this.#tryRun(run, pc, run.lazy ? low : high, run.lazy ? high : low, memo);
  }

  /** Goes on with a run whose last end led nowhere. */
  #resumeRun(pc: number, tried: number, bound: number, memo: boolean): number {
    const run = this.#program.instructions[pc] as Extract<Instruction, { op: "run" }>;
    this.#step(1);
    if (memo) this.#markFailed(run.memo, tried);
    if (tried === bound) return -1;
    return this.#tryRun(run, pc, run.lazy ? tried + 1 : tried - 1, bound, memo);
  }

  #tryRun(run: Extract<Instruction, { op: "run" }>, pc: number, first: number, bound: number, memo: boolean): number {
    let end = first;
    const from = this.#failedFrom[run.memo] as number;
    const to = this.#failedTo[run.memo] as number;
    if (memo && from <= to && end >= from && end <= to) end = run.lazy ? to + 1 : from - 1;
    if (run.lazy ? end > bound : end < bound) return -1;
    this.#stack.push(pc, end, bound);
    return end;
  }

  #markFailed(memo: number, at: number): void {
    const from = this.#failedFrom[memo] as number;
    const to = this.#failedTo[memo] as number;
    if (from <= to && at >= from - 1 && at <= to + 1) {
      this.#failedFrom[memo] = Math.min(from, at);
      this.#failedTo[memo] = Math.max(to, at);
    } else {
      this.#failedFrom[memo] = at;
      this.#failedTo[memo] = at;
    }
  }

  /** The end of the run of characters a set accepts, remembered for the next start inside it. */
  #runEnd(run: Extract<Instruction, { op: "run" }>, at: number): number {
    const from = this.#runEnds[run.memo * 2] as number;
    const known = this.#runEnds[run.memo * 2 + 1] as number;
    if (from >= 0 && at >= from && at <= known) return known;
    let end = at;
    while (end < this.#text.length && run.set.has(this.#text[end] as number)) end++;
    this.#step((end - at) >> 2);
    this.#runEnds[run.memo * 2] = at;
    this.#runEnds[run.memo * 2 + 1] = end;
    return end;
  }

  #holds(assert: Extract<Instruction, { op: "assert" }>, at: number): boolean {
    const text = this.#text;
    const { length } = text;
    switch (assert.kind) {
      case "textStart":
        return at === 0;
      case "textEnd":
        return at === length;
      case "finalLineEnd":
        return at === length || (at === length - 1 && text[at] === 10);
      case "lineStart":
        return at === 0 || text[at - 1] === 10;
      case "lineEnd":
        return at === length || text[at] === 10;
      default: {
        // Python before 3.14 finds neither a boundary nor its absence in empty text.
        if (length === 0) return false;
        const before = at > 0 && inClass("word", text[at - 1] as number, assert.ascii);
        const after = at < length && inClass("word", text[at] as number, assert.ascii);
        return (before !== after) === (assert.kind === "boundary");
      }
    }
  }

  #backreference(reference: Extract<Instruction, { op: "backreference" }>, at: number): number {
    const from = this.#slots[2 * reference.index] as number;
    const to = this.#slots[2 * reference.index + 1] as number;
    if (from < 0 || to < 0 || at + to - from > this.#text.length) return -1;
    this.#step((to - from) >> 2);
    for (let offset = 0; offset < to - from; offset++) {
      const a = this.#text[from + offset] as number;
      const b = this.#text[at + offset] as number;
      if (a === b) continue;
      if (!reference.ignoreCase || foldCode(a, reference.ascii) !== foldCode(b, reference.ascii)) return -1;
    }
    return at + to - from;
  }

  #sub(sub: Extract<Instruction, { op: "sub" }>, pc: number, at: number, depth: number): number {
    const from = at - sub.behind;
    const saved = sub.kind === "notAhead" ? this.#slots.slice() : undefined;
    const base = this.#stack.length;
    const end = from < 0 ? -1 : this.#run(pc + 1, from, depth + 1, false);
    if (saved !== undefined) {
      this.#slots.set(saved);
      this.#stack.length = base;
      return end < 0 ? at : -1;
    }
    if (end < 0) return -1;
    return sub.kind === "atomic" ? end : at;
  }
}
