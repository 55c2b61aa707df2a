import type { ErrorCode } from "./codes.js";
import { codeInfo } from "./codes.js";

/** What every {@link StrandsError} is made of, apart from its code and message. */
export interface StrandsErrorOptions {
  /** What the user can do about it, in one sentence. */
  readonly hint?: string | undefined;
  /** Facts for a log or a report. Never a key, a token, a prompt or a URL credential. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** The error underneath, when there is one. */
  readonly cause?: unknown;
  /** Whether the same call may succeed later. @defaultValue what the code table says */
  readonly retryable?: boolean | undefined;
  /** How long the other side asked us to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** The plain form of an error, as a session record or `--json` holds it. */
export interface ErrorRecord {
  readonly name: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

const brand = Symbol.for("strands.error");

/** Base class of every error this project throws: a stable `code`, a message that says what happened, a hint that says what to do. */
export class StrandsError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: StrandsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
    this.retryable = options.retryable ?? codeInfo[code].retryable;
    this.retryAfterMs = options.retryAfterMs;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether a value is a StrandsError, also one made by another copy of this package. */
  static isInstance(value: unknown): value is StrandsError {
    return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
  }

  toJSON(): ErrorRecord {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}
