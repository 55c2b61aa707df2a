import type { ErrorRecord } from "../error/strands-error.js";
import type { ToolCall, ToolResult, Usage } from "../model/model.js";
import type { ArtifactRecord, EntryBodies, EntryKind } from "./entry.js";
import type { Check } from "./shape.js";
import { count, data, holds, list, members, oneOf, optional, shape, text, time, yes } from "./shape.js";

const usage = shape<Usage>({ inputTokens: count, outputTokens: count });
const failedUsage = optional(usage);
const error = shape<ErrorRecord>({
  name: text,
  code: text,
  message: text,
  hint: optional(text),
  details: optional(members),
});
const call = shape<ToolCall>({ id: text, name: text, input: data, providerData: optional(data) });
const result = shape<ToolResult>({
  callId: text,
  name: text,
  content: data,
  isError: holds((value) => typeof value === "boolean"),
});
const file = shape<ArtifactRecord>({ path: text, sha256: text, bytes: count });

/** Every kind of version 1. */
const bodies: { readonly [K in EntryKind]: Check } = {
  "run.started": shape<EntryBodies["run.started"]>({ runId: text, owner: text }),
  "run.paused": shape<EntryBodies["run.paused"]>({ runId: text, interrupts: list(text), failedUsage }),
  "run.completed": shape<EntryBodies["run.completed"]>({ runId: text, lastResponse: text, agentId: text, failedUsage }),
  "run.failed": shape<EntryBodies["run.failed"]>({ runId: text, error, failedUsage }),
  "run.cancelled": shape<EntryBodies["run.cancelled"]>({
    runId: text,
    reason: text,
    rejected: optional(yes),
    failedUsage,
  }),
  model: shape<EntryBodies["model"]>({
    agentId: text,
    input: optional(text),
    text,
    toolCalls: optional(list(call)),
    correction: optional(text),
    // Providers may have reasons of their own.
    finish: text,
    usage,
    estimated: optional(yes),
    failedUsage,
    provider: text,
    modelId: optional(text),
    startedAt: optional(time),
    attempts: optional(count),
  }),
  "tool.intent": shape<EntryBodies["tool.intent"]>({
    agentId: text,
    call,
    effect: oneOf("read", "idempotent", "once"),
  }),
  "tool.result": shape<EntryBodies["tool.result"]>({ result }),
  value: shape<EntryBodies["value"]>({ value: data }),
  "interrupt.opened": shape<EntryBodies["interrupt.opened"]>({
    id: text,
    digest: text,
    stepKey: text,
    name: optional(text),
    type: oneOf("input", "tool"),
    prompt: text,
    context: text,
    choices: optional(list(text)),
    accepts: optional(text),
    revisable: optional(yes),
    pattern: optional(text),
    default: optional(text),
    expiresAt: optional(time),
  }),
  "interrupt.answered": shape<EntryBodies["interrupt.answered"]>({
    id: text,
    digest: text,
    response: text,
    action: optional(oneOf("modify", "reject")),
    source: oneOf("person", "timeout"),
    by: optional(text),
  }),
  "artifacts.intent": shape<EntryBodies["artifacts.intent"]>({ files: list(file) }),
  "artifact.written": shape<EntryBodies["artifact.written"]>({ path: text }),
};

/** Whether this version knows the kind. */
export function isKnownKind(kind: unknown): kind is EntryKind {
  return typeof kind === "string" && Object.hasOwn(bodies, kind);
}

/** The members from a body to the first field that is not what it must be; `undefined` when all are. */
export function findBadField(kind: EntryKind, body: unknown): readonly string[] | undefined {
  return bodies[kind](body);
}
