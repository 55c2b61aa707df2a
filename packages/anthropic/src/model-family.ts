/** What differs between generations of Claude. */
export interface ModelFamily {
  /** Sent when nobody sets a limit: the API needs one, and a small one cuts answers short. In tokens. */
  readonly maxTokens: number;
  /** Whether `output_config.format` holds an answer to a JSON Schema. */
  readonly structuredOutput: boolean;
}

/**
 * Older generations, first match counts. They refuse a limit above their largest answer, and those of 32,000 refuse prompt and
 * limit that do not fit the context together, so their limit leaves room for the prompt.
 */
const older: readonly (readonly [pattern: RegExp, maxTokens: number])[] = [
  [/claude-(?:instant|2|3-(?:opus|sonnet|haiku))/, 4_096],
  [/claude-3-5-/, 8_192],
  [/claude-3-7-/, 32_000],
  [/claude-(?:opus|sonnet)-4(?:-[01])?(?:-\d{8}|-latest|@\d{8}|$)/, 32_000],
];

/** What a model can do, by its name. A name that is not known is taken for a newer model. */
export function modelFamily(modelId: string): ModelFamily {
  const known = older.find(([pattern]) => pattern.test(modelId));
  return known === undefined
    ? { maxTokens: 64_000, structuredOutput: true }
    : { maxTokens: known[1], structuredOutput: false };
}
