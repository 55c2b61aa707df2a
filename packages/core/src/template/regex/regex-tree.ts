import type { CharSet } from "./char-set.js";

/** Zero-width conditions. */
export type AssertKind =
  | "textStart"
  | "textEnd"
  | "lineStart"
  | "lineEnd"
  | "finalLineEnd"
  | "boundary"
  | "notBoundary";

/** A parsed regular expression. */
export type RegexNode =
  | { readonly type: "sequence"; readonly items: readonly RegexNode[] }
  | { readonly type: "choice"; readonly options: readonly RegexNode[] }
  | { readonly type: "set"; readonly set: CharSet }
  | {
      readonly type: "repeat";
      readonly body: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly type: "group"; readonly index: number; readonly body: RegexNode }
  | { readonly type: "atomic"; readonly body: RegexNode }
  | { readonly type: "look"; readonly body: RegexNode; readonly negate: boolean; readonly behind: number | undefined }
  | { readonly type: "backreference"; readonly index: number; readonly ignoreCase: boolean; readonly ascii: boolean }
  | { readonly type: "assert"; readonly kind: AssertKind; readonly ascii: boolean };

/** A pattern with its groups. */
export interface ParsedRegex {
  readonly root: RegexNode;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
}

/** Whether a node can match without taking a character. */
export function isNullable(node: RegexNode): boolean {
  switch (node.type) {
    case "set":
      return false;
    case "sequence":
      return node.items.every(isNullable);
    case "choice":
      return node.options.some(isNullable);
    case "repeat":
      return node.min === 0 || isNullable(node.body);
    case "group":
    case "atomic":
      return isNullable(node.body);
    case "look":
    case "assert":
    case "backreference":
      return true;
  }
}

/** The width of a node when every match has the same, as a look-behind needs; `undefined` otherwise. */
export function fixedWidth(node: RegexNode): number | undefined {
  switch (node.type) {
    case "set":
      return 1;
    case "look":
    case "assert":
      return 0;
    case "backreference":
      return undefined;
    case "group":
    case "atomic":
      return fixedWidth(node.body);
    case "repeat": {
      const width = fixedWidth(node.body);
      return node.min === node.max && width !== undefined ? node.min * width : undefined;
    }
    case "sequence":
      return node.items.reduce<number | undefined>((sum, item) => {
        const width = fixedWidth(item);
        return sum === undefined || width === undefined ? undefined : sum + width;
      }, 0);
    case "choice": {
      const widths = new Set(node.options.map(fixedWidth));
      return widths.size === 1 ? [...widths][0] : undefined;
    }
  }
}
