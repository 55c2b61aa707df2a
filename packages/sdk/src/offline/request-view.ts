import type { Message, ModelRequest, ToolResult } from "@strands/core";

/** What the simulator looks at of a request: bounded, however long the conversation is. */
export interface RequestView {
  readonly agentId: string;
  readonly stepKey: string;
  /** The system prompt, cleaned and clipped. */
  readonly system: string;
  /** The last user message, cleaned and clipped. */
  readonly user: string;
  /** Whether a tool was called since the last user message. */
  readonly calledTool: boolean;
  /** What tools gave back since the last user message. */
  readonly toolResults: readonly ToolResult[];
  /** How many recent answers of this agent held a score. */
  readonly scoresGiven: number;
  /** Number of messages in the conversation. */
  readonly length: number;
}

/** How many messages are looked at, from the end. */
const windowSize = 64;
/** How many characters are looked at, at the beginning and at the end of each text. */
const clipSize = 8192;

/** Reads what matters of a request, without looking at more than the end of the conversation. */
export function viewRequest(request: ModelRequest): RequestView {
  const { messages } = request;
  const first = Math.max(0, messages.length - windowSize);
  const toolResults: ToolResult[] = [];
  let user: string | undefined;
  let calledTool = false;
  let scoresGiven = 0;
  for (let index = messages.length - 1; index >= first; index -= 1) {
    const message = messages[index] as Message;
    if (message.role === "assistant" && holdsScore(message.content)) scoresGiven += 1;
    if (user !== undefined) continue;
    if (message.role === "user") user = message.content;
    else calledTool = calledTool || message.role === "tool" || (message.toolCalls?.length ?? 0) > 0;
    if (message.role === "tool") toolResults.unshift(...message.results);
  }
  return {
    agentId: clean(request.agentId),
    stepKey: request.stepKey,
    system: clean(clip(request.system)),
    user: clean(clip(user ?? "")),
    calledTool,
    toolResults,
    scoresGiven,
    length: messages.length,
  };
}

/**
 * Takes out control characters, direction marks and halves of characters, so that they never come back in an answer, and
 * runs of blanks, so that no pattern has to walk through them.
 */
export function clean(text: string): string {
  return text
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Zs}]/gu, " ")
    .replace(/ {2,}/g, " ")
    .replace(/(?: ?\n){3,}/g, "\n\n");
}

function clip(text: string): string {
  if (text.length <= 2 * clipSize) return text;
  return `${text.slice(0, clipSize)}\n${text.slice(-clipSize)}`;
}

function holdsScore(content: string): boolean {
  return /"score"\s{0,4}:|\bScore: \d/.test(content.slice(0, clipSize));
}

const counted = new WeakMap<readonly Message[], { messages: number; characters: number }>();

/**
 * The characters of a whole conversation. The array is append-only, so what was counted before is not counted again:
 * a long conversation costs no more per call than a short one.
 */
export function countCharacters(messages: readonly Message[]): number {
  let known = counted.get(messages);
  if (known === undefined || known.messages > messages.length) {
    known = { messages: 0, characters: 0 };
    counted.set(messages, known);
  }
  for (; known.messages < messages.length; known.messages += 1) {
    known.characters += charactersOf(messages[known.messages] as Message);
  }
  return known.characters;
}

function charactersOf(message: Message): number {
  if (message.role === "tool") return JSON.stringify(message.results).length;
  if (message.role === "assistant" && message.toolCalls !== undefined) {
    return message.content.length + JSON.stringify(message.toolCalls).length;
  }
  return message.content.length;
}
