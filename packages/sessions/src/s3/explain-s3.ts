import type { Explanation } from "../storage/medium.js";

/** Names a failure of the client by the store's code. What else the error holds, such as the request, stays out. */
export function explainS3(error: unknown): Explanation {
  const code = codeOf(error);
  const hint = hints[code];
  const message = error instanceof Error ? error.message : "";
  return { code, cause: new Error(`${code}: ${message}`), ...(hint === undefined ? {} : { hint }) };
}

export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

/** Whether the same request may do better in a moment. It may also have come to pass. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined ? networkCodes.has(codeOf(error)) : status === 409 || status === 429 || status >= 500;
}

function codeOf(error: unknown): string {
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
  if (typeof code === "string") return code;
  // The client has no code of its own for it.
  if (message === "Region is missing") return "RegionMissing";
  return typeof name === "string" && name !== "Error" ? name : String(statusOf(error) ?? "error");
}

const networkCodes: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  "TimeoutError",
  "RequestTimeout",
  "NetworkingError",
]);

const hints: Readonly<Record<string, string>> = {
  NoSuchBucket: "Make the bucket, or name another one.",
  AccessDenied: "The credentials must be allowed to list the bucket, and to get, put and delete its objects.",
  InvalidAccessKeyId: "Check the credentials.",
  SignatureDoesNotMatch: "Check the credentials and the region.",
  RegionMissing: "Set AWS_REGION, or `region` in `clientOptions`.",
  CredentialsProviderError: "Give credentials, by the environment or in `clientOptions`.",
  ECONNREFUSED: "Check that the endpoint runs and can be reached from here. What was acknowledged is safe.",
  ENOTFOUND: "Check the endpoint and the region.",
};
