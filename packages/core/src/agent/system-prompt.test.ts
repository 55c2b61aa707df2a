import { describe, expect, it } from "vitest";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { agent, bench, chainSpec } from "../../test/support/workflows.js";
import { compileSpec } from "../program/compile-spec.js";
import type { JsonValue } from "../spec/json.js";
import type { Spec } from "../spec/spec.js";

async function systemOf(spec: Spec, variables: Readonly<Record<string, JsonValue>> = {}): Promise<string> {
  const model = scriptedModel(() => "ok");
  const result = await bench({ model }).client.run(spec, { variables });
  expect(result.status).toBe("completed");
  return model.requests[0]?.system ?? "";
}
const prompted = (prompt: string, more: Partial<Spec> = {}): Spec =>
  chainSpec(["x"], { agents: { writer: agent({ prompt }) }, ...more });

describe("the system prompt", () => {
  it("tells the agent about the workflow it works in", async () => {
    const spec = prompted("You write.", {
      description: "Writes things",
      tags: ["a", "b"],
      runtime: { provider: "scripted", budgets: { max_steps: 5, max_tokens: 1000 } },
    });
    expect(await systemOf(spec)).toBe(
      "You write.\n\nWorkflow: test-flow\nDescription: Writes things\nTags: a, b\nAgent: writer\nBudget max_steps: 5\nBudget max_tokens: 1000",
    );
  });

  it("leaves out what the spec does not say", async () => {
    expect(await systemOf(prompted("P", { tags: [] }))).toBe("P\n\nWorkflow: test-flow\nAgent: writer");
  });

  const shown = async (prompt: string, variables: Readonly<Record<string, JsonValue>>): Promise<string> =>
    (await systemOf(prompted(prompt), variables)).split("\n\nWorkflow:")[0] ?? "";

  it("is rendered when every name it uses has a value", async () => {
    expect(await shown("Write about {{ topic | upper }}.", { topic: "tea" })).toBe("Write about TEA.");
  });

  it("is sent as written when a name has no value, or when it is no template", async () => {
    expect(await shown("Write about {{ topic }}.", {})).toBe("Write about {{ topic }}.");
    expect(await shown("Answer as {{ name }, with {% braces.", { name: "x" })).toBe(
      "Answer as {{ name }, with {% braces.",
    );
    expect(await shown('Answer with {"json": true}', {})).toBe('Answer with {"json": true}');
  });

  it("is made anew for each run of a program, where it is a template", async () => {
    const model = scriptedModel(() => "ok");
    const { client } = bench({ model });
    const agents = { writer: agent({ prompt: "Know all." }), critic: agent({ prompt: "Know {{ topic }}." }) };
    const steps = [
      { agent: "writer", input: "Go." },
      { agent: "critic", input: "Go." },
      { agent: "critic", input: "Go on." },
    ];
    const program = compileSpec(chainSpec([], { agents, pattern: { type: "chain", config: { steps } } }));
    for (const topic of ["tea", "rice"]) await client.run(program, { variables: { topic } });
    expect(model.requests.map(({ system }) => system?.split("\n")[0])).toEqual(
      ["tea", "rice"].flatMap((topic) => ["Know all.", `Know ${topic}.`, `Know ${topic}.`]),
    );
  });

  it("takes a value for text, not for a template", async () => {
    expect(await shown("About {{ topic }}.", { topic: "{{ 7 * 7 }}" })).toBe("About {{ 7 * 7 }}.");
  });
});
