import type { ArithmeticOperator, ComparisonOperator } from "./operators.js";
import type { TemplateFilter, TemplateTest } from "./tests.js";

/** What every node knows: its offset in the source, and the height of the tree below it. */
interface NodeBase {
  readonly at: number;
  readonly height: number;
}

/** Arguments as they are written in a call. */
export interface ArgumentList {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  readonly spread: Expression | undefined;
  readonly namedSpread: Expression | undefined;
}

/** An expression. Filters and tests were looked up when it was parsed; an unknown one fails when it is reached. */
export type Expression = NodeBase &
  (
    | { readonly type: "constant"; readonly value: unknown }
    | { readonly type: "name"; readonly name: string }
    | { readonly type: "list" | "tuple" | "join"; readonly items: readonly Expression[] }
    | { readonly type: "map"; readonly entries: readonly (readonly [Expression, Expression])[] }
    | { readonly type: "attribute"; readonly target: Expression; readonly name: string }
    | { readonly type: "item"; readonly target: Expression; readonly key: Expression }
    | { readonly type: "slice"; readonly target: Expression; readonly bounds: readonly (Expression | undefined)[] }
    | { readonly type: "call"; readonly callee: Expression; readonly list: ArgumentList }
    | {
        readonly type: "filter";
        readonly name: string;
        readonly filter: TemplateFilter | undefined;
        readonly target: Expression;
        readonly list: ArgumentList | undefined;
      }
    | {
        readonly type: "test";
        readonly name: string;
        readonly test: TemplateTest | undefined;
        readonly target: Expression;
        readonly list: ArgumentList | undefined;
      }
    | { readonly type: "not" | "negative" | "positive"; readonly target: Expression }
    | { readonly type: "and"; readonly left: Expression; readonly right: Expression }
    | { readonly type: "or"; readonly left: Expression; readonly right: Expression }
    | {
        readonly type: "arithmetic";
        readonly operator: ArithmeticOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly type: "compare";
        readonly first: Expression;
        readonly rest: readonly (readonly [ComparisonOperator | "contains", Expression])[];
      }
    | {
        readonly type: "conditional";
        readonly test: Expression;
        readonly yes: Expression;
        readonly no: Expression | undefined;
      }
  );

/** An expression without its place, as the parser makes it. */
export type ExpressionShape = Expression extends infer T
  ? T extends Expression
    ? Omit<T, "at" | "height">
    : never
  : never;

/** What a value can be assigned to. */
export type Target =
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "field"; readonly name: string; readonly field: string }
  | { readonly type: "targets"; readonly items: readonly Target[] };

/** A parameter of a macro. */
export interface Parameter {
  readonly name: string;
  readonly usual: Expression | undefined;
}

/** What a macro or the body of a `call` block is made of. */
export interface MacroShape {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly height: number;
  /** Which of the special names the body reads. */
  readonly uses: ReadonlySet<string>;
}

/** A statement or a piece of output. */
export type Statement =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "output"; readonly at: number; readonly value: Expression }
  | { readonly type: "discard"; readonly at: number; readonly value: Expression }
  | {
      readonly type: "if";
      readonly at: number;
      readonly branches: readonly (readonly [Expression, readonly Statement[]])[];
      readonly otherwise: readonly Statement[];
    }
  | ForStatement
  | { readonly type: "set"; readonly at: number; readonly target: Target; readonly value: Expression }
  | {
      readonly type: "capture";
      readonly at: number;
      readonly target: Target;
      readonly filters: readonly Expression[];
      readonly body: readonly Statement[];
    }
  | {
      readonly type: "with";
      readonly at: number;
      readonly targets: readonly Target[];
      readonly values: readonly Expression[];
      readonly body: readonly Statement[];
    }
  | {
      readonly type: "filtered";
      readonly at: number;
      readonly filters: readonly Expression[];
      readonly body: readonly Statement[];
    }
  | { readonly type: "scope"; readonly at: number; readonly body: readonly Statement[] }
  | { readonly type: "macro"; readonly at: number; readonly macro: MacroShape }
  | {
      readonly type: "call";
      readonly at: number;
      readonly call: Extract<Expression, { type: "call" }>;
      readonly caller: MacroShape;
    }
  | { readonly type: "break" | "continue"; readonly at: number };

/** A loop. */
export interface ForStatement {
  readonly type: "for";
  readonly at: number;
  readonly target: Target;
  readonly items: Expression;
  readonly condition: Expression | undefined;
  readonly recursive: boolean;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

/** Stands for the text in front of a filter that is applied to a block. */
export const blockText: Expression = Object.freeze({ type: "name", name: "\0block", at: 0, height: 1 });
