import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ModelFunction, SessionRepository, Spec, Tool } from "@strands/core";
import { SessionManager, WorkflowClient } from "@strands/core";
import { sequentialIds } from "@strands/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KeptPlace, keptStorages } from "./support/kept-storage.js";

// What every released version has stored. It is never edited; STRANDS_SAVE_SESSIONS=<version> adds that of a new one.
const kept = fileURLToPath(new URL("../../../conformance/repositories/", import.meta.url));
const saving = process.env["STRANDS_SAVE_SESSIONS"];
if (saving !== undefined) mkdirSync(`${kept}${saving}`, { recursive: true });
/** Versions that stored something else than the next one. */
const versionsOf = (file: string): readonly string[] =>
  readdirSync(kept).filter((version) => version === saving || existsSync(`${kept}${version}/${file}`));

const agent = (id: string, input: string) => ({ agent: id, input });
const spec = (steps: readonly object[]): Spec =>
  ({
    version: 1,
    name: "kept",
    runtime: { provider: "test" },
    inputs: { values: { topic: "rivers" } },
    agents: { ann: { prompt: "You are Ann.", tools: [] }, ben: { prompt: "You are Ben." } },
    pattern: { type: "chain", config: { steps } },
    outputs: { artifacts: [{ path: "out.md", from: "{{ last_response }}" }] },
  }) as unknown as Spec;
const plain = spec([agent("ben", "One about {{ topic }}"), agent("ann", "Two"), agent("ann", "Three")]);
const asking = spec([
  agent("ann", "One"),
  { type: "hitl", prompt: "Good?", default: "yes" },
  agent("ben", "{{ hitl_response }}"),
]);

/** Answers with the length of the conversation, calls its tool once a turn, and at one step does what it is told to. */
function modelFor(
  at: { readonly step?: string; readonly act?: () => Promise<never> },
  calls: string[] = [],
): ModelFunction {
  return async function* model(request) {
    calls.push(request.stepKey);
    if (request.stepKey === at.step) await at.act?.();
    const { messages } = request;
    if (request.tools.length > 0 && messages.at(-1)?.role === "user") {
      yield { type: "tool_call", call: { id: "c1", name: "weather", input: { city: "Rome" } } };
      yield { type: "usage", usage: { inputTokens: 10, outputTokens: 3 } };
      return;
    }
    yield `${request.agentId} after ${messages.length}`;
    yield { type: "usage", usage: { inputTokens: 20, outputTokens: 5 } };
  };
}

const weather: Tool = {
  name: "weather",
  description: "Says the weather.",
  inputSchema: { type: "object" },
  effect: "read",
  execute: async () => ({ sky: "clear", odd: "\0 é" }),
};

const time = { monotonicMs: () => 0, sleep: async () => {}, every: () => () => {} };
/** No process has such a number. */
const dead = { pid: 4_194_305, host: "kept", started: "1" };
const today = { pid: 7, host: "kept", started: "2" };

function clientOn(sessions: SessionRepository, model: ModelFunction): WorkflowClient {
  let now = Date.UTC(2026, 10, 22);
  const clock = { now: () => (now += 1000), sleep: () => Promise.resolve() };
  const artifacts = { write: async () => ({ location: "nowhere" }) };
  return new WorkflowClient({
    sessions,
    model,
    tools: [weather],
    clock,
    ids: sequentialIds(),
    owner: "strands",
    artifacts,
  });
}

/** Stores sessions as they are left behind, and gives all that is stored. */
async function save(place: KeptPlace): Promise<string> {
  const sessions = place.open({ me: dead, time });
  await clientOn(sessions, modelFor({})).run(plain, {
    sessionId: "completed",
    variables: { topic: "tea", ünï: ["a", { b: null }] },
  });
  await clientOn(sessions, modelFor({})).run(asking, { sessionId: "paused" });
  const fail = () => Promise.reject(new Error("not yet"));
  await clientOn(sessions, modelFor({ step: "steps/1", act: fail })).run(plain, { sessionId: "failed" });
  let stuck = (): void => {};
  const isStuck = new Promise<void>((resolve) => {
    stuck = resolve;
  });
  const hang = (): Promise<never> => {
    stuck();
    return new Promise(() => {});
  };
  const running = clientOn(sessions, modelFor({ step: "steps/2", act: hang })).start(plain, { sessionId: "running" });
  await isStuck;
  const text = await place.dump();
  running.cancel("enough");
  await running.result;
  await sessions.close?.();
  return withoutChance(text);
}

/** Random ids give way to numbers, in the order they come. */
function withoutChance(text: string): string {
  const seen = new Map<string, string>();
  return text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
    const known = seen.get(id) ?? `00000000-0000-4000-8000-${String(seen.size + 1).padStart(12, "0")}`;
    seen.set(id, known);
    return known;
  });
}

describe.each(keptStorages)("sessions kept in $file", ({ file, start }) => {
  const versions = versionsOf(file);
  let storage: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    storage = await start();
    if (saving !== undefined) writeFileSync(`${kept}${saving}/${file}`, await save(await storage.place()));
  }, 60_000);
  afterAll(() => storage?.stop(), 30_000);

  it("are stored today as the newest version did: else add what is stored now, and say in decisions/0002 or 0010 what is new", async () => {
    expect(await save(await storage.place())).toBe(readFileSync(`${kept}${versions.at(-1)}/${file}`, "utf8"));
  });

  describe.each(versions)("by version %s", (version) => {
    const restored = async (calls: string[] = []) => {
      const place = await storage.place();
      await place.restore(readFileSync(`${kept}${version}/${file}`, "utf8"));
      const sessions = place.open({ me: today, time });
      return { sessions, client: clientOn(sessions, modelFor({}, calls)) };
    };

    it("are listed and shown", async () => {
      const { sessions, client } = await restored();
      const manager = new SessionManager(client);
      const { sessions: found, notices } = await manager.list();
      expect(Object.fromEntries(found.map(({ id, status }) => [id, status]))).toEqual({
        completed: "completed",
        failed: "failed",
        paused: "paused",
        running: "running",
      });
      expect(notices).toEqual([]);
      expect((await manager.list({ status: "paused" })).sessions.map(({ id }) => id)).toEqual(["paused"]);
      expect((await manager.get("completed")).record.variables).toEqual({ topic: "tea", ünï: ["a", { b: null }] });
      const { interrupts } = await manager.get("paused");
      expect(interrupts).toMatchObject([{ interrupt: { prompt: "Good?", default: "yes", stepKey: "steps/1" } }]);
      expect((await manager.steps("failed")).map(({ stepKey, response, tools }) => [stepKey, response, tools])).toEqual(
        [["steps/0", "ben after 3", ["weather"]]],
      );
      await sessions.close?.();
    });

    it.each([
      ["failed", {}, "ann after 3", ["steps/1", "steps/2"]],
      ["running", {}, "ann after 3", ["steps/2"]],
      ["paused", { response: "fine" }, "ben after 3", ["steps/2", "steps/2"]],
    ])("the %s one goes on to its end, and nothing recorded is done again", async (id, answer, last, asked) => {
      const calls: string[] = [];
      const { sessions, client } = await restored(calls);
      expect(await client.resume(id, answer).result).toMatchObject({ status: "completed", lastResponse: last });
      expect(calls).toEqual(asked);
      const { entries } = await sessions.load(id);
      expect(entries.at(-1)).toMatchObject({ kind: "run.completed", epoch: 2, body: { lastResponse: last } });
      await sessions.close?.();
    });

    it("the completed one is over, and all can be deleted and made anew", async () => {
      const { sessions, client } = await restored();
      await expect(client.resume("completed").result).rejects.toMatchObject({ code: "SESSION_COMPLETED" });
      for (const id of ["completed", "failed", "paused", "running"]) await sessions.delete(id);
      expect((await sessions.list()).sessions).toEqual([]);
      expect(await client.run(plain, { sessionId: "completed" })).toMatchObject({ status: "completed" });
      await sessions.close?.();
    });
  });
});
