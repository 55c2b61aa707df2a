import { gzipSync } from "node:zlib";

/**
 * One thing that the server does with a response. Texts are sent as UTF-8. `times` repeats a text; what is longer than the
 * connection takes waits until the client has read it, and stops when the client is gone.
 */
export type FaultStep =
  /** Status line and headers. The body is chunked unless a header says how long it is. */
  | { readonly do: "head"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly do: "write"; readonly text: string; readonly times?: number }
  | { readonly do: "write_bytes"; readonly data: Uint8Array; readonly times?: number }
  | { readonly do: "write_hex"; readonly hex: string }
  /** Goes to the connection as it is, outside of any framing. */
  | { readonly do: "write_raw"; readonly text: string; readonly times?: number }
  /** One piece per turn of the event loop, each a chunk of its own. */
  | { readonly do: "drip" | "drip_utf8"; readonly text: string; readonly bytes: number }
  | { readonly do: "drip_bytes"; readonly data: Uint8Array; readonly bytes: number }
  | { readonly do: "write_gzip_of"; readonly text: string; readonly times: number }
  /** A piece per turn of the event loop, until the client is gone. */
  | { readonly do: "repeat_forever"; readonly text: string }
  | { readonly do: "repeat_bytes_forever"; readonly data: Uint8Array }
  | { readonly do: "wait"; readonly until: Promise<unknown> }
  /** The response is complete; the connection stays open for the next request. So it does when a script runs out. */
  | { readonly do: "end" }
  /** The connection is cut off with a TCP reset. */
  | { readonly do: "reset" }
  /** The server's half of the connection ends, whether the response is complete or not. */
  | { readonly do: "half_close" }
  /** Nothing more, until the client is gone. */
  | { readonly do: "hang" };

export type FaultScript = readonly FaultStep[];

/** What a whole response says of itself. */
export interface ResponseHead {
  /** @defaultValue 200 */
  readonly status?: number;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A whole response, its body in these pieces. */
export function respond(head: ResponseHead, ...body: readonly (string | Uint8Array)[]): FaultScript {
  const { status = 200, contentType, headers } = head;
  return [
    { do: "head", status, headers: { "content-type": contentType, ...headers } },
    ...body.map((data) => ({ do: "write_bytes", data: Buffer.from(data) }) as const),
    { do: "end" },
  ];
}

/** Where the steps of a script write to. Each promise resolves when the next step may begin, with `false` when the client is gone. */
export interface FaultSink {
  head(status: number, headers: Readonly<Record<string, string>>): Promise<boolean>;
  body(data: Uint8Array): Promise<boolean>;
  raw(data: Uint8Array): Promise<boolean>;
  turn(): Promise<boolean>;
  gone(): Promise<false>;
  end(): Promise<boolean>;
  reset(): void;
  halfClose(): void;
}

/** Plays a script. */
export async function playScript(script: FaultScript, sink: FaultSink): Promise<void> {
  for (const step of script) if (!(await playStep(step, sink))) return;
  await sink.end();
}

const blockBytes = 64 * 1024;

async function playStep(step: FaultStep, sink: FaultSink): Promise<boolean> {
  switch (step.do) {
    case "head":
      return sink.head(step.status, step.headers ?? {});
    case "write":
      return repeat(Buffer.from(step.text), step.times ?? 1, (data) => sink.body(data));
    case "write_bytes":
      return repeat(step.data, step.times ?? 1, (data) => sink.body(data));
    case "write_hex":
      return sink.body(Buffer.from(step.hex, "hex"));
    case "write_raw":
      return repeat(Buffer.from(step.text), step.times ?? 1, (data) => sink.raw(data));
    case "drip":
    case "drip_utf8":
      return drip(Buffer.from(step.text), step.bytes, sink);
    case "drip_bytes":
      return drip(step.data, step.bytes, sink);
    case "write_gzip_of":
      return writeGzip(step.text, step.times, sink);
    case "repeat_forever":
      return repeatForever(Buffer.from(step.text), sink);
    case "repeat_bytes_forever":
      return repeatForever(step.data, sink);
    case "wait":
      await Promise.race([step.until, sink.gone()]);
      return true;
    case "end":
      await sink.end();
      return false;
    case "reset":
      sink.reset();
      return false;
    case "half_close":
      sink.halfClose();
      return false;
    case "hang":
      return sink.gone();
  }
}

/** In blocks, so that a body of gigabytes costs no memory here. */
async function repeat(
  data: Uint8Array,
  times: number,
  write: (data: Uint8Array) => Promise<boolean>,
): Promise<boolean> {
  const perBlock = Math.max(1, Math.min(times, Math.floor(blockBytes / Math.max(1, data.length))));
  const block = perBlock === 1 ? data : Buffer.concat(Array.from({ length: perBlock }, () => data));
  for (let left = times; left > 0; left -= perBlock) {
    const part = left < perBlock ? block.subarray(0, left * data.length) : block;
    if (!(await write(part))) return false;
  }
  return true;
}

async function drip(data: Uint8Array, bytes: number, sink: FaultSink): Promise<boolean> {
  for (let at = 0; at < data.length; at += bytes) {
    if (!(await sink.body(data.subarray(at, at + bytes))) || !(await sink.turn())) return false;
  }
  return true;
}

async function repeatForever(data: Uint8Array, sink: FaultSink): Promise<false> {
  while ((await sink.body(data)) && (await sink.turn()));
  return false;
}

/** A gzip file may have many members, so one of them is packed once and sent as often as it takes. */
function writeGzip(text: string, times: number, sink: FaultSink): Promise<boolean> {
  const perMember = Math.min(times, Math.max(1, Math.floor((1024 * 1024) / Math.max(1, text.length))));
  const member = gzipSync(text.repeat(perMember));
  return repeat(member, Math.ceil(times / perMember), (data) => sink.body(data));
}
