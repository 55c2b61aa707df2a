import type { JsonObject, JsonValue, Message, ToolDeclaration } from "@strands/core";
import type { ModelWire, WireAnswer, WireBody, WireReading } from "@strands/testing/model";

/** `/api/chat` of Ollama, from the server's side. */
export const ollamaWire: ModelWire = {
  contentType: "application/x-ndjson",
  events: (answer) => [...linesOf(answer)].map(line),
  error: (status, kind, message) => {
    const words = kind === "overflow" ? "the input length exceeds the context length" : message;
    if (kind === "quota") return json({ error: `you have reached your weekly usage limit: ${words}` });
    return json({ error: kind === "not_found" ? `model "contract-model" not found: ${words} (${status})` : words });
  },
  errorEvent: (message) => line({ error: message }),
  listing: () => json({ models: [{ name: "gpt-oss", model: "gpt-oss" }] }),
  readRequest: ({ body, headers }) => readChat(body as ChatBody, headers["authorization"]),
};

function* linesOf({ text = [], toolCalls = [], usage, finish = "stop" }: WireAnswer): Generator<object> {
  for (const content of text) yield part({ content });
  for (const { id, name, pieces } of toolCalls) {
    const call = { id, function: { name, arguments: argumentsOf(pieces.join("")) } };
    yield part({ content: "", tool_calls: [call] });
  }
  if (finish === "missing") return;
  const reasons: Record<string, string> = { tool_calls: "stop", other: "load", unknown: "because" };
  yield {
    ...part({ content: "" }),
    done: true,
    done_reason: reasons[finish] ?? finish,
    total_duration: 1,
    ...(usage === undefined ? {} : { prompt_eval_count: usage.inputTokens, eval_count: usage.outputTokens }),
  };
}

function part(message: object): object {
  return {
    model: "contract-model",
    created_at: "2026-01-01T00:00:00Z",
    message: { role: "assistant", ...message },
    done: false,
  };
}

/** What is no JSON can only be sent as text, as servers before Ollama do. */
function argumentsOf(text: string): unknown {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return text;
  }
}

function line(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

function json(value: object): WireBody {
  return { contentType: "application/json; charset=utf-8", body: JSON.stringify(value) };
}

interface ChatBody {
  readonly model: string;
  readonly messages: readonly {
    readonly role: string;
    readonly content: string;
    readonly tool_name?: string;
    readonly tool_call_id?: string;
    readonly tool_calls?: readonly {
      readonly id: string;
      readonly function: { readonly name: string; readonly arguments: JsonValue };
    }[];
  }[];
  readonly tools?: readonly {
    readonly function: { readonly name: string; readonly description: string; readonly parameters: JsonObject };
  }[];
  readonly options?: { readonly temperature?: number; readonly top_p?: number; readonly num_predict?: number };
  readonly format?: JsonObject;
}

function readChat(
  { model, messages, tools = [], options = {}, format }: ChatBody,
  key: string | undefined,
): WireReading {
  return {
    modelId: model,
    system: messages
      .filter(({ role }) => role === "system")
      .map(({ content }) => content)
      .join("\n"),
    messages: messagesOf(messages),
    tools: tools.map(
      ({ function: { name, description, parameters } }): ToolDeclaration => ({
        name,
        description,
        inputSchema: parameters,
      }),
    ),
    temperature: options.temperature,
    topP: options.top_p,
    maxTokens: options.num_predict,
    outputSchema: format,
    key: key?.replace("Bearer ", ""),
  };
}

/** Results that follow each other are of one answer. */
function messagesOf(messages: ChatBody["messages"]): Message[] {
  const read: Message[] = [];
  for (const { role, content, tool_calls = [], tool_call_id: callId = "", tool_name: name = "" } of messages) {
    if (role === "user") read.push({ role, content });
    if (role === "assistant") {
      const toolCalls = tool_calls.map(({ id, function: { name, arguments: input } }) => ({ id, name, input }));
      read.push({ role, content, ...(toolCalls.length === 0 ? {} : { toolCalls }) });
    }
    if (role !== "tool") continue;
    const isError = content.startsWith("Error: ");
    const result = { callId, name, content: isError ? content.slice("Error: ".length) : content, isError };
    const last = read.at(-1);
    if (last?.role === "tool") read.splice(-1, 1, { role, results: [...last.results, result] });
    else read.push({ role, results: [result] });
  }
  return read;
}
