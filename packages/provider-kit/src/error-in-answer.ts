/** A response that says it succeeded and holds an error instead of an answer. */
export class ErrorInAnswer extends Error {
  override readonly name = "ErrorInAnswer";
  readonly status: number;
  readonly headers: Headers;
  /** The body as it was parsed. */
  readonly error: unknown;

  constructor({ status, headers }: Response, error: unknown) {
    super("The response holds an error");
    this.status = status;
    this.headers = headers;
    this.error = error;
  }
}

/**
 * Reads a JSON response where a stream was due. Such a response is an error that some servers and proxies send with a status of
 * success, or no answer at all.
 *
 * @throws ErrorInAnswer when it is an object with an `error`
 */
export async function refuseErrorInAnswer(response: Response): Promise<void> {
  if (!response.headers.get("content-type")?.toLowerCase().includes("json")) return;
  const body = parse(await response.text());
  if (typeof body === "object" && body !== null && Object.hasOwn(body, "error"))
    throw new ErrorInAnswer(response, body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
