import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { agent, bench, chainSpec } from "../../test/support/workflows.js";
import type { PatternSpec, Spec } from "../spec/spec.js";
import { openInterrupt } from "./interrupt.js";

const specWith = (pattern: PatternSpec): Spec => chainSpec([], { agents: { a: agent() }, pattern });
const pause = (id?: string) => ({ type: "hitl" as const, prompt: "Good?", ...(id === undefined ? {} : { id }) });

/** The names of the questions a run of this pattern stops at. */
async function namesIn(pattern: PatternSpec): Promise<unknown> {
  const model = scriptedModel(() => '{"route": "r"}');
  const result = await bench({ model }).client.run(specWith(pattern));
  return result.status === "paused" ? result.interrupts.map(({ name }) => name) : result;
}

describe("the name of a question", () => {
  it.each<[string, PatternSpec, readonly unknown[]]>([
    ["a step's id", { type: "chain", config: { steps: [pause("ok")] } }, ["ok"]],
    ["nothing for a step without one", { type: "chain", config: { steps: [pause()] } }, [undefined]],
    ["a task's id", { type: "workflow", config: { tasks: [{ ...pause(), id: "t" }] } }, ["t"]],
    [
      "a node's id",
      { type: "graph", config: { nodes: { n: pause(), m: { agent: "a" } }, edges: [{ from: "n", to: ["m"] }] } },
      ["n"],
    ],
    [
      "what a node says itself",
      { type: "graph", config: { nodes: { n: pause("x"), m: { agent: "a" } }, edges: [{ from: "n", to: ["m"] }] } },
      ["x"],
    ],
    [
      "a gate's id",
      {
        type: "routing",
        // biome-ignore lint/suspicious/noThenProperty: the format calls it that.
        config: { router: { agent: "a", review_router: pause("gate") }, routes: { r: { then: [{ agent: "a" }] } } },
      },
      ["gate"],
    ],
  ])("is %s", async (_, pattern, names) => {
    expect(await namesIn(pattern)).toEqual(names);
  });
});

describe("an answer by name", () => {
  const branches = (...ids: readonly string[]): Spec =>
    specWith({
      type: "parallel",
      config: { branches: ids.map((id, index) => ({ id: `b${index}`, steps: [pause(id)] })) },
    });

  it("is that of the open question of this name, and the same again is the same answer", async () => {
    const { client } = bench();
    await client.run(branches("one", "two"));
    const answer = { interruptId: "two", response: "yes" };
    const { id } = await client.answer("session-1", answer);
    expect(await client.answer("session-1", answer)).toMatchObject({ id, response: "yes" });
    const still = await client.resume("session-1").result;
    expect(still).toMatchObject({ status: "paused", interrupts: [{ name: "one" }] });
  });

  it("is refused when two open questions have it: then the id tells them apart", async () => {
    const { client } = bench();
    const paused = await client.run(branches("same", "same"));
    const error = await errorOf(client.answer("session-1", { interruptId: "same", response: "yes" }));
    expect(error).toMatchObject({
      code: "INTERRUPT_NOT_FOUND",
      message: "The session waits for 2 answers; say which one this is",
    });
    if (paused.status !== "paused") throw new Error(paused.status);
    await client.answer("session-1", { interruptId: paused.interrupts[0]?.id ?? "", response: "yes" });
    expect(await client.answer("session-1", { interruptId: "same", response: "no" })).toMatchObject({
      id: paused.interrupts[1]?.id,
    });
  });

  it("is refused when no question has it", async () => {
    const { client } = bench();
    await client.run(branches("one", "two"));
    expect(await errorOf(client.answer("session-1", { interruptId: "onne", response: "yes" }))).toMatchObject({
      code: "INTERRUPT_NOT_FOUND",
    });
  });

  it("does not rest on the digest: sessions saved before there were names still take their answers", () => {
    const place = { id: "i", stepKey: "steps/0", sessionId: "s", specHash: "h", now: 0 };
    const named = openInterrupt({ prompt: "Good?", name: "ok" }, place);
    expect(named).toEqual({ ...openInterrupt({ prompt: "Good?" }, place), name: "ok" });
  });
});
