import type { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { BedrockFailure } from "./bedrock-failure.js";

const mebibyte = 1024 * 1024;
const maxReplyBytes = 16 * mebibyte;
const maxEventBytes = mebibyte;
const maxErrorBytes = 64 * 1024;

/** A reply as the SDK's HTTP handler gives it. */
interface Reply {
  statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: unknown;
}

/**
 * Looks at each reply before the SDK does: it reads bodies of any size, makes room for as much as an event claims to hold, and
 * takes whatever comes for an event stream.
 */
export function guardReplies(client: BedrockRuntimeClient): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        await guard(result.response as Reply, commandName === "ConverseStreamCommand");
        return result;
      },
    // The innermost of its step, so that it comes before the SDK's own reading.
    { step: "deserialize", priority: "low", name: "strandsGuardReplies" },
  );
}

async function guard(reply: Reply, wantsStream: boolean): Promise<void> {
  const { statusCode, headers } = reply;
  const body = reply.body as AsyncIterable<Uint8Array>;
  const contentType = headers["content-type"] ?? "none";
  if (statusCode >= 300 || !wantsStream) reply.body = await readAtMost(wantsStream ? maxErrorBytes : mebibyte, body);
  else if (contentType.includes("vnd.amazon.eventstream")) reply.body = events(body);
  else throw await misplaced(body, contentType, statusCode);
}

/** Events in whole and of a bearable size. The first four bytes of each say how long it is. */
async function* events(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let total = 0;
  let length = 0;
  let lengthBytes = 0;
  let left = 0;
  for await (const chunk of body) {
    total += chunk.length;
    if (total > maxReplyBytes) throw tooLarge(`more than ${maxReplyBytes} bytes`);
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const step = Math.min(left, chunk.length - at);
        left -= step;
        at += step;
        continue;
      }
      length = length * 256 + (chunk[at] ?? 0);
      at += 1;
      lengthBytes += 1;
      if (lengthBytes < 4) continue;
      if (length > maxEventBytes) throw tooLarge(`an event of more than ${maxEventBytes} bytes`);
      // An event has at least its length, the length of its headers and two checksums.
      if (length < 16) throw new BedrockFailure("unreadable", "an event without content");
      left = length - 4;
      length = 0;
      lengthBytes = 0;
    }
    yield chunk;
  }
  if (left > 0 || lengthBytes > 0) throw new BedrockFailure("cut_off", "the answer ended in the middle of an event");
}

function tooLarge(words: string): BedrockFailure {
  return new BedrockFailure("unreadable", words);
}

/** The error of a successful reply that is no stream: one in JSON may say what is wrong. */
async function misplaced(body: AsyncIterable<Uint8Array>, contentType: string, status: number): Promise<Error> {
  const text = new TextDecoder().decode(await readAtMost(maxErrorBytes, body));
  const words = errorIn(text);
  if (words !== undefined) return words;
  const reply = text === "" ? "an empty reply" : "a reply";
  return new BedrockFailure(
    "unreadable",
    `${reply} of the type \`${contentType.slice(0, 80)}\` that is no event stream`,
    status,
  );
}

function errorIn(text: string): Error | undefined {
  try {
    const { __type: type, code, message } = JSON.parse(text) as { __type?: unknown; code?: unknown; message?: unknown };
    const kind = type ?? code;
    if (typeof kind !== "string") return undefined;
    return Object.assign(new Error(String(message ?? "")), { name: kind.replace(/^.*#/, "") });
  } catch {
    return undefined;
  }
}

async function readAtMost(maxBytes: number, body: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > maxBytes) break;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
