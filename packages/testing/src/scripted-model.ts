import { type Model, type ModelChunk, type ModelRequest, ProviderError, type Usage } from "@strands/core";

/** One answer: a text, the very chunks to stream, or an error to throw. */
export type ScriptedReply = string | readonly ModelChunk[] | Error;

/**
 * What a scripted model answers: by step key or agent id (a step key wins), one reply for every call or a list with one
 * per call; or a function of the request and the number of the call, counted from 0.
 */
export type ModelScript =
  | Readonly<Record<string, ScriptedReply | readonly ScriptedReplyItem[]>>
  | ((request: ModelRequest, call: number) => ScriptedReply | Promise<ScriptedReply>);

/** One item of a list of replies; chunks are wrapped, so that a list of chunks is never taken for a list of replies. */
export type ScriptedReplyItem = string | Error | { readonly chunks: readonly ModelChunk[] };

/** How a scripted model behaves besides. */
export interface ScriptedModelOptions {
  /** Reported with each text. @defaultValue not reported */
  readonly usage?: Usage | undefined;
  /** Whether the conversations are copied into `requests`; not for very long ones. @defaultValue true */
  readonly recordMessages?: boolean | undefined;
  /** Text is streamed in pieces of this many characters. @defaultValue the whole text at once */
  readonly pieceLength?: number | undefined;
}

/** Stops calls until the test lets them go on. */
export interface Hold {
  /** Resolves with the request as soon as a call is held. */
  readonly reached: Promise<ModelRequest>;
  /** Lets held calls go on and holds no more. */
  release(): void;
}

/** A model for tests that says what it is told to, and remembers what it was asked. */
export interface ScriptedModel extends Model {
  /** Every call so far, in order, with a copy of its conversation. */
  readonly requests: readonly ModelRequest[];
  /** The number of calls so far, of all keys or of one step key or agent id. */
  calls(key?: string): number;
  /** Holds calls of a step key or agent id (all calls without one) before the chunk of this number. @defaultValue 0 */
  hold(key?: string, beforeChunk?: number): Hold;
}

/**
 * Makes a model that answers from a script. A call without an answer fails with `PROVIDER_BAD_REQUEST` and says which.
 *
 * @example
 * const model = scriptedModel({ "steps/0": "Facts.", writer: ["Draft.", "Final."] });
 */
export function scriptedModel(script: ModelScript, options: ScriptedModelOptions = {}): ScriptedModel {
  const requests: ModelRequest[] = [];
  const counts = new Map<string, number>();
  const holds = new Set<ActiveHold>();
  const count = (key: string): number => {
    const before = counts.get(key) ?? 0;
    counts.set(key, before + 1);
    return before;
  };

  async function* stream(
    request: ModelRequest,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<ModelChunk> {
    signal.throwIfAborted();
    const call = requests.length;
    requests.push({ ...request, messages: options.recordMessages === false ? [] : [...request.messages] });
    const ofKey = new Map([...new Set([request.stepKey, request.agentId])].map((key) => [key, count(key)]));
    const reply = typeof script === "function" ? await script(request, call) : lookUp(script, request, ofKey);
    if (reply instanceof Error) {
      await passHolds(holds, request, 0, signal);
      throw reply;
    }
    const chunks = typeof reply === "string" ? textChunks(reply, options) : reply;
    for (const [index, chunk] of chunks.entries()) {
      await passHolds(holds, request, index, signal);
      signal.throwIfAborted();
      yield chunk;
    }
    await passHolds(holds, request, chunks.length, signal);
  }

  return {
    provider: "scripted",
    modelId: undefined,
    stream,
    requests,
    calls: (key) => (key === undefined ? requests.length : (counts.get(key) ?? 0)),
    hold: (key, beforeChunk = 0) => addHold(holds, key, beforeChunk),
  };
}

function lookUp(
  script: Readonly<Record<string, ScriptedReply | readonly ScriptedReplyItem[]>>,
  request: ModelRequest,
  calls: ReadonlyMap<string, number>,
): ScriptedReply {
  const key = [request.stepKey, request.agentId].find((each) => Object.hasOwn(script, each));
  if (key === undefined) return missing(request, "no answer");
  const replies = script[key];
  if (replies === undefined || typeof replies === "string" || replies instanceof Error) return replies ?? "";
  if (!isReplyList(replies)) return replies;
  const call = calls.get(key) ?? 0;
  const reply = replies[call];
  if (reply === undefined) return missing(request, `only ${replies.length} answers`);
  return typeof reply === "string" || reply instanceof Error ? reply : reply.chunks;
}

/** A list that holds an object with a `type` is one reply in chunks, anything else is a list of replies. */
function isReplyList(list: readonly ModelChunk[] | readonly ScriptedReplyItem[]): list is readonly ScriptedReplyItem[] {
  return !list.some((item) => typeof item === "object" && "type" in item);
}

function missing(request: ModelRequest, what: string): ProviderError {
  return new ProviderError(
    "PROVIDER_BAD_REQUEST",
    `The scripted model has ${what} for step \`${request.stepKey}\` of agent \`${request.agentId}\``,
    { provider: "scripted", hint: "Add an answer to the script of the test." },
  );
}

function textChunks(text: string, options: ScriptedModelOptions): readonly ModelChunk[] {
  const length = options.pieceLength ?? Math.max(1, text.length);
  const pieces: ModelChunk[] = [];
  for (let start = 0; start < text.length; start += length) pieces.push(text.slice(start, start + length));
  if (options.usage !== undefined) pieces.push({ type: "usage", usage: options.usage });
  pieces.push({ type: "finish", reason: "stop" });
  return pieces;
}

interface ActiveHold {
  readonly key: string | undefined;
  readonly beforeChunk: number;
  readonly released: Promise<void>;
  readonly reach: (request: ModelRequest) => void;
}

function addHold(holds: Set<ActiveHold>, key: string | undefined, beforeChunk: number): Hold {
  let reach: (request: ModelRequest) => void = () => undefined;
  let open: () => void = () => undefined;
  const reached = new Promise<ModelRequest>((resolve) => {
    reach = resolve;
  });
  const released = new Promise<void>((resolve) => {
    open = resolve;
  });
  const hold: ActiveHold = { key, beforeChunk, released, reach };
  holds.add(hold);
  return {
    reached,
    release: () => {
      holds.delete(hold);
      open();
    },
  };
}

async function passHolds(
  holds: ReadonlySet<ActiveHold>,
  request: ModelRequest,
  chunk: number,
  signal: AbortSignal,
): Promise<void> {
  for (const hold of holds) {
    if (hold.beforeChunk !== chunk || !matches(hold.key, request)) continue;
    hold.reach(request);
    await orAborted(hold.released, signal);
  }
}

function matches(key: string | undefined, request: ModelRequest): boolean {
  return key === undefined || key === request.stepKey || key === request.agentId;
}

function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, reject);
  });
}
