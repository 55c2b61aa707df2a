/** Budgets of one render. Each is a hard stop with `TEMPLATE_LIMIT`; none depends on a clock. */
export interface TemplateLimits {
  /** Units of work: nodes evaluated, items visited, and a share for every character built. @defaultValue 1_000_000 */
  readonly maxSteps?: number;
  /** Size of the result in UTF-8 bytes. @defaultValue 1_048_576 */
  readonly maxOutputBytes?: number;
  /** UTF-16 length of any one string a template builds. @defaultValue 1_048_576 */
  readonly maxStringChars?: number;
  /** Items of any one list, range or map a template builds. @defaultValue 100_000 */
  readonly maxItems?: number;
  /** Nesting of macro calls and of values that are printed, compared or copied. @defaultValue 200 */
  readonly maxDepth?: number;
  /** Steps of one regular expression search. @defaultValue 5_000_000 */
  readonly maxRegexSteps?: number;
}

/** The budgets used when a caller names none. */
export const defaultLimits: Required<TemplateLimits> = Object.freeze({
  maxSteps: 1_000_000,
  maxOutputBytes: 1_048_576,
  maxStringChars: 1_048_576,
  maxItems: 100_000,
  maxDepth: 200,
  maxRegexSteps: 5_000_000,
});

/** Budgets of parsing. They are fixed: a template beyond them is not something a person wrote. */
export const sourceLimits = Object.freeze({
  /** UTF-16 length of a source. */
  maxSourceChars: 1_048_576,
  /** Tokens of a source. */
  maxTokens: 200_000,
  /** Blocks inside blocks, and brackets inside brackets. */
  maxNesting: 100,
  /** Height of an expression's tree, which long chains of operators or filters also make. */
  maxTreeHeight: 500,
}) as {
  readonly maxSourceChars: number;
  readonly maxTokens: number;
  readonly maxNesting: number;
  readonly maxTreeHeight: number;
};

/** Gives every budget its value. */
export function resolveLimits(limits: TemplateLimits | undefined): Required<TemplateLimits> {
  return limits === undefined ? defaultLimits : { ...defaultLimits, ...limits };
}
