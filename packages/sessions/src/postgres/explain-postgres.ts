import type { Explanation } from "../storage/medium.js";

/** Names a failure of `pg` by the server's or the system's code. */
export function explainPostgres(error: unknown): Explanation {
  const code = codeOf(error);
  const hint = hints[code] ?? hints[code.slice(0, 2)];
  // Other fields of these errors may hold rows, and the text of a connection.
  const message = error instanceof Error ? error.message.replaceAll(/postgres(?:ql)?:\/\/\S+/g, "postgres://...") : "";
  return { code, cause: new Error(`${code}: ${message}`), ...(hint === undefined ? {} : { hint }) };
}

/** Whether the statement may have come to pass, and may be tried on another connection. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  return lossCodes.has(code) || code.startsWith("08");
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === "string") return code;
  if (typeof message !== "string") return "error";
  // `pg` gives these no code.
  if (/terminated|not queryable|Client was closed|socket/i.test(message)) return "ECONNRESET";
  return /timeout/i.test(message) ? "ETIMEDOUT" : "error";
}

const lossCodes: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  // The server is shutting down, was ended, or is starting.
  "57P01",
  "57P02",
  "57P03",
  // Two statements met; one is to be tried again.
  "40001",
  "40P01",
]);

const unreachable =
  "Check that the server runs and can be reached from here, then resume. What was acknowledged is safe.";

const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  ENOTFOUND: "Check the host in the connection string.",
  ETIMEDOUT: unreachable,
  "08": unreachable,
  "57": unreachable,
  "28": "Check the user and the password of the connection string.",
  "3D000": "The database does not exist: create it, or name another one.",
  "42501": "The user may not do that: grant it the rights to make and use the tables of the schema.",
  "53": "The server is out of room or connections: give it some, then resume. What was acknowledged is safe.",
};
