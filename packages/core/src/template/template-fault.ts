import type { ErrorCode } from "../error/codes.js";

type TemplateCode = Extract<ErrorCode, `TEMPLATE_${string}`>;

/**
 * What goes wrong inside the engine, before its place is known. The parser and the renderer turn it into a
 * `TemplateError` with line, column and expression; it never leaves this folder.
 */
export class TemplateFault extends Error {
  readonly code: TemplateCode;
  readonly hint: string | undefined;
  /** The root name that has no value, when that is the problem. */
  readonly undefinedName: string | undefined;
  /** Offset in the source, when the thrower knows it. */
  readonly at: number | undefined;

  constructor(
    code: TemplateCode,
    message: string,
    options: {
      readonly hint?: string | undefined;
      readonly undefinedName?: string | undefined;
      readonly at?: number | undefined;
    } = {},
  ) {
    super(message);
    this.code = code;
    this.hint = options.hint;
    this.undefinedName = options.undefinedName;
    this.at = options.at;
  }
}

/** A mistake in the source. */
export function syntaxFault(message: string, at: number, hint?: string): TemplateFault {
  return new TemplateFault("TEMPLATE_SYNTAX", message, { at, hint });
}

/** A failure of the kind Python reports with `TypeError` or `ValueError`. */
export function runtimeFault(message: string, hint?: string): TemplateFault {
  return new TemplateFault("TEMPLATE_RUNTIME", message, { hint });
}

/** Something templates may not do. */
export function forbiddenFault(message: string, at?: number): TemplateFault {
  return new TemplateFault("TEMPLATE_FORBIDDEN", message, {
    at,
    hint: "Templates read plain data only; internals of the engine and of the host are out of reach.",
  });
}

/** A budget that ran out. */
export function limitFault(message: string, hint?: string): TemplateFault {
  return new TemplateFault("TEMPLATE_LIMIT", message, { hint });
}
