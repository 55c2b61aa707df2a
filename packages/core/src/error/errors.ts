import type { ErrorCode } from "./codes.js";
import type { ErrorRecord, StrandsErrorOptions } from "./strands-error.js";
import { StrandsError } from "./strands-error.js";

/** One problem of a spec, with its place. */
export interface SpecIssue {
  /** Stable machine-readable kind of problem, such as `unknown_agent` or `unknown_key`. */
  readonly code: string;
  /** JSON pointer (RFC 6901) into the document, `""` for the whole. */
  readonly pointer: string;
  /** What is wrong, with the value in backticks. */
  readonly message: string;
  /** `warning` lets the workflow run. */
  readonly severity: "error" | "warning";
  /** How to mend it, for example the nearest valid name. */
  readonly suggestion?: string;
  /** A variable that settles it when a run is given one. */
  readonly variable?: string;
  /** File the position is in, as given to the loader. */
  readonly file?: string;
  /** 1-based line of the source text, when it is known. */
  readonly line?: number;
  /** 1-based column of the source text, when it is known. */
  readonly column?: number;
}

/** A workflow that cannot be read or breaks the rules; `issues` lists every problem at once. */
export class SpecError extends StrandsError {
  readonly issues: readonly SpecIssue[];

  constructor(
    code: Extract<ErrorCode, `SPEC_${string}`>,
    message: string,
    issues: readonly SpecIssue[],
    options?: StrandsErrorOptions,
  ) {
    super(code, message, options);
    this.issues = issues;
  }

  override toJSON(): ErrorRecord & { readonly issues: readonly SpecIssue[] } {
    return { ...super.toJSON(), issues: this.issues };
  }
}

/** A variable, an option or an argument that cannot be used. */
export class InputError extends StrandsError {
  constructor(message: string, options?: StrandsErrorOptions) {
    super("INPUT_INVALID", message, options);
  }
}

/** Where in a template something went wrong. */
export interface TemplateErrorOptions extends StrandsErrorOptions {
  /** The expression or statement concerned, shortened. */
  readonly expression?: string | undefined;
  /** 1-based line inside the template. */
  readonly line?: number | undefined;
  /** 1-based column inside the template. */
  readonly column?: number | undefined;
  /** Key of the step that was rendering it, when it was one. */
  readonly stepKey?: string | undefined;
}

/** A template or condition that cannot be parsed, rendered or allowed. */
export class TemplateError extends StrandsError {
  readonly expression: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly stepKey: string | undefined;

  constructor(code: Extract<ErrorCode, `TEMPLATE_${string}`>, message: string, options: TemplateErrorOptions = {}) {
    super(code, message, options);
    this.expression = options.expression;
    this.line = options.line;
    this.column = options.column;
    this.stepKey = options.stepKey;
  }

  /** The same error, saying which step it happened in. */
  inStep(stepKey: string, part = "input of"): TemplateError {
    const { hint, details, expression, line, column } = this;
    const options = { hint, details, expression, line, column, stepKey, cause: this.cause };
    const code = this.code as Extract<ErrorCode, `TEMPLATE_${string}`>;
    return new TemplateError(code, `The ${part} step \`${stepKey}\`: ${this.message}`, options);
  }
}

/** Who failed, and what the other side said about it. */
export interface ProviderErrorOptions extends StrandsErrorOptions {
  readonly provider?: string | undefined;
  readonly modelId?: string | undefined;
  readonly statusCode?: number | undefined;
  readonly requestId?: string | undefined;
}

/** A model call that failed. */
export class ProviderError extends StrandsError {
  readonly provider: string | undefined;
  readonly modelId: string | undefined;
  readonly statusCode: number | undefined;
  readonly requestId: string | undefined;

  constructor(code: Extract<ErrorCode, `PROVIDER_${string}`>, message: string, options: ProviderErrorOptions = {}) {
    super(code, message, options);
    this.provider = options.provider;
    this.modelId = options.modelId;
    this.statusCode = options.statusCode;
    this.requestId = options.requestId;
  }
}

/** A tool that is missing, was called wrongly, failed or may not be used. */
export class ToolError extends StrandsError {
  readonly toolName: string;
  /** A fatal failure ends the step; any other is a result the model sees. */
  readonly fatal: boolean;

  constructor(
    code: Extract<ErrorCode, `TOOL_${string}`>,
    message: string,
    options: StrandsErrorOptions & { readonly toolName: string; readonly fatal?: boolean | undefined },
  ) {
    super(code, message, options);
    this.toolName = options.toolName;
    this.fatal = options.fatal ?? false;
  }
}

/** A session that is missing, damaged, held by somebody else or moved on by somebody else. */
export class SessionError extends StrandsError {
  readonly sessionId: string;

  constructor(
    code: Extract<ErrorCode, `SESSION_${string}` | `INTERRUPT_${string}`>,
    message: string,
    options: StrandsErrorOptions & { readonly sessionId: string },
  ) {
    super(code, message, options);
    this.sessionId = options.sessionId;
  }
}

/** A run that could not go on. */
export class RunError extends StrandsError {
  /** Key of the step it happened in, when it happened in one. */
  readonly stepKey: string | undefined;

  constructor(
    code: Extract<ErrorCode, `RUN_${string}` | "CLIENT_CLOSED">,
    message: string,
    options: StrandsErrorOptions & { readonly stepKey?: string | undefined } = {},
  ) {
    super(code, message, options);
    this.stepKey = options.stepKey;
  }
}

/** An artifact that could not be written. */
export class ArtifactError extends StrandsError {
  readonly path: string;

  constructor(
    code: Extract<ErrorCode, `ARTIFACT_${string}`>,
    message: string,
    options: StrandsErrorOptions & { readonly path: string },
  ) {
    super(code, message, options);
    this.path = options.path;
  }
}

/** Something that cannot happen did: our bug. */
export class InternalError extends StrandsError {
  constructor(message: string, options?: StrandsErrorOptions) {
    super("INTERNAL", message, {
      hint: "This is a bug in Strands. Please report it with this message and the stack trace.",
      ...options,
    });
  }
}
