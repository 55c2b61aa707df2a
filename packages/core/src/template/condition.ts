import type { TemplateError } from "../error/errors.js";
import { Evaluator } from "./evaluator.js";
import { freeNamesOf } from "./free-names.js";
import { conditionGlobalNames } from "./globals.js";
import { parseBareExpression } from "./jinja-parser.js";
import type { TemplateLimits } from "./limits.js";
import { resolveLimits, sourceLimits } from "./limits.js";
import type { TemplateName } from "./parse-template.js";
import { callsMutator, placeNames } from "./parse-template.js";
import type { TemplateContext } from "./scope.js";
import { contextNames } from "./scope.js";
import type { Expression } from "./syntax-tree.js";
import { locate } from "./template-errors.js";
import { limitFault, syntaxFault } from "./template-fault.js";
import { isTruthy } from "./values.js";
import { Work } from "./work.js";

/** A parsed condition, to be evaluated any number of times. */
export interface Condition {
  /** The text it was parsed from. */
  readonly source: string;
  /** Whether it is the word `else`, which always holds. */
  readonly isElse: boolean;
  /** The variables it reads from its context, in order, functions of the language left out. */
  readonly names: readonly TemplateName[];
  /** Filters and tests that do not exist, in its branches: they fail when they are reached. */
  readonly deferred: readonly TemplateError[];
}

class ParsedCondition implements Condition {
  readonly source: string;
  readonly expression: Expression | undefined;
  readonly mutates: boolean;
  readonly deferred: readonly TemplateError[];
  #names: readonly TemplateName[] | undefined;

  constructor(source: string, parsed?: ReturnType<typeof parseBareExpression>) {
    this.source = source;
    this.expression = parsed?.tree;
    this.deferred = (parsed?.deferred ?? []).map((fault) => locate(fault, source, 0, () => []));
    this.mutates = callsMutator(source);
  }

  get isElse(): boolean {
    return this.expression === undefined;
  }

  get names(): readonly TemplateName[] {
    const uses = this.expression === undefined ? [] : freeNamesOf(this.expression);
    this.#names ??= Object.freeze(placeNames(uses, this.source, conditionGlobalNames));
    return this.#names;
  }
}

/**
 * Parses the condition of a graph edge: `else`, or one expression, with or without `{{ }}` around it.
 *
 * @throws {@link TemplateError} `TEMPLATE_SYNTAX` when it is not a single expression, `TEMPLATE_FORBIDDEN`, `TEMPLATE_LIMIT`.
 * @example
 * evaluateCondition(parseCondition("{{ score >= 85 }}"), { score: 87 }); // true
 */
export function parseCondition(source: string): Condition {
  try {
    if (source.length > sourceLimits.maxSourceChars) {
      throw limitFault(`The condition is longer than ${sourceLimits.maxSourceChars} characters`);
    }
    const trimmed = source.trim();
    if (trimmed.toLowerCase() === "else") return Object.freeze(new ParsedCondition(source));
    let start = source.indexOf(trimmed);
    let end = start + trimmed.length;
    if (trimmed.startsWith("{{") && trimmed.endsWith("}}") && trimmed.length >= 4) {
      start += 2;
      end -= 2;
    }
    if (source.slice(start, end).trim() === "")
      throw syntaxFault("The condition is empty", start, "Write `else` for a condition that always holds.");
    return Object.freeze(new ParsedCondition(source, parseBareExpression(source, start, end)));
  } catch (error) {
    throw locate(error, source, 0, () => []);
  }
}

/**
 * Evaluates a condition. A name without a value counts as false and equals nothing; ordering it or reading from it is an error.
 *
 * @throws {@link TemplateError} `TEMPLATE_UNDEFINED`, `TEMPLATE_FORBIDDEN`, `TEMPLATE_RUNTIME`, `TEMPLATE_LIMIT`, and for a
 * source that was not parsed before also `TEMPLATE_SYNTAX`.
 */
export function evaluateCondition(
  condition: string | Condition,
  context: TemplateContext,
  limits?: TemplateLimits,
): boolean {
  const parsed =
    condition instanceof ParsedCondition
      ? condition
      : (parseCondition(typeof condition === "string" ? condition : condition.source) as ParsedCondition);
  const { expression } = parsed;
  if (expression === undefined) return true;
  try {
    const evaluator = new Evaluator(context, new Work(resolveLimits(limits)), {
      lenient: true,
      mutates: parsed.mutates,
    });
    return isTruthy(evaluator.evaluate(expression));
  } catch (error) {
    throw locate(error, parsed.source, expression.at, () => [...contextNames(context), ...conditionGlobalNames]);
  }
}
