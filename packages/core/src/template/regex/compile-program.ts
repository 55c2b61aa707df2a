import { TemplateError } from "../../error/errors.js";
import type { CharSet } from "./char-set.js";
import type { AssertKind, ParsedRegex, RegexNode } from "./regex-tree.js";
import { isNullable } from "./regex-tree.js";

/** One instruction of the matcher. `next` is the instruction that follows. */
export type Instruction =
  | { readonly op: "char"; readonly set: CharSet }
  /** Tries `first`, then `second`. `memo` numbers the splits, for the table of states that have failed. */
  | { readonly op: "split"; first: number; second: number; readonly memo: number }
  | { readonly op: "jump"; to: number }
  | { readonly op: "save"; readonly slot: number }
  /** Repeats a single character, which needs no stack entry per round. */
  | {
      readonly op: "run";
      readonly set: CharSet;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
      readonly memo: number;
    }
  | { readonly op: "assert"; readonly kind: AssertKind; readonly ascii: boolean }
  | { readonly op: "backreference"; readonly index: number; readonly ignoreCase: boolean; readonly ascii: boolean }
  /** Runs the instructions behind it up to `accept` as a match of its own, then goes on at `end`. */
  | { readonly op: "sub"; readonly kind: "atomic" | "ahead" | "notAhead"; readonly behind: number; end: number }
  /** Refuses a loop round that took no character since `slot` was saved. */
  | { readonly op: "progress"; readonly slot: number }
  | { readonly op: "accept" };

/** A compiled pattern. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly slots: number;
  readonly splits: number;
  readonly runs: number;
  /** Whether a state's outcome depends on nothing but its place, so that failures can be remembered. */
  readonly memorable: boolean;
  /** Whether a match can only start at the start of the text. */
  readonly anchored: boolean;
}

const maxInstructions = 20_000;

/** Turns a parsed pattern into instructions. */
export function compileProgram(regex: ParsedRegex): Program {
  const builder = new ProgramBuilder(2 * (regex.groupCount + 1));
  builder.emit(regex.root);
  builder.push({ op: "accept" });
  const { instructions, slots, splits, runs, memorable } = builder;
  return { instructions, slots, splits, runs, memorable, anchored: isAnchored(regex.root) };
}

function isAnchored(node: RegexNode): boolean {
  if (node.type === "assert") return node.kind === "textStart";
  if (node.type === "sequence") return node.items[0] !== undefined && isAnchored(node.items[0]);
  if (node.type === "choice") return node.options.every(isAnchored);
  return (node.type === "group" || node.type === "atomic") && isAnchored(node.body);
}

class ProgramBuilder {
  readonly instructions: Instruction[] = [];
  slots: number;
  splits = 0;
  runs = 0;
  memorable = true;

  constructor(slots: number) {
    this.slots = slots;
  }

  push<T extends Instruction>(instruction: T): T {
    if (this.instructions.length >= maxInstructions) {
      throw new TemplateError(
        "TEMPLATE_LIMIT",
        "Regular expression: the pattern is too large once its repeats are written out",
      );
    }
    this.instructions.push(instruction);
    return instruction;
  }

  emit(node: RegexNode): void {
    switch (node.type) {
      case "set":
        this.push({ op: "char", set: node.set });
        break;
      case "sequence":
        for (const item of node.items) this.emit(item);
        break;
      case "choice":
        this.#choice(node.options);
        break;
      case "group":
        this.push({ op: "save", slot: 2 * node.index });
        this.emit(node.body);
        this.push({ op: "save", slot: 2 * node.index + 1 });
        break;
      case "assert":
        this.push({ op: "assert", kind: node.kind, ascii: node.ascii });
        break;
      case "backreference":
        this.memorable = false;
        this.push({ op: "backreference", index: node.index, ignoreCase: node.ignoreCase, ascii: node.ascii });
        break;
      case "atomic":
        this.#sub("atomic", 0, node.body);
        break;
      case "look":
        this.#sub(node.negate ? "notAhead" : "ahead", node.behind ?? 0, node.body);
        break;
      case "repeat":
        this.#repeat(node);
        break;
    }
  }

  #sub(kind: "atomic" | "ahead" | "notAhead", behind: number, body: RegexNode): void {
    const sub = this.push({ op: "sub", kind, behind, end: 0 });
    this.emit(body);
    this.push({ op: "accept" });
    sub.end = this.instructions.length;
  }

  #choice(options: readonly RegexNode[]): void {
    const jumps: { to: number }[] = [];
    for (const option of options.slice(0, -1)) {
      const split = this.#split();
      split.first = this.instructions.length;
      this.emit(option);
      jumps.push(this.push({ op: "jump", to: 0 }));
      split.second = this.instructions.length;
    }
    for (const option of options.slice(-1)) this.emit(option);
    for (const jump of jumps) jump.to = this.instructions.length;
  }

  #split(): { first: number; second: number } {
    return this.push({ op: "split", first: 0, second: 0, memo: this.splits++ });
  }

  #repeat(node: Extract<RegexNode, { type: "repeat" }>): void {
    const { body, min, max, lazy } = node;
    if (body.type === "set") {
      this.push({ op: "run", set: body.set, min, max, lazy, memo: this.runs++ });
      return;
    }
    for (let round = 0; round < min; round++) this.emit(body);
    if (max === Number.POSITIVE_INFINITY) {
      this.#loop(body, lazy);
      return;
    }
    const splits: { first: number; second: number }[] = [];
    for (let round = min; round < max; round++) {
      const split = this.#split();
      splits.push(split);
      split[lazy ? "second" : "first"] = this.instructions.length;
      this.emit(body);
    }
    for (const split of splits) split[lazy ? "first" : "second"] = this.instructions.length;
  }

  #loop(body: RegexNode, lazy: boolean): void {
    const start = this.instructions.length;
    const split = this.#split();
    split[lazy ? "second" : "first"] = this.instructions.length;
    const slot = isNullable(body) ? this.slots++ : undefined;
    if (slot !== undefined) this.push({ op: "save", slot });
    this.emit(body);
    if (slot !== undefined) this.push({ op: "progress", slot });
    this.push({ op: "jump", to: start });
    split[lazy ? "first" : "second"] = this.instructions.length;
  }
}
