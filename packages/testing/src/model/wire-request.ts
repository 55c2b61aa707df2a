/** A request as the server got it. Names of headers are lower case. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed when it is JSON, otherwise its text. */
  readonly body: unknown;
}

/** Takes one HTTP/1.1 request off the front of what a connection has received. */
export function takeRequest(received: Buffer): { readonly request: WireRequest; readonly rest: Buffer } | undefined {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const [first = "", ...lines] = received.subarray(0, headEnd).toString("latin1").split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  if (headers["transfer-encoding"] !== undefined) throw new Error("This server reads no chunked requests");
  const bodyEnd = headEnd + 4 + Number(headers["content-length"] ?? 0);
  if (received.length < bodyEnd) return undefined;
  const body = parseBody(received.subarray(headEnd + 4, bodyEnd).toString("utf8"));
  return { request: { method, path, headers, body }, rest: received.subarray(bodyEnd) };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
