import { compileSpec, type Spec } from "@strands/core";
import { describe, expect, it } from "vitest";
import { bundledProviders } from "../bundled-providers.js";
import { createClient } from "../create-client.js";
import { createMemoryRepository } from "../index.js";
import { leastOn, mostOn, visitsOf } from "./graph-visits.js";
import { planOf } from "./plan-of.js";
import { supportedFeatures, supportOf } from "./support-of.js";

function programOf(pattern: Spec["pattern"], more: Partial<Spec> = {}) {
  const agents = { a: { prompt: "p" }, b: { prompt: "q", tools: [] } };
  return compileSpec({ version: 1, name: "n", runtime: { provider: "offline" }, agents, pattern, ...more });
}

const step = (agent: string, input = "") => ({ agent, input });

describe("planOf", () => {
  it("is plain data", () => {
    const plan = planOf(programOf({ type: "chain", config: { steps: [step("a"), { type: "hitl", prompt: "?" }] } }));
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(plan.units).toEqual([
      {
        id: "steps/0",
        key: "steps/0",
        firstKey: "steps/0",
        name: "steps[0]",
        kind: "agent",
        agent: "a",
        group: null,
        times: { least: 1, most: 1 },
        tools: false,
        pointer: "/pattern/config/steps/0",
      },
      {
        id: "steps/1",
        key: "steps/1",
        firstKey: "steps/1",
        name: "steps[1]",
        kind: "person",
        agent: null,
        group: null,
        times: { least: 1, most: 1 },
        tools: false,
        pointer: "/pattern/config/steps/1",
      },
    ]);
    expect(plan.edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      "start steps/0",
      "steps/0 steps/1",
      "steps/1 end",
    ]);
    expect(plan.pauses).toMatchObject([{ unit: "steps/1", prompt: "?", callsOnFeedback: 1, timeoutMs: null }]);
  });

  it("names the units of a session by its keys", () => {
    const plan = planOf(
      programOf({
        type: "workflow",
        config: {
          tasks: [
            { id: "b", agent: "a", deps: ["a.1"] },
            { id: "a.1", agent: "b" },
          ],
        },
      }),
    );
    expect(plan.units.map(({ id, pointer }) => [id, pointer])).toEqual([
      ["tasks/a.1", "/pattern/config/tasks/1"],
      ["tasks/b", "/pattern/config/tasks/0"],
    ]);
    expect(plan.agents.map(({ id, usedBy }) => [id, usedBy])).toEqual([
      ["a", ["tasks/b"]],
      ["b", ["tasks/a.1"]],
    ]);
  });

  it("counts turns with tools apart, and the tries of a call that fails", () => {
    const tools = { http_executors: [{ id: "h", base_url: "https://api.example.com" }] };
    const chain = { type: "chain", config: { steps: [step("a"), step("b")] } } as const;
    expect(planOf(programOf(chain, { tools })).modelCalls).toEqual({
      least: 2,
      most: 2,
      reasons: [],
      perTurn: 64,
      attempts: 3,
      requests: 65 * 3,
    });
    expect(planOf(programOf(chain)).modelCalls).toMatchObject({ perTurn: 1, requests: 6 });
  });

  it("leaves names of prompts out, which are used as they are written", () => {
    const agents = { a: { prompt: "{{ nodes.x }} {{ mood }}" } };
    const chain = {
      type: "chain",
      config: { steps: [step("a", "{{ x | default(1) }} {{ last_response }}")] },
    } as const;
    const { variables, neverDefined } = planOf(programOf(chain, { agents }));
    expect(variables.map(({ name, needed }) => [name, needed])).toEqual([
      ["mood", false],
      ["x", false],
    ]);
    expect(neverDefined.map(({ name }) => name)).toEqual(["last_response"]);
  });
});

describe("walks through a graph", () => {
  const edges = ["s a", "a b", "b a", "b c", "a d", "c c", "c end", "d end"].map((line) => {
    const [from = "", to = ""] = line.split(" ");
    return { from, to, label: null };
  });
  const nodes = ["s", "a", "b", "c", "d"];
  const { most, always, groups } = visitsOf("s", nodes, edges, 7);

  it("visit the nodes of a loop as often as they may, others once", () => {
    expect(Object.fromEntries(most)).toEqual({ s: 1, a: 7, b: 7, c: 7, d: 1 });
    expect([...always].sort()).toEqual(["a", "s"]);
  });

  it("cost what the heaviest and the lightest way cost", () => {
    expect(mostOn(groups, edges, most)).toBe(1 + 14 + 7);
    expect(leastOn("s", edges, new Map(nodes.map((id) => [id, 1])))).toBe(3);
    expect(leastOn("s", edges, new Map(nodes.map((id) => [id, id === "d" ? 1 : 0])))).toBe(0);
  });

  it("are counted in linear time", () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `n${index}`);
    const line = many.map((id, index) => ({ from: id, to: many[index + 1] ?? "end", label: null }));
    const visits = visitsOf("n0", many, line, 3);
    expect(mostOn(visits.groups, line, visits.most)).toBe(20_000);
  });
});

describe("support", () => {
  const of = (provider: string) =>
    programOf({ type: "chain", config: { steps: [step("a")] } }, { runtime: { provider, region: "r", host: "h" } });

  it("is of the providers that a client has by itself, as far as they have what they need", async () => {
    await using client = createClient({ sessions: createMemoryRepository(), env: {} });
    for (const provider of supportedFeatures().providers) {
      expect([provider, bundledProviders.includes(provider)]).toEqual([provider, true]);
      const { supported, issues } = await supportOf(of(provider), { env: {} });
      if (supported) continue;
      // What is said to keep it from running does.
      expect(issues).toMatchObject([{ pointer: "/runtime/provider" }]);
      expect(await client.run(of(provider)).catch((error: Error) => error.message)).toBe(issues[0]?.reason);
    }
    expect((await supportOf(of("anthropic"), { env: {} })).issues[0]?.remediation).toContain("ANTHROPIC_API_KEY");
  });

  it("comes with a key, a provider of one's own or the simulator", async () => {
    const openai = { name: "openai", model: () => Promise.reject(new Error("never asked")) };
    const runtime = { provider: "openai" };
    const program = programOf({ type: "chain", config: { steps: [step("a")] } }, { runtime });
    expect((await supportOf(program, { env: {} })).supported).toBe(false);
    expect((await supportOf(program, { env: { OPENAI_API_KEY: "k" } })).supported).toBe(true);
    expect((await supportOf(program, { env: {}, providers: [openai] })).supported).toBe(true);
    expect((await supportOf(program, { env: { STRANDS_OFFLINE: "1" } })).supported).toBe(true);
    expect((await supportOf(of("offline"), { env: {} })).supported).toBe(true);
  });
});
