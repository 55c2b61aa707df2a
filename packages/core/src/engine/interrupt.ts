import { SessionError, TemplateError } from "../error/errors.js";
import { sha256 } from "../platform/sha256.js";
import type { Entry, EntryDraft, InterruptAnswer, InterruptRecord } from "../session/entry.js";
import { canonicalJson } from "../spec/canonical-json.js";
import { sameChoice } from "../spec/choices.js";
import { compileRegex } from "../template/regex/compile-regex.js";

/** What an executor asks a person. */
export interface InterruptRequest {
  /** Name of the pause in the spec. */
  readonly name?: string | undefined;
  readonly prompt: string;
  /** Makes what the person is shown next to the prompt; called once, when the question is opened. @defaultValue nothing */
  readonly context?: () => string;
  readonly type?: InterruptRecord["type"];
  /** Accepted answers; case and white space do not count. @defaultValue any */
  readonly choices?: readonly string[];
  /** Whether the answer may be feedback that makes the step before run again. @defaultValue false */
  readonly revisable?: boolean;
  /** What may be answered, in words. */
  readonly accepts?: string;
  /** Regular expression the answer must match. */
  readonly pattern?: string | undefined;
  /** Answer taken when the time is up. */
  readonly default?: string | undefined;
  /** Milliseconds until then. */
  readonly timeoutMs?: number | undefined;
}

/** Makes the record of a question, with the digest an answer must name. */
export function openInterrupt(
  request: InterruptRequest,
  place: {
    readonly id: string;
    readonly stepKey: string;
    readonly sessionId: string;
    readonly specHash: string;
    readonly now: number;
  },
): InterruptRecord {
  const record = {
    id: place.id,
    stepKey: place.stepKey,
    type: request.type ?? "input",
    prompt: request.prompt,
    context: request.context?.() ?? "",
    ...(request.choices === undefined ? {} : { choices: request.choices }),
    ...(request.revisable === true ? { revisable: true as const } : {}),
    ...(request.accepts === undefined ? {} : { accepts: request.accepts }),
    ...(request.pattern === undefined ? {} : { pattern: request.pattern }),
    ...(request.default === undefined ? {} : { default: request.default }),
    ...(request.timeoutMs === undefined ? {} : { expiresAt: place.now + request.timeoutMs }),
  };
  // The name only helps to find the question: an answer stays good when it is there.
  const named = request.name === undefined ? {} : { name: request.name };
  return { ...record, ...named, digest: digestOf(record, place) };
}

/** The digest of a question: it binds an answer to everything that was shown, and to the session. */
export function digestOf(
  { name: _, ...shown }: Omit<InterruptRecord, "digest">,
  { sessionId, specHash }: { readonly sessionId: string; readonly specHash: string },
): string {
  return sha256(canonicalJson({ ...shown, sessionId, specHash }));
}

/** An interrupt with its answer, when it has one, and when that was given. */
export interface InterruptState {
  readonly interrupt: InterruptRecord;
  readonly answer: InterruptAnswer | undefined;
  /** Milliseconds since the epoch. */
  readonly answeredAt: number | undefined;
}

/** Every interrupt of a journal, in the order they were opened. */
export function interruptsOf(entries: readonly Entry[]): readonly InterruptState[] {
  const states = new Map<string, InterruptState>();
  for (const entry of entries) {
    if (entry.kind === "interrupt.opened") {
      states.set(entry.body.id, { interrupt: entry.body, answer: undefined, answeredAt: undefined });
    } else if (entry.kind === "interrupt.answered") {
      const state = states.get(entry.body.id);
      if (state !== undefined) states.set(entry.body.id, { ...state, answer: entry.body, answeredAt: entry.at });
    }
  }
  return [...states.values()];
}

/** An answer as an entry of the journal. */
export function answerDraft(interrupt: InterruptRecord, body: InterruptAnswer): EntryDraft {
  return { key: answerKey(interrupt), kind: "interrupt.answered", body };
}

/** The key of a question's answer. */
export function answerKey({ stepKey }: Pick<InterruptRecord, "stepKey">): string {
  return `${stepKey}/answer`;
}

/** Whether the time to answer is up. */
export function isDue({ expiresAt }: InterruptRecord, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

/** The answer a session takes when nobody answered in time. */
export function timeoutAnswer(interrupt: InterruptRecord): InterruptAnswer {
  const response = interrupt.default === undefined || interrupt.default === "" ? "timeout_expired" : interrupt.default;
  return { id: interrupt.id, digest: interrupt.digest, response, source: "timeout" };
}

/**
 * Checks an answer against what the question accepts.
 *
 * @throws {@link SessionError} `INTERRUPT_INVALID`, with the accepted forms.
 */
export function checkResponse(
  interrupt: InterruptRecord,
  response: string,
  sessionId: string,
  action?: InterruptAnswer["action"],
): void {
  const { accepts, choices, pattern, revisable } = interrupt;
  if (action === "modify" && revisable !== true) {
    throw new SessionError("INTERRUPT_INVALID", "Nothing can be run again at this question", {
      sessionId,
      hint: "Answer it with a text, or reject it to end the run.",
    });
  }
  if (action !== undefined) return;
  if (choices !== undefined && !choices.some((choice) => sameChoice(choice, response))) {
    throw new SessionError("INTERRUPT_INVALID", `\`${response}\` is not one of the accepted answers`, {
      sessionId,
      hint: `Answer one of: ${choices.join(", ")}.`,
    });
  }
  if (pattern !== undefined && !matches(pattern, response, sessionId)) {
    throw new SessionError("INTERRUPT_INVALID", `The answer does not match the pattern \`${pattern}\``, {
      sessionId,
      hint: accepts === undefined ? "Give an answer that matches the pattern." : `Accepted: ${accepts}.`,
    });
  }
}

function matches(pattern: string, response: string, sessionId: string): boolean {
  const regex = compileRegex(pattern);
  let length = response.length;
  // How much can be checked depends on the pattern and the text. Few tries: each of them goes to the limit.
  for (; ; length >>= 2) {
    try {
      const found = regex.search(response.slice(0, length)) !== undefined;
      if (length === response.length) return found;
      break;
    } catch (error) {
      if (!(error instanceof TemplateError) || error.code !== "TEMPLATE_LIMIT" || length === 0) throw error;
    }
  }
  throw new SessionError("INTERRUPT_INVALID", "The answer is too long to be checked against the question's pattern", {
    sessionId,
    hint: `Give a shorter one: up to ${length} characters of this answer can be checked.`,
  });
}
