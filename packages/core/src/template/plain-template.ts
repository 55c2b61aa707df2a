import type { TemplateContext, TemplateScope } from "./scope.js";
import { readContext } from "./scope.js";
import type { Expression, Statement } from "./syntax-tree.js";
import { isRecord, ownValue } from "./values.js";

/** A path that is read from the context, such as `steps[0].response`. */
interface Path {
  readonly name: string;
  readonly keys: readonly (string | number)[];
}

/** A template of text and paths only: most prompts are. */
export type PlainTemplate = readonly (string | Path)[];

/** The plain form of a template; `undefined` when it holds anything else. */
export function toPlain(statements: readonly Statement[]): PlainTemplate | undefined {
  const parts: (string | Path)[] = [];
  for (const statement of statements) {
    if (statement.type === "text") parts.push(statement.text);
    else {
      const path = statement.type === "output" ? pathOf(statement.value) : undefined;
      if (path === undefined) return undefined;
      parts.push(path);
    }
  }
  return parts;
}

/**
 * Renders a plain template. Gives `undefined` for whatever is not a text at the end of each path, and for results that may
 * exceed the budget: the interpreter then says what is wrong or finds the right words.
 */
export function renderPlain(
  parts: PlainTemplate,
  context: TemplateContext,
  scope: TemplateScope | undefined,
  maxChars: number,
): string | undefined {
  let result = "";
  for (const part of parts) {
    if (typeof part === "string") result += part;
    else {
      let value = readContext(context, scope, part.name);
      for (const key of part.keys) {
        if (typeof key === "string" ? !isRecord(value) : !Array.isArray(value)) return undefined;
        value = ownValue(value as object, key);
      }
      if (typeof value !== "string") return undefined;
      result += value;
    }
  }
  return result.length <= maxChars ? result : undefined;
}

function pathOf(expression: Expression): Path | undefined {
  const keys: (string | number)[] = [];
  let node = expression;
  for (;;) {
    if (node.type === "name") return node.name.startsWith("\0") ? undefined : { name: node.name, keys: keys.reverse() };
    if (node.type === "attribute") keys.push(node.name);
    else {
      const key = node.type === "item" && node.key.type === "constant" ? node.key.value : undefined;
      if (typeof key !== "string" && !(typeof key === "number" && Number.isInteger(key) && key >= 0)) return undefined;
      keys.push(key);
    }
    node = (node as Extract<Expression, { readonly target: Expression }>).target;
  }
}
