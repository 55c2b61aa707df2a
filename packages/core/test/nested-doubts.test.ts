import { expect, it } from "vitest";
import type { PatternSpec, Spec, StepSpec } from "../src/index.js";
import { errorOf } from "./support/error-of.js";
import { crashOnKind, faultyRepository } from "./support/faulty-repository.js";
import { lastText, scriptedModel, toolCall } from "./support/scripted-model.js";
import { tool } from "./support/tool-turns.js";
import { bench } from "./support/workflows.js";

const said = (agent: string): StepSpec => ({ agent, input: `${agent} here` });
// biome-ignore lint/suspicious/noThenProperty: a key of the format
const route = { go: { then: [said("quiet"), said("sender")] } };

/** A workflow of each pattern in which one step calls a tool, by the key of that step. */
const places: Readonly<Record<string, PatternSpec>> = {
  "steps/1": { type: "chain", config: { steps: [said("quiet"), said("sender"), said("quiet")] } },
  "tasks/b": {
    type: "workflow",
    config: {
      tasks: [
        { id: "a", agent: "quiet" },
        { id: "b", agent: "sender" },
        { id: "c", deps: ["a", "b"], agent: "quiet", input: "{{ tasks.b.response }}" },
      ],
    },
  },
  "routes/go/1": { type: "routing", config: { router: { agent: "router" }, routes: route } },
  "branches/b/0": {
    type: "parallel",
    config: {
      branches: [
        { id: "a", steps: [said("quiet"), said("quiet")] },
        { id: "b", steps: [said("sender"), said("quiet")] },
      ],
      reduce: { agent: "quiet", input: "{{ branches.b.response }}" },
    },
  },
  "draft/1": {
    type: "evaluator_optimizer",
    config: { producer: "sender", evaluator: { agent: "judge" }, accept: { min_score: 50 } },
  },
  "workers/1/0": {
    type: "orchestrator_workers",
    config: {
      orchestrator: { agent: "splitter" },
      worker_template: { agent: "sender" },
      reduce: { agent: "quiet", input: "{% for w in workers %}{{ w.response }} {% endfor %}" },
    },
  },
  reduce: {
    type: "orchestrator_workers",
    config: {
      orchestrator: { agent: "splitter" },
      worker_template: { agent: "quiet" },
      reduce: { agent: "sender", input: "{{ num_workers }}" },
    },
  },
  "nodes/loop/2": {
    type: "graph",
    config: {
      nodes: { loop: { agent: "sender", input: "{{ nodes.loop.iteration }}" }, end: { agent: "quiet" } },
      edges: [
        {
          from: "loop",
          choose: [
            { when: "nodes.loop.iteration < 3", to: "loop" },
            { when: "else", to: "end" },
          ],
        },
      ],
    },
  },
};

const json: Readonly<Record<string, string>> = {
  router: '{"route": "go"}',
  judge: '{"score": 90}',
  splitter: '["part"]',
};

it.each(Object.entries(places))(
  "asks about a tool that a crash interrupted at %s, and goes on as if nothing had happened",
  async (key, pattern) => {
    const spec: Spec = {
      version: 0,
      name: "doubts",
      runtime: { provider: "test" },
      agents: Object.fromEntries(["quiet", "sender", ...Object.keys(json)].map((id) => [id, { prompt: id }])),
      pattern,
    };
    const calls: string[] = [];
    const send = tool("send", (_, { idempotencyKey }) => {
      calls.push(idempotencyKey);
      return "sent";
    });
    const model = scriptedModel((request) => {
      const last = request.messages.at(-1);
      if (request.stepKey === key && last?.role === "user") return [toolCall("send")];
      return json[request.agentId] ?? `${request.agentId}: ${lastText(request)}`;
    });
    const calm = await bench({ model, tools: [send] }).client.run(spec);
    expect(calm.status).toBe("completed");
    calls.length = 0;

    const sessions = faultyRepository();
    const { client } = bench({ model, tools: [send], sessions });
    sessions.onAppend(crashOnKind("tool.result"));
    expect((await errorOf(client.run(spec))).code).toBe("SESSION_STORAGE");
    sessions.onAppend(() => "works");

    const paused = await client.resume("session-1").result;
    expect(paused).toMatchObject({ status: "paused", interrupts: [{ stepKey: `${key}/tools/0.0/doubt` }] });
    expect(calls).toEqual([`session-1/${key}/tools/0.0`]);
    const result = await client.resume("session-1", { response: "retry" }).result;
    expect(calls).toEqual([`session-1/${key}/tools/0.0`, `session-1/${key}/tools/0.0`]);
    const { lastResponse } = calm as Extract<typeof calm, { status: "completed" }>;
    expect(result).toMatchObject({ status: "completed", lastResponse });
  },
);
