import type { Entry, EntryDraft, JsonValue, SessionRecord } from "@strands/core";

/** A record for tests of repositories; give what matters to the test. */
export function sampleRecord(id: string, over: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id,
    workflowName: "sample",
    patternType: "chain",
    specHash: "0".repeat(64),
    spec: {
      version: 0,
      name: "sample",
      runtime: { provider: "offline" },
      agents: { writer: { prompt: "Write." } },
      pattern: { type: "chain", config: { steps: [{ agent: "writer", input: "Begin" }] } },
    },
    variables: { topic: "tides" },
    createdAt: 1_700_000_000_000,
    ...over,
  };
}

/** An entry as an engine would append it. */
export function sampleEntry(seq: number, epoch: number, draft: EntryDraft): Entry {
  const { key, kind, body } = draft;
  return { v: 1, seq, epoch, key, kind, at: 1_700_000_000_000 + seq, body } as Entry;
}

/** An entry that holds a value under a key. */
export function valueEntry(seq: number, epoch: number, value: JsonValue, key: string = `value/${seq}`): Entry {
  return sampleEntry(seq, epoch, { key, kind: "value", body: { value } });
}

/** An entry of a model call. */
export function modelEntry(seq: number, epoch: number, text: string = `answer ${seq}`): Entry {
  const usage = { inputTokens: 3, outputTokens: 4 };
  const body = { agentId: "writer", text, finish: "stop", usage, provider: "offline" } as const;
  return sampleEntry(seq, epoch, { key: `steps/${seq}/model/0`, kind: "model", body });
}
