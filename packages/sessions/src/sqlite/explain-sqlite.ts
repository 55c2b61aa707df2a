import type { Explanation } from "../storage/medium.js";

/** Names a failure of any of the three libraries by SQLite's own result code. */
export function explainSqlite(error: unknown): Explanation {
  const code = nameOf(error);
  const hint = hints[code];
  return { code, cause: error, ...(hint === undefined ? {} : { hint }) };
}

function nameOf(error: unknown): string {
  const { code, errcode, rawCode } = error as { code?: unknown; errcode?: unknown; rawCode?: unknown };
  const number = typeof errcode === "number" ? errcode : rawCode;
  if (typeof number === "number") {
    const name = resultCodes[number & 0xff];
    if (name !== undefined) return name;
  }
  if (typeof code !== "string") return "error";
  // better-sqlite3 gives extended names, such as SQLITE_IOERR_FSYNC.
  return /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code;
}

const resultCodes: Readonly<Record<number, string>> = {
  3: "SQLITE_PERM",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  7: "SQLITE_NOMEM",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  18: "SQLITE_TOOBIG",
  19: "SQLITE_CONSTRAINT",
  26: "SQLITE_NOTADB",
};

const openHint = "Check that you may read and write the database file and its directory.";

const hints: Readonly<Record<string, string>> = {
  CLOSED: "The repository was closed: make another one.",
  SQLITE_FULL: "The disk is full: free some space, then resume. What was acknowledged is safe.",
  SQLITE_BUSY: "Another process holds the database for long: end what it does, then try again.",
  SQLITE_IOERR: "The storage reported a failure: check the disk before you go on.",
  SQLITE_CORRUPT: "The database file is damaged: restore it from a backup. Nothing was changed or skipped.",
  SQLITE_NOTADB: "The file is not a SQLite database: name another one.",
  SQLITE_READONLY: openHint,
  SQLITE_CANTOPEN: openHint,
  SQLITE_PERM: openHint,
  EACCES: openHint,
  EPERM: openHint,
  EROFS: openHint,
  EISDIR: "A directory stands where the database file should be: name a file.",
  ENOTDIR: "The directory of the database file cannot be made: name another one.",
  ENOSPC: "The disk is full: free some space, then resume. What was acknowledged is safe.",
};
