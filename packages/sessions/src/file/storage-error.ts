import { SessionError, StrandsError, type StrandsErrorOptions } from "@strands/core";

/** Names what went wrong below us, so that the user can do something about it. */
export function storageError(sessionId: string, what: string, cause: unknown): StrandsError {
  if (StrandsError.isInstance(cause)) return cause;
  const message = `The session \`${sessionId}\` could not be ${what} (${errnoOf(cause) ?? "error"})`;
  return new SessionError("SESSION_STORAGE", message, { sessionId, ...adviceOn(cause) });
}

/** The same for all sessions at once. */
export function listError(cause: unknown): StrandsError {
  if (StrandsError.isInstance(cause)) return cause;
  const message = `The sessions could not be listed (${errnoOf(cause) ?? "error"})`;
  return new StrandsError("SESSION_STORAGE", message, adviceOn(cause));
}

function adviceOn(cause: unknown): StrandsErrorOptions {
  const code = errnoOf(cause);
  return {
    cause,
    hint: hints[code ?? ""] ?? "Look at the cause, and try again once the storage works.",
    ...(code === undefined ? {} : { details: { errno: code } }),
  };
}

export function errnoOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Whether the file or directory is simply not there. */
export function isAbsent(error: unknown): boolean {
  const code = errnoOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Where stored bytes are not what was written. */
export interface Damage {
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  readonly byteOffset?: number;
  readonly expected: string;
}

export function corrupt(sessionId: string, damage: Damage): SessionError {
  const { file, line, byteOffset, expected } = damage;
  const place = line === undefined ? "" : ` line ${line} (byte ${byteOffset ?? 0})`;
  return new SessionError(
    "SESSION_CORRUPT",
    `The session \`${sessionId}\` is damaged: ${file}${place}: expected ${expected}`,
    {
      sessionId,
      details: { ...damage },
      hint: "Restore the session's directory from a backup. Nothing was changed or skipped.",
    },
  );
}

const hints: Readonly<Record<string, string>> = {
  EEXIST: "A file stands where the session directory should be. Name a directory.",
  ENOTDIR: "A file stands where the session directory should be. Name a directory.",
  ENOENT: "The session directory cannot be made. Check that its file system may be written to, or name another one.",
  ENOSPC: "The disk is full: free some space, then resume. What was acknowledged is safe.",
  EDQUOT: "Your disk quota is used up: free some space, then resume. What was acknowledged is safe.",
  EFBIG: "The file may not grow further: raise the file size limit, then resume. What was acknowledged is safe.",
  EACCES: "Check that you may read and write the session directory.",
  EPERM: "Check that you may read and write the session directory.",
  EROFS: "The session directory is on a read-only file system: choose another one.",
  EMFILE: "Too many files are open: raise the limit or run fewer sessions at once.",
  ENFILE: "Too many files are open: raise the limit or run fewer sessions at once.",
  EIO: "The storage reported a failure: check the disk before you go on.",
};
