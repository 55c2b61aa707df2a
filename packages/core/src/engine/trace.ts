import { isoTime } from "../platform/iso-time.js";
import type { Program } from "../program/program.js";
import type { Entry } from "../session/entry.js";

interface Span {
  readonly name: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly duration_ms: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly events: readonly [];
  readonly status: { readonly status_code: "OK" | "ERROR"; readonly description: string };
}

/**
 * The trace of a session as artifacts show it under `TRACE`: what was called, when and how long, from the journal. No prompt,
 * answer or tool input is in it.
 */
export function traceOf(sessionId: string, { name, pattern }: Program, entries: readonly Entry[]): string {
  const begun = new Map<string, number>();
  const spans: Span[] = [];
  const add = (what: string, from: number, to: number, attributes: Span["attributes"], failed = false): void => {
    const status = { status_code: failed ? ("ERROR" as const) : ("OK" as const), description: "" };
    const times = { start_time: isoTime(from), end_time: isoTime(to), duration_ms: to - from };
    spans.push({ name: what, ...times, attributes, events: [], status });
  };
  for (const { key, kind, at, body } of entries) {
    if (kind === "model") {
      const { inputTokens, outputTokens } = body.usage;
      const attributes = { key, agent: body.agentId, provider: body.provider, model: body.modelId ?? "" };
      const usage = { input_tokens: inputTokens, output_tokens: outputTokens, attempts: body.attempts ?? 1 };
      add("model", body.startedAt ?? at, at, { ...attributes, ...usage });
    } else if (kind === "tool.intent") begun.set(key.replace(/\/intent(?:\/\d+)?$/, ""), at);
    else if (kind === "tool.result") {
      const { name: tool, isError } = body.result;
      add("tool", begun.get(key) ?? at, at, { key, tool }, isError);
    } else if (kind === "interrupt.opened") begun.set(body.id, at);
    else if (kind === "interrupt.answered")
      add("interrupt", begun.get(body.id) ?? at, at, { key, source: body.source });
  }
  const first = entries[0]?.at ?? 0;
  const duration_ms = spans.length === 0 ? 0 : (entries.findLast(({ kind }) => isWork(kind))?.at ?? first) - first;
  const head = { trace_id: sessionId, spec_name: name, pattern: pattern.type, duration_ms };
  return JSON.stringify({ ...head, span_count: spans.length, evicted_count: 0, spans }, null, 2);
}

function isWork(kind: Entry["kind"]): boolean {
  return kind === "model" || kind === "tool.result" || kind === "interrupt.answered";
}
