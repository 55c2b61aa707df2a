import { Evaluator } from "./evaluator.js";
import { setField } from "./globals.js";
import { iterate } from "./iteration.js";
import { toText } from "./python-format.js";
import { Frame } from "./scope.js";
import type { Expression, ForStatement, MacroShape, Statement, Target } from "./syntax-tree.js";
import { limitFault, runtimeFault } from "./template-fault.js";
import type { CallArguments, LoopState } from "./values.js";
import { Callable, isTruthy, Loop, PyDict, PyTuple, Undefined } from "./values.js";

/** How a list of statements ended. */
type Completion = "normal" | "break" | "continue";

/** Runs the statements of one render. */
export class Interpreter extends Evaluator {
  #output = "";
  /** Offset of the statement being run, for the place of an error. */
  at = 0;

  /** Runs a template and gives its raw output. */
  render(statements: readonly Statement[]): string {
    this.#run(statements);
    return this.#output;
  }

  #write(text: string): void {
    const length = this.#output.length + text.length;
    if (length > this.work.limits.maxOutputBytes) throw outputFault(this.work.limits.maxOutputBytes);
    this.work.step(1 + (text.length >> 4));
    this.#output += text;
  }

  #run(statements: readonly Statement[]): Completion {
    for (const statement of statements) {
      if (statement.type === "text") {
        this.#write(statement.text);
        continue;
      }
      this.at = statement.at;
      if (statement.type === "output") {
        this.#write(toText(this.evaluate(statement.value), this.work));
        continue;
      }
      const completion = this.#statement(statement);
      if (completion !== "normal") return completion;
    }
    return "normal";
  }

  #statement(statement: Exclude<Statement, { type: "text" | "output" }>): Completion {
    this.work.step();
    switch (statement.type) {
      case "if":
        return this.#if(statement);
      case "for":
        this.#loop(statement, this.evaluate(statement.items), 0);
        return "normal";
      case "break":
      case "continue":
        return statement.type;
      case "discard":
        this.evaluate(statement.value);
        return "normal";
      case "set":
        this.#assign(statement.target, this.evaluate(statement.value), this.#currentFrame());
        return "normal";
      case "capture": {
        const text = this.#filtered(this.#capture(statement.body, new Frame(this.frame)), statement.filters);
        this.#assign(statement.target, text, this.#currentFrame());
        return "normal";
      }
      case "filtered":
        this.#write(
          toText(this.#filtered(this.#capture(statement.body, new Frame(this.frame)), statement.filters), this.work),
        );
        return "normal";
      case "with":
        return this.#with(statement);
      case "scope":
        return this.#inFrame(new Frame(this.frame), () => this.#run(statement.body));
      case "macro":
        this.#currentFrame().set(statement.macro.name, this.#macro(statement.macro, this.#currentFrame()));
        return "normal";
      case "call":
        this.#callBlock(statement);
        return "normal";
    }
  }

  #currentFrame(): Frame {
    this.frame ??= new Frame(undefined);
    return this.frame;
  }

  #inFrame<T>(frame: Frame | undefined, run: () => T): T {
    const outer = this.frame;
    this.frame = frame;
    const result = run();
    this.frame = outer;
    return result;
  }

  #capture(body: readonly Statement[], frame: Frame): string {
    const outer = this.#output;
    this.#output = "";
    this.#inFrame(frame, () => this.#run(body));
    const text = this.#output;
    this.#output = outer;
    this.work.text(text.length);
    return text;
  }

  #filtered(text: string, filters: readonly Expression[]): unknown {
    let value: unknown = text;
    const outer = this.blockText;
    for (const filter of filters) {
      this.blockText = toText(value, this.work);
      value = this.evaluate(filter);
    }
    this.blockText = outer;
    return value;
  }

  #if(statement: Extract<Statement, { type: "if" }>): Completion {
    for (const [test, body] of statement.branches) {
      this.at = test.at;
      if (isTruthy(this.evaluate(test))) return this.#run(body);
    }
    return this.#run(statement.otherwise);
  }

  #with(statement: Extract<Statement, { type: "with" }>): Completion {
    const frame = new Frame(this.frame);
    const values = statement.values.map((value) => this.evaluate(value));
    for (const [index, target] of statement.targets.entries()) this.#assign(target, values[index], frame);
    return this.#inFrame(frame, () => this.#run(statement.body));
  }

  #assign(target: Target, value: unknown, frame: Frame): void {
    if (target.type === "name") {
      frame.set(target.name, value);
    } else if (target.type === "field") {
      setField(frame.find(target.name), target.field, value);
    } else {
      const items = iterate(value, this.work);
      if (items.length !== target.items.length) {
        throw runtimeFault(`Cannot take ${items.length} values apart into ${target.items.length} names`);
      }
      for (const [index, part] of target.items.entries()) this.#assign(part, items[index], frame);
    }
  }

  #loop(statement: ForStatement, source: unknown, depth0: number): void {
    const outer = this.frame;
    const items = this.#loopItems(statement, source);
    const state: LoopState = {
      items,
      length: items.length,
      depth0,
      index0: 0,
      lastChanged: undefined,
      recurse: statement.recursive ? (more) => this.#recurse(statement, more, depth0 + 1, outer) : undefined,
    };
    const loop = new Loop(state);
    for (let index = 0; index < items.length; index++) {
      this.work.step();
      state.index0 = index;
      const frame = new Frame(outer);
      frame.set("loop", loop);
      this.#assign(statement.target, items[index], frame);
      this.frame = frame;
      if (this.#run(statement.body) === "break") break;
    }
    this.frame = outer;
    if (items.length === 0) this.#inFrame(new Frame(outer), () => this.#run(statement.otherwise));
  }

  #loopItems(statement: ForStatement, source: unknown): readonly unknown[] {
    const items = iterate(source, this.work);
    const { condition } = statement;
    // A copy where the body may change the list it walks over.
    if (condition === undefined) return this.mutates && Array.isArray(source) ? [...items] : items;
    return items.filter((item) => {
      const frame = new Frame(this.frame);
      this.#assign(statement.target, item, frame);
      return this.#inFrame(frame, () => isTruthy(this.evaluate(condition)));
    });
  }

  #recurse(statement: ForStatement, items: unknown, depth0: number, frame: Frame | undefined): string {
    this.work.enter(4);
    const outer = this.#output;
    this.#output = "";
    this.#inFrame(frame, () => this.#loop(statement, items, depth0));
    const text = this.#output;
    this.#output = outer;
    this.work.leave(4);
    return text;
  }

  #macro(shape: MacroShape, closure: Frame | undefined): Callable {
    return new Callable(shape.name, (call) => {
      this.work.enter(4);
      const { at } = this;
      const frame = new Frame(closure);
      this.#inFrame(frame, () => this.#bindParameters(shape, call, frame));
      const text = this.#capture(shape.body, frame);
      this.at = at;
      this.work.leave(4);
      return text;
    });
  }

  #bindParameters({ name, parameters, uses }: MacroShape, call: CallArguments, frame: Frame): void {
    const named = new Map(call.kwargs ?? []);
    parameters.forEach((parameter, index) => {
      let value = call.args[index];
      if (named.has(parameter.name)) {
        if (value !== undefined) throw runtimeFault(`\`${name}\` got the argument \`${parameter.name}\` twice`);
        value = named.get(parameter.name);
        named.delete(parameter.name);
      }
      if (value === undefined) {
        value =
          parameter.usual === undefined
            ? new Undefined(`\`${name}\` was called without \`${parameter.name}\``, this.lenient)
            : this.evaluate(parameter.usual);
      }
      frame.set(parameter.name, value);
    });
    const extra = call.args.slice(parameters.length);
    if (uses.has("caller")) {
      const caller = named.get("caller");
      named.delete("caller");
      frame.set("caller", caller ?? new Undefined(`\`${name}\` was not called with a \`call\` block`, this.lenient));
    }
    if (uses.has("varargs")) frame.set("varargs", new PyTuple(extra));
    else if (extra.length > 0) throw runtimeFault(`\`${name}\` takes at most ${parameters.length} arguments`);
    const rest = new PyDict();
    for (const [key, value] of named) rest.set(key, value);
    if (uses.has("kwargs")) frame.set("kwargs", rest);
    else if (named.size > 0) throw runtimeFault(`\`${name}\` has no argument \`${[...named.keys()].join("`, `")}\``);
  }

  #callBlock(statement: Extract<Statement, { type: "call" }>): void {
    const { args, kwargs } = this.evaluateArguments(statement.call.list);
    const caller = this.#macro(statement.caller, this.#currentFrame());
    const callee = this.evaluate(statement.call.callee);
    this.#write(
      toText(this.callValue(callee, { args, kwargs: new Map([...(kwargs ?? []), ["caller", caller]]) }), this.work),
    );
  }
}

/** The error for a result that is too long. */
export function outputFault(maxBytes: number): Error {
  return limitFault(
    `The result is longer than ${maxBytes} bytes`,
    "Shorten what is inserted, for example with `truncate`.",
  );
}
