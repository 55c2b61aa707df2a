import { inspect } from "node:util";
import type {
  FinishReason,
  Model,
  ModelChunk,
  ModelProvider,
  ModelRequest,
  ModelSettings,
  ProviderError,
  ToolCall,
  Usage,
} from "@strands/core";
import { StrandsError } from "@strands/core";
import type { ContractRunner } from "../session-contract-kit.js";
import { type FaultScript, respond } from "./fault-script.js";
import { FaultServer } from "./fault-server.js";
import type { ModelWire, WireAnswer, WireBody } from "./model-wire.js";

export interface ModelContractOptions extends ContractRunner {
  readonly name: string;
  readonly wire: ModelWire;
  /** Makes a provider that speaks to this server with this key and looks at nothing else, such as the environment. */
  create(baseUrl: string, key: string): ModelProvider;
  /** What its models need besides the provider's name. */
  readonly settings: Partial<ModelSettings>;
  /** Tests left out, by name, each with its reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** What a test of the contract has in its hands. */
export interface ModelSubject {
  readonly server: FaultServer;
  readonly provider: ModelProvider;
  readonly settings: ModelSettings;
  readonly model: Model;
  /** Calls the model and reads its answer to the end. */
  ask(request?: Partial<ModelRequest>, signal?: AbortSignal): Promise<Answer>;
  /** The failure of such a call. */
  fail(request?: Partial<ModelRequest>): Promise<ProviderError>;
}

/** A whole answer. */
export interface Answer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly usage: Usage | undefined;
  readonly finish: FinishReason | undefined;
}

export interface ModelContractKit {
  readonly describe: ContractRunner["describe"];
  readonly expect: ContractRunner["expect"];
  readonly wire: ModelWire;
  readonly test: (name: string, body: (subject: ModelSubject) => Promise<void>) => void;
  /** A response with this answer, event by event. */
  readonly reply: (answer: WireAnswer) => FaultScript;
  /** A response with these events, then whatever follows. */
  readonly stream: (events: readonly Uint8Array[], ...then: FaultScript) => FaultScript;
}

/** Like no vendor's keys, so that nothing recognises it by its looks. */
export const contractKey = "zebra.key/0123456789";

export function modelContractKit(options: ModelContractOptions): ModelContractKit {
  const { describe, it, expect, wire, skip = {} } = options;
  const test: ModelContractKit["test"] = (name, body) => {
    const run = async (): Promise<void> => {
      const rejections: unknown[] = [];
      const onRejection = (reason: unknown): void => void rejections.push(reason);
      process.on("unhandledRejection", onRejection);
      const server = await FaultServer.start();
      const subject = await openSubject(options, server);
      try {
        await body(subject);
        await subject.provider.close?.();
        await nextTurns();
      } finally {
        await server.close();
        process.off("unhandledRejection", onRejection);
      }
      expect(rejections).toEqual([]);
    };
    const reason = skip[name];
    if (reason === undefined) it(name, run);
    else it.skip(`${name} (${reason})`, run);
  };
  const stream = (events: readonly Uint8Array[], ...then: FaultScript): FaultScript => [
    { do: "head", status: 200, headers: { "content-type": wire.contentType } },
    ...events.map((data) => ({ do: "write_bytes", data }) as const),
    ...then,
  ];
  const reply = (answer: WireAnswer): FaultScript => stream(wire.events(answer), { do: "end" });
  return { describe, expect, wire, test, stream, reply };
}

async function openSubject(options: ModelContractOptions, server: FaultServer): Promise<ModelSubject> {
  const provider = options.create(server.url, contractKey);
  const settings: ModelSettings = {
    provider: provider.name,
    modelId: "contract-model",
    host: undefined,
    region: undefined,
    ...options.settings,
  };
  await provider.check?.(settings);
  const model = await provider.model(settings);
  const ask = (request: Partial<ModelRequest> = {}, signal = new AbortController().signal): Promise<Answer> =>
    collect(model.stream(modelRequest({ modelId: settings.modelId, ...request }), { signal }));
  const fail = (request?: Partial<ModelRequest>): Promise<ProviderError> => failureOf(ask(request));
  return { server, provider, settings, model, ask, fail };
}

/** A request for one answer to `Hello`. */
export function modelRequest(request: Partial<ModelRequest> = {}): ModelRequest {
  return {
    agentId: "writer",
    stepKey: "steps/0",
    modelId: undefined,
    system: "",
    messages: [{ role: "user", content: "Hello" }],
    tools: [],
    temperature: undefined,
    topP: undefined,
    maxTokens: undefined,
    outputSchema: undefined,
    attempt: 1,
    ...request,
  };
}

/** Reads a stream to its end. */
export async function collect(stream: AsyncIterable<ModelChunk>): Promise<Answer> {
  let text = "";
  const toolCalls: ToolCall[] = [];
  let usage: Usage | undefined;
  let finish: FinishReason | undefined;
  for await (const chunk of stream) {
    if (typeof chunk === "string") text += chunk;
    else if (chunk.type === "text") text += chunk.text;
    else if (chunk.type === "tool_call") toolCalls.push(chunk.call);
    else if (chunk.type === "usage") usage = chunk.usage;
    else finish = chunk.reason;
  }
  return { text, toolCalls, usage, finish };
}

/** The error a call ends with: a `ProviderError`, or the test fails. */
export async function failureOf(work: Promise<unknown>): Promise<ProviderError> {
  const outcome = await work.then(
    (value) => new Error(`it succeeded: ${inspect(value)}`),
    (reason: unknown) => reason,
  );
  if (StrandsError.isInstance(outcome) && outcome.name === "ProviderError") return outcome as ProviderError;
  throw outcome;
}

/** All that an error says, its hidden and nested parts too. */
export function allWordsOf(error: unknown): string {
  return inspect(error, { depth: 12, showHidden: true, maxStringLength: null });
}

/** An error response. */
export function errorReply(status: number, { contentType, body, headers = {} }: WireBody): FaultScript {
  const data = Buffer.from(body);
  return respond({ status, contentType, headers: { ...headers, "content-length": `${data.length}` } }, data);
}

/** Long enough for what was left behind to come to light. */
export async function nextTurns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}
