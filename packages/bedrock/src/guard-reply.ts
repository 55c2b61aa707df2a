import type {
  BedrockRuntimeClient,
  ConverseStreamCommand,
  ListAsyncInvokesCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { header } from "@strands/provider-kit";
import { BedrockFailure } from "./bedrock-failure.js";
import { wholeEvents } from "./whole-events.js";

const maxErrorBytes = 64 * 1024;
const maxListBytes = 1024 * 1024;

/** A reply as the SDK's HTTP handler gives it. */
interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** What has become of a command so far. */
export interface Exchange {
  /** Whether the request was ready to be sent. What fails before is a matter of settings. */
  sent: boolean;
  /** What the request proves the caller with: what no error may hold. */
  readonly secrets: string[];
}

export function newExchange(): Exchange {
  return { sent: false, secrets: [] };
}

/**
 * Looks at the reply to a command before the SDK does, which reads bodies of any size, makes room for as much as an event
 * claims to hold, and takes whatever comes for an event stream.
 *
 * @param exchange told what happens
 */
export function guardReply(command: ConverseStreamCommand | ListAsyncInvokesCommand, exchange: Exchange): void {
  // The stacks of commands and clients are of one kind; their types differ in the commands they are for.
  const stack = command.middlewareStack as BedrockRuntimeClient["middlewareStack"];
  stack.add(
    (next, { commandName }) =>
      async (args) => {
        const { headers } = args.request as { headers: Record<string, string> };
        exchange.sent = true;
        exchange.secrets.push(...secretsIn(headers));
        const result = await next(args);
        await guard(result.response as Reply, commandName === "ConverseStreamCommand");
        return result;
      },
    // The innermost of its step: after the request is signed, before the reply is read.
    { step: "deserialize", priority: "low", name: "strandsGuardReply" },
  );
}

/** The bearer token; of a signature the id of the key, since the key itself is never sent. */
function secretsIn(headers: Record<string, string>): string[] {
  const authorization = header(headers, "authorization") ?? "";
  const bearer = /^Bearer (\S+)/i.exec(authorization)?.[1];
  const keyId = /Credential=([^/]+)/.exec(authorization)?.[1];
  return [bearer, keyId, header(headers, "x-amz-security-token")].filter((secret) => secret !== undefined);
}

async function guard(reply: Reply, wantsStream: boolean): Promise<void> {
  const { statusCode, headers } = reply;
  const body = reply.body as AsyncIterable<Uint8Array>;
  const contentType = headers["content-type"] ?? "none";
  if (statusCode >= 300) reply.body = await readAtMost(maxErrorBytes, body);
  else if (!wantsStream) reply.body = await readAtMost(maxListBytes, body);
  else if (contentType.includes("vnd.amazon.eventstream")) reply.body = wholeEvents(body);
  else throw await misplaced(body, contentType, statusCode);
}

/** The error of a successful reply that is no stream: one in JSON may say what is wrong. */
async function misplaced(body: AsyncIterable<Uint8Array>, contentType: string, status: number): Promise<Error> {
  const text = new TextDecoder().decode(await readAtMost(maxErrorBytes, body));
  const reply = text === "" ? "an empty reply" : "a reply";
  const words = `${reply} of the type \`${contentType.slice(0, 80)}\` that is no event stream`;
  return errorIn(text) ?? new BedrockFailure("unreadable", words, status);
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
