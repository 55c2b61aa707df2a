import { describe, expect, it, vi } from "vitest";
import { skippingClock } from "../../test/support/clocks.js";
import { errorOf } from "../../test/support/error-of.js";
import { lastText, scriptedModel } from "../../test/support/scripted-model.js";
import { ask, bench, chainSpec } from "../../test/support/workflows.js";
import { EventBus } from "../event/event-bus.js";
import type { JsonValue } from "../spec/json.js";
import type { HitlStepSpec, Spec, StepSpec } from "../spec/spec.js";

const rendered = vi.hoisted(() => ({ count: 0 }));
vi.mock("../template/render-template.js", async (original) => {
  const actual = await original<typeof import("../template/render-template.js")>();
  const renderTemplate: typeof actual.renderTemplate = (...args) => {
    rendered.count += 1;
    return actual.renderTemplate(...args);
  };
  return { ...actual, renderTemplate };
});

/** What the agents of a chain were told. */
async function told(
  steps: readonly (string | StepSpec)[],
  more: Partial<Spec> = {},
  variables: Readonly<Record<string, JsonValue>> = {},
  answer = "yes",
): Promise<string[]> {
  const model = scriptedModel((_, call) => `answer ${call}`);
  const result = await bench({ model }).client.run(chainSpec(steps, more), { variables, onInterrupt: () => answer });
  if (result.status === "failed") throw result.error;
  return model.requests.map(lastText);
}

/** Runs up to the question of a one-question chain and gives it. */
async function asked(steps: readonly (string | StepSpec)[], variables: Readonly<Record<string, JsonValue>> = {}) {
  const result = await bench().client.run(chainSpec(steps), { variables });
  if (result.status !== "paused") throw new Error(`It ended ${result.status}`);
  return result.interrupts[0];
}

describe("what a step's template sees", () => {
  it("are the records of the steps before it", async () => {
    const probe =
      "{% for s in steps %}[{{ s.index }} {{ s.agent }} {{ s.response }} {{ s.tokens_estimated }}]{% endfor %}";
    expect(await told([probe, "two words", probe])).toEqual([
      "Please proceed with your task.",
      "two words",
      "[0 writer answer 0 7][1 writer answer 1 4]",
    ]);
  });

  it("are HITL records too, which take an index", async () => {
    const probe =
      "{{ steps[0].type }} {{ steps[0].prompt }} {{ steps[0].response }} {{ steps[0].tokens_estimated }} {{ steps[0].agent is defined }} {{ steps | length }}";
    expect(await told([ask("Fine?"), probe])).toEqual(["hitl Fine? yes 0 False 1"]);
  });

  it("is the latest answer, and before any answer a variable of that name", async () => {
    const probe = "{{ hitl_response | default('none') }}";
    expect(await told([probe, ask(), probe])).toEqual(["none", "yes"]);
    expect(await told([probe, ask(), probe], {}, { hitl_response: "variable" })).toEqual(["variable", "yes"]);
  });

  it("is the answer as it was given, not a template", async () => {
    expect(
      await told([ask(), "{{ hitl_response }}|{{ steps[0].response }}"], {}, { secret: "s" }, "{{ secret }} "),
    ).toEqual(["{{ secret }} |{{ secret }} "]);
  });

  it("are variables over values, and steps and vars over both", async () => {
    const inputs = { values: { a: "value", b: "value", c: "value" } };
    const step = { agent: "writer", input: "{{ a }} {{ b }} {{ c }} {{ n + 1 }}", vars: { c: "var", n: 2 } };
    expect(await told([step], { inputs }, { b: "variable", c: "variable" })).toEqual(["value variable var 3"]);
    expect(await told(["{{ steps | length }}"], {}, { steps: "mine" })).toEqual(["0"]);
    expect(
      await told([
        { agent: "writer", input: "{{ steps }} {{ hitl_response }}", vars: { steps: "s", hitl_response: "h" } },
      ]),
    ).toEqual(["s h"]);
  });

  it("are vars of this step only", async () => {
    expect(await told([{ agent: "writer", input: "{{ x }}", vars: { x: 1 } }, "{{ x is defined }}"])).toEqual([
      "1",
      "False",
    ]);
  });

  it("are variables whatever their names", async () => {
    const variables = JSON.parse('{"__proto__": "p", "constructor": "c", "toString": "t"}');
    expect(await told(["{{ constructor }} {{ toString }}"], {}, variables)).toEqual(["c t"]);
    expect(await told(["{{ constructor is defined }} {{ hasOwnProperty is defined }}"])).toEqual(["False False"]);
  });

  it("is nothing else: an unknown name fails the step, before the model is asked", async () => {
    const { client, sessions } = bench();
    const result = await client.run(chainSpec(["one", "{{ last_response }}"]));
    expect(result).toMatchObject({ status: "failed", error: { code: "TEMPLATE_UNDEFINED" } });
    expect((await sessions.journal()).filter((line) => line.startsWith("model"))).toEqual(["model steps/0/model/0"]);
  });
});

describe("the end of a chain", () => {
  it("is the answer of the last agent", async () => {
    const { client } = bench();
    expect(await client.run(chainSpec(["one", "two"]))).toMatchObject({
      status: "completed",
      lastResponse: "steps/1: two",
      agentId: "writer",
      workflowName: "test-flow",
      patternType: "chain",
      context: {
        steps: [
          { index: 0, response: "steps/0: one" },
          { index: 1, response: "steps/1: two" },
        ],
      },
    });
  });

  it("is the person's answer when a person is asked last, or only", async () => {
    const end = { status: "completed", lastResponse: "fine", agentId: "hitl" };
    for (const steps of [["one", ask()], [ask()]]) {
      const first = bench();
      expect((await first.client.run(chainSpec(steps))).status).toBe("paused");
      expect(await first.again().client.resume("session-1", { response: "fine" }).result).toMatchObject(end);
    }
  });
});

describe("a HITL step", () => {
  it("pauses the session with what the person needs to know", async () => {
    const { client, sessions, events } = bench({ clock: skippingClock(5000) }).listen();
    const step = ask("Publish?", {
      context_display: "Draft: {{ steps[0].response }}",
      default: "no",
      timeout_seconds: 60,
    });
    const result = await client.run(chainSpec(["one", step, "two"]));
    const interrupt = {
      id: "interrupt-1",
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      stepKey: "steps/1",
      type: "input",
      prompt: "Publish?",
      context: "Draft: steps/0: one",
      default: "no",
      expiresAt: 65_000,
    };
    expect(result).toMatchObject({ status: "paused", interrupts: [interrupt] });
    expect(await sessions.journal()).toEqual([
      "run.started run/run-1",
      "model steps/0/model/0",
      "interrupt.opened steps/1",
      "run.paused run/run-1/end",
    ]);
    expect((await sessions.entries())[3]?.body).toEqual({ runId: "run-1", interrupts: ["interrupt-1"] });
    expect(events.map(({ type }) => type).slice(-2)).toEqual(["interrupt_pending", "workflow_paused"]);
    expect(sessions.claims).toEqual({ opened: 1, released: 1 });
    expect((await sessions.list()).sessions[0]).toMatchObject({
      status: "paused",
      pending: [{ id: "interrupt-1", prompt: "Publish?" }],
    });
  });

  it("may come first, and several may follow each other", async () => {
    const first = bench();
    const spec = chainSpec([ask("A?"), ask("B?"), "{{ steps[0].response }}{{ steps[1].response }}{{ hitl_response }}"]);
    expect(await first.client.run(spec)).toMatchObject({ status: "paused", interrupts: [{ prompt: "A?" }] });
    const second = first.again();
    expect(await second.client.resume("session-1", { response: "1" }).result).toMatchObject({
      status: "paused",
      interrupts: [{ prompt: "B?" }],
    });
    expect(await second.client.resume("session-1", { response: "2" }).result).toMatchObject({
      lastResponse: "steps/2: 122",
    });
  });

  it.each([
    ["Review {{ topic }}?", { topic: "tea" }, "Review tea?"],
    ["Review {{ topic }}?", {}, "Review {{ topic }}?"],
    ["Keep {% this?", {}, "Keep {% this?"],
    ["Plain?", {}, "Plain?"],
  ])("shows the prompt %j with %j as %j", async (prompt, variables, shown) => {
    expect(await asked([ask(prompt)], variables)).toMatchObject({ prompt: shown });
  });

  it("shows why when what is to be shown cannot be rendered, and pauses all the same", async () => {
    const interrupt = await asked(["one", ask("?", { context_display: "{{ steps[5].response }}" })]);
    expect(interrupt?.context).toMatch(/^\[context_display could not be rendered: .+\]$/);
  });

  it.each([
    [{ default: "skip", timeout_seconds: 60 }, "skip"],
    [{ timeout_seconds: 60 }, "timeout_expired"],
    [{ default: "", timeout_seconds: 60 }, "timeout_expired"],
    [{ default: "skip", timeout_minutes: 1 }, "skip"],
  ] as const)("takes %o after its time as %j on the next resume", async (fields: Partial<HitlStepSpec>, response) => {
    const clock = skippingClock();
    const first = bench({ clock });
    await first.client.run(chainSpec([ask("?", fields), "{{ hitl_response }}"]));
    const again = first.again().listen();
    clock.pass(59_999);
    expect((await errorOf(again.client.resume("session-1").result)).code).toBe("INTERRUPT_UNANSWERED");
    clock.pass(1);
    expect(await again.client.resume("session-1").result).toMatchObject({
      status: "completed",
      lastResponse: `steps/1: ${response}`,
    });
    const answers = (await again.sessions.entries()).filter((entry) => entry.kind === "interrupt.answered");
    expect(answers.map(({ body }) => body)).toMatchObject([{ response, source: "timeout" }]);
  });

  it("takes an answer that comes after its time all the same, and the time-out not together with it", async () => {
    const clock = skippingClock();
    const first = bench({ clock });
    await first.client.run(chainSpec([ask("?", { default: "skip", timeout_seconds: 1 }), "{{ hitl_response }}"]));
    clock.pass(10_000);
    const { client, sessions } = first.again();
    expect(await client.resume("session-1", { response: "late" }).result).toMatchObject({
      lastResponse: "steps/1: late",
    });
    expect((await sessions.entries()).filter((entry) => entry.kind === "interrupt.answered")).toHaveLength(1);
  });

  it.each([{}, { timeout_seconds: 0 }, { default: "skip" }])("waits for ever with %o", async (fields) => {
    const clock = skippingClock();
    const first = bench({ clock });
    await first.client.run(chainSpec([ask("?", fields)]));
    clock.pass(1e12);
    expect((await errorOf(first.again().client.resume("session-1").result)).code).toBe("INTERRUPT_UNANSWERED");
  });

  it("takes an empty answer for an answer", async () => {
    const first = bench();
    await first.client.run(chainSpec([ask("?", { default: "skip" }), "[{{ hitl_response }}]"]));
    expect(await first.again().client.resume("session-1", { response: "" }).result).toMatchObject({
      lastResponse: "steps/1: []",
    });
  });
});

describe("feedback at a HITL step", () => {
  const reply = (response: string, action?: "modify" | "reject") => ({
    response,
    ...(action === undefined ? {} : { action }),
  });

  it("sends the step before back, in its conversation, and asks anew, as often as wanted", async () => {
    const model = scriptedModel(({ stepKey }) => stepKey);
    const { client, sessions } = bench({ model });
    const show = ask("Good?", { context_display: "{{ steps[0].response }} {{ steps | length }}" });
    const paused = await client.run(
      chainSpec(["one", show, "{{ steps[0].response }} {{ hitl_response }} {{ steps | length }}"]),
    );
    expect(paused).toMatchObject({ interrupts: [{ stepKey: "steps/1", revisable: true, context: "steps/0 1" }] });
    for (const revision of [2, 3]) {
      await client.answer("session-1", reply(`feedback {{ ${revision} }}`, "modify"));
      expect(await client.resume("session-1").result).toMatchObject({
        status: "paused",
        interrupts: [{ stepKey: `steps/1@${revision}`, context: `steps/0@1.${revision} 1` }],
      });
    }
    expect(await client.resume("session-1", { response: "fine" }).result).toMatchObject({ status: "completed" });
    expect(model.requests.map(({ stepKey, messages }) => `${stepKey} ${messages.length}`)).toEqual([
      "steps/0 1",
      "steps/0@1.2 3",
      "steps/0@1.3 5",
      "steps/2 7",
    ]);
    expect(model.requests.map(lastText)[1]).toContain("feedback {{ 2 }}");
    expect(model.requests.map(lastText)[3]).toBe("steps/0@1.3 fine 2");
    const keys = (await sessions.entries()).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("goes to the agent step before, also over another question, each under keys of its own", async () => {
    const model = scriptedModel(({ stepKey }) => stepKey);
    const { client } = bench({ model });
    await client.run(chainSpec(["one", ask("A?"), ask("B?"), "{{ steps[0].response }} {{ steps[1].response }}"]));
    await client.answer("session-1", reply("first", "modify"));
    await client.resume("session-1").result;
    expect(await client.resume("session-1", reply("a")).result).toMatchObject({ interrupts: [{ stepKey: "steps/2" }] });
    await client.answer("session-1", reply("second", "modify"));
    expect(await client.resume("session-1").result).toMatchObject({ interrupts: [{ stepKey: "steps/2@2" }] });
    await client.resume("session-1", reply("b")).result;
    expect(model.requests.map(({ stepKey }) => stepKey)).toEqual(["steps/0", "steps/0@1.2", "steps/0@2.2", "steps/3"]);
    expect(lastText(model.requests[3] as (typeof model.requests)[number])).toBe("steps/0@2.2 a");
  });

  it("uses the tools of the step it sends back", async () => {
    const tools = ["one", "two"].map((name) => ({ name, description: name, inputSchema: {}, execute: () => "" }));
    const model = scriptedModel(({ stepKey }) => stepKey);
    const { client } = bench({ model, tools });
    const step = { agent: "writer", input: "x", tool_overrides: ["two"] };
    await client.run(chainSpec([step, ask()], { tools: { python: ["one", "two"] } }));
    await client.answer("session-1", reply("again", "modify"));
    await client.resume("session-1").result;
    expect(model.requests.map((request) => request.tools.map(({ name }) => name))).toEqual([["two"], ["two"]]);
  });

  it("may come with the resume itself", async () => {
    const { client } = bench();
    await client.run(chainSpec(["one", ask()]));
    expect(await client.resume("session-1", reply("shorter", "modify")).result).toMatchObject({
      status: "paused",
      interrupts: [{ stepKey: "steps/1@2" }],
    });
    expect(await client.resume("session-1", reply("no use", "reject")).result).toMatchObject({
      status: "cancelled",
      reason: "Rejected: no use",
    });
  });

  it("is refused where no agent has spoken yet", async () => {
    const { client } = bench();
    await client.run(chainSpec([ask(), "one"]));
    expect((await errorOf(client.answer("session-1", reply("x", "modify")))).code).toBe("INTERRUPT_INVALID");
  });

  it("may be a rejection, which ends the run as cancelled with the reason, on every resume", async () => {
    const { client, sessions } = bench();
    await client.run(chainSpec(["one", ask(), "two"]));
    await client.answer("session-1", { ...reply("no budget", "reject"), by: "Ann" });
    for (let time = 0; time < 2; time += 1) {
      expect(await client.resume("session-1").result).toMatchObject({
        status: "cancelled",
        reason: "Rejected by Ann: no budget",
      });
    }
    expect((await sessions.journal()).filter((line) => line.startsWith("model"))).toHaveLength(1);
  });
});

describe("what a chain costs", () => {
  it("is one append and one template for each step, and no event while nobody listens", async () => {
    const emit = vi.spyOn(EventBus.prototype, "emit");
    const spec = chainSpec(Array.from({ length: 20 }, (_, index) => `step ${index} {{ steps | length }}`));
    const { client, sessions } = bench();
    rendered.count = 0;
    expect((await client.run(spec)).status).toBe("completed");
    // One for each step, one to begin and one to end.
    expect(sessions.appends).toHaveLength(22);
    expect(sessions.appends.map((batch) => batch.length)).toEqual(Array(22).fill(1));
    expect(rendered.count).toBe(20);
    expect(emit).not.toHaveBeenCalled();
  });

  it("is two appends for a whole replay, and no template, model call or event", async () => {
    const spec = chainSpec([...Array.from({ length: 20 }, (_, index) => `step ${index} {{ steps | length }}`), ask()]);
    const first = bench();
    await first.client.run(spec);
    const { client, sessions } = first.again({ model: scriptedModel([]) });
    const before = sessions.appends.length;
    const emit = vi.spyOn(EventBus.prototype, "emit");
    rendered.count = 0;
    expect((await client.resume("session-1", { response: "ok" }).result).status).toBe("completed");
    expect(sessions.appends.slice(before).map((batch) => batch.map(({ kind }) => kind))).toEqual([
      ["interrupt.answered", "run.started"],
      ["run.completed"],
    ]);
    expect(rendered.count).toBe(0);
    expect(emit).not.toHaveBeenCalled();
  });
});
