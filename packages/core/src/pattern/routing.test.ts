import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { asked, completed, patternSpec, paused, prompts, trial } from "../../test/support/patterns.js";
import { ask } from "../../test/support/workflows.js";
import type { RoutingSpec, Spec, StepSpec } from "../spec/spec.js";

type Routes = Readonly<Record<string, readonly (string | StepSpec)[]>>;

const route = (then: readonly StepSpec[]) => ({ then });

/** A string stands for a step of the agent `writer`. */
const flow = (routes: Routes, router: Partial<RoutingSpec["router"]> = {}, more: Partial<Spec> = {}): Spec => {
  const list = Object.entries(routes).map(([name, steps]) => [
    name,
    route(steps.map((step) => (typeof step === "string" ? { agent: "writer", input: step } : step))),
  ]);
  const config = { router: { agent: "judge", input: "Where?", ...router }, routes: Object.fromEntries(list) };
  return patternSpec("routing", config, more);
};
const choice = (route: string): string => JSON.stringify({ route });

describe("the router", () => {
  it("is told its input, and after a blank line the routes and the JSON to answer with", async () => {
    const { bench, model } = trial({ "router/0": choice("a") });
    const spec = flow({ a: ["x"], b: ["y"] }, { input: "  {{ x }} {{ y }}\nWhere? {{ router is defined }}" });
    await completed(bench, { ...spec, inputs: { values: { x: "value", y: "value" } } }, { y: "variable" });
    expect(prompts(model)["router/0"]).toMatch(/^ {2}value variable\nWhere\? False\n\n.*a, b.*JSON.*"route"/s);
    expect(model.requests[0]?.agentId).toBe("judge");
  });

  it("is told the routes alone when it has no input", async () => {
    const { bench, model } = trial({ "router/0": choice("a") });
    await completed(
      bench,
      patternSpec("routing", { router: { agent: "judge" }, routes: { a: route([{ agent: "writer" }]) } }),
    );
    expect(prompts(model)["router/0"]).toMatch(/^\S.*"route"/s);
  });

  it.each([
    ["text", "I choose a"],
    ["JSON that is no object", '"a"'],
    ["a list", '["a"]'],
    ["null", "null"],
    ["a route that is a number", '{"route": 1}'],
    ["an object without a route", '{"path": "a"}'],
  ])("is asked again after %s, with its input again and what is wanted", async (_, answer) => {
    const { bench, model } = trial({ "router/0": answer, "router/1": choice("a") });
    await completed(bench, flow({ a: ["x"], b: ["y"] }));
    expect(asked(model)).toEqual(["router/0", "router/1", "routes/a/0"]);
    expect(prompts(model)["router/1"]).toMatch(/^Where\?\n\n.*could not be read.*only/s);
    expect(model.requests[1]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  });

  it.each([
    [undefined, 3],
    [0, 1],
    [4, 5],
  ])("with max_retries %s is asked at most %d times", async (max_retries, calls) => {
    const { bench, model } = trial();
    const result = await bench.client.run(flow({ a: ["x"] }, max_retries === undefined ? {} : { max_retries }));
    expect(result).toMatchObject({ status: "failed", error: { code: "RUN_STEP_FAILED", stepKey: "router" } });
    expect(asked(model)).toEqual(Array.from({ length: calls }, (_, index) => `router/${index}`));
  });

  it("fails at once with a route that does not exist, naming those that do", async () => {
    const { bench, model } = trial({ "router/0": choice("A") });
    const result = await bench.client.run(flow({ a: ["x"], billing: ["y"] }));
    expect(result).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("`A`"), hint: expect.stringContaining("a, billing") },
    });
    expect(asked(model)).toEqual(["router/0"]);
  });

  it.each(["constructor", "toString", "hasOwnProperty"])("knows no route `%s` that nobody declared", async (name) => {
    const { bench } = trial({ "router/0": choice(name) });
    expect(await bench.client.run(flow({ a: ["x"] }))).toMatchObject({ status: "failed" });
  });

  it.each([
    ["text", "no idea", 3],
    ["a route that does not exist", choice("c"), 1],
  ])("is asked again when a session that failed over %s is resumed", async (_, answer, count) => {
    const { bench } = trial({ "router/0": answer, "router/1": answer, "router/2": answer });
    const spec = flow({ a: ["x"], b: ["y"] });
    expect((await bench.client.run(spec)).status).toBe("failed");
    const { model } = trial({ [`router/${count}`]: choice("b") });
    expect(await bench.again({ model }).client.resume("session-1").result).toMatchObject({
      status: "completed",
      context: { chosen_route: "b" },
    });
    expect(asked(model)).toEqual([`router/${count}`, "routes/b/0"]);
  });

  it("counts as steps of the budget", async () => {
    const { bench, model } = trial({ "router/1": choice("a") });
    const spec = flow({ a: ["x"] }, {}, { runtime: { provider: "offline", budgets: { max_steps: 2 } } });
    expect(await bench.client.run(spec)).toMatchObject({ status: "failed", error: { code: "RUN_BUDGET_EXCEEDED" } });
    expect(asked(model)).toEqual(["router/0", "router/1"]);
  });
});

describe("the route", () => {
  it("is a chain that sees the decision and its own steps", async () => {
    const answer = `Well: {"route": "b", "why": "x"}`;
    const { bench, model } = trial({ "router/0": answer });
    const probe = "{{ router }} {{ steps | length }} {{ last_response is defined }} {{ x }}";
    const result = await completed(bench, flow({ a: ["x"], b: ["one", probe] }), { router: "mine", x: 1 });
    expect(prompts(model)["routes/b/1"]).toBe(
      `{'chosen_route': 'b', 'response': 'Well: {"route": "b", "why": "x"}'} 1 False 1`,
    );
    expect(asked(model)).toEqual(["router/0", "routes/b/0", "routes/b/1"]);
    expect(result).toMatchObject({ lastResponse: "routes/b/1", agentId: "writer", patternType: "routing" });
    expect(result.context).toMatchObject({
      chosen_route: "b",
      router_agent: "judge",
      router: { chosen_route: "b", response: answer },
      steps: [{ index: 0, agent: "writer" }, { index: 1 }],
    });
  });

  it("has conversations of its own, also with the router's agent", async () => {
    const { bench, model } = trial({ "router/0": choice("a") });
    await completed(
      bench,
      flow({
        a: [
          { agent: "judge", input: "1" },
          { agent: "judge", input: "2" },
        ],
      }),
    );
    expect(model.requests.map(({ messages }) => messages.length)).toEqual([1, 1, 3]);
  });

  it.each([
    ["Tech Support", "routes/Tech Support/0"],
    ["a/b", "routes/a%2Fb/0"],
    ["50%@2", "routes/50%25%402/0"],
    ["constructor", "routes/constructor/0"],
    ["7", "routes/7/0"],
  ])("may be called %j", async (name, key) => {
    const { bench, model } = trial({ "router/0": choice(name) });
    const result = await completed(bench, flow({ other: ["x"], [name]: ["y"] }));
    expect(result.context["chosen_route"]).toBe(name);
    expect(asked(model)).toEqual(["router/0", key]);
  });

  it("is named to the router in the order of the file, also when names are numbers", async () => {
    const { bench, model } = trial({ "router/0": choice("9") });
    const spec = flow({ other: ["x"], "10": ["y"], "9": ["z"] });
    const config = { ...spec.pattern.config, route_order: ["other", "10", "9"] } as RoutingSpec;
    await completed(bench, patternSpec("routing", config));
    expect(prompts(model)["router/0"]).toContain("other, 10, 9");
    expect(bench.of("routing_decision")[0]?.routes).toEqual(["other", "10", "9"]);
  });

  it("may ask a person, who may send the step before back", async () => {
    const { bench, model } = trial({ "router/0": choice("a") });
    const show = { context_display: "{{ steps[-1].response }} by {{ router.chosen_route }}" };
    const open = await paused(
      bench,
      flow({ a: ["one", ask("Good?", show), "{{ hitl_response }} {{ steps[0].response }}"] }),
    );
    expect(open).toMatchObject([{ stepKey: "routes/a/1", context: "routes/a/0 by a", revisable: true }]);
    await bench.client.answer("session-1", { response: "shorter", action: "modify" });
    expect(await bench.again().client.resume("session-1").result).toMatchObject({
      status: "paused",
      interrupts: [{ stepKey: "routes/a/1@2", context: "routes/a/0@1.2 by a" }],
    });
    expect(prompts(model)["routes/a/0@1.2"]).toContain("shorter");
    const done = await bench.again().client.resume("session-1", { response: "ok" }).result;
    expect(done).toMatchObject({ status: "completed", lastResponse: "routes/a/2" });
    expect(prompts(model)["routes/a/2"]).toBe("ok routes/a/0@1.2");
    expect(asked(model)).toEqual(["router/0", "routes/a/0", "routes/a/0@1.2", "routes/a/2"]);
  });

  it("may end with a person's answer", async () => {
    const { bench } = trial({ "router/0": choice("a") });
    await paused(bench, flow({ a: [ask("?")] }));
    expect(await bench.again().client.resume("session-1", { response: "mine" }).result).toMatchObject({
      status: "completed",
      lastResponse: "mine",
      agentId: "hitl",
    });
  });

  it("is told once, after the review", async () => {
    const { bench } = trial({ "router/0": choice("a") });
    const spec = flow({ a: ["x"], b: ["y"] }, { review_router: ask() });
    await paused(bench, spec);
    expect(bench.of("routing_decision")).toEqual([]);
    const again = bench.again().listen();
    await again.client.resume("session-1", { response: "route:b" }).result;
    expect(again.of("routing_decision")).toMatchObject([{ agentId: "judge", route: "b", routes: ["a", "b"] }]);
  });
});

describe("the review of the route", () => {
  const names = { tech: ["x"], Billing: ["y"], "a b": ["z"], TECH: ["w"] };
  const show = { context_display: "{{ router.chosen_route }}: {{ router.response }} {{ n }}" };
  const reviewed = flow(names, { review_router: ask("Right?", show) });
  const open = async (spec = reviewed) => {
    const { bench, model } = trial({ "router/0": choice("tech") });
    const [question] = await paused(bench, spec, { n: 1 });
    return { bench, model, question };
  };

  it("shows the decision, before the route begins", async () => {
    const { question, model } = await open();
    expect(question).toMatchObject({
      stepKey: "router/review",
      prompt: "Right?",
      context: `tech: ${choice("tech")} 1`,
      choices: ["approved", "approve", "yes", "ok", "route:tech", "route:Billing", "route:a b", "route:TECH"],
    });
    expect(asked(model)).toEqual(["router/0"]);
  });

  it.each([
    ["approved", "tech"],
    [" APPROVED\n", "tech"],
    ["approve", "tech"],
    ["Yes", "tech"],
    ["ok", "tech"],
    ["route:Billing", "Billing"],
    ["ROUTE: billing ", "Billing"],
    ["route:tech", "tech"],
    ["route:TECH", "TECH"],
    ["route:Tech", "tech"],
    ["route:a b", "a b"],
    ["route: a  b", "a b"],
    ["route:ab", "a b"],
    ["o k", "tech"],
  ])("takes %j for %j", async (response, name) => {
    const { bench, model } = await open();
    const result = await bench.again().client.resume("session-1", { response }).result;
    expect(result).toMatchObject({
      status: "completed",
      context: { chosen_route: name, router: { chosen_route: name } },
    });
    expect(asked(model)).toEqual(["router/0", `routes/${name}/0`]);
  });

  it.each(["", "no", "tech", "route:", "route:none", "approved!", "route:constructor"])(
    "refuses %j, says what it takes, and stays open",
    async (response) => {
      const { bench } = await open();
      const error = await errorOf(bench.again().client.resume("session-1", { response }).result);
      expect(error).toMatchObject({
        code: "INTERRUPT_INVALID",
        hint: expect.stringContaining("approved, approve, yes, ok, route:tech"),
      });
      expect((await bench.sessions.list()).sessions[0]?.status).toBe("paused");
      expect(await bench.again().client.resume("session-1", { response: "yes" }).result).toMatchObject({
        status: "completed",
      });
    },
  );

  it("may be rejected, which ends the run with the reason, but not sent back", async () => {
    const { bench } = await open();
    const modify = bench.client.answer("session-1", { response: "other", action: "modify" });
    expect((await errorOf(modify)).code).toBe("INTERRUPT_INVALID");
    await bench.client.answer("session-1", { response: "wrong department", action: "reject", by: "Ann" });
    expect(await bench.client.resume("session-1").result).toMatchObject({
      status: "cancelled",
      reason: "Rejected by Ann: wrong department",
    });
  });

  it("takes its default when the time is up", async () => {
    const gate = ask("?", { default: "route:Billing", timeout_seconds: 1 });
    const { bench } = await open(flow(names, { review_router: gate }));
    bench.clock.pass(1000);
    expect(await bench.again().client.resume("session-1").result).toMatchObject({
      context: { chosen_route: "Billing" },
    });
  });

  it("is asked anew when the time is up and there is no default that is a choice", async () => {
    const { bench } = await open(flow(names, { review_router: ask("?", { timeout_seconds: 1 }) }));
    bench.clock.pass(1000);
    const second = bench.again();
    expect(await second.client.resume("session-1").result).toMatchObject({
      status: "paused",
      interrupts: [{ stepKey: "router/review@2" }],
    });
    expect(await second.again().client.resume("session-1", { response: "ok" }).result).toMatchObject({
      status: "completed",
    });
  });
});
