import type {
  AgentStepRecord,
  HitlStepRecord,
  JsonValue,
  NodeRecord,
  ShapeOf,
  Spec,
  WorkflowClient,
} from "@strands/core";
import { describe, expectTypeOf, it } from "vitest";
import { WorkflowBuilder } from "./index.js";

declare const client: WorkflowClient;

const base = new WorkflowBuilder("w")
  .withRuntime("openai", "gpt-4o-mini")
  .addAgent("writer", "You write.")
  .addAgent("editor", "You edit.");

describe("results", () => {
  it("of a chain have each step in its place", async () => {
    const spec = base.chain().step("writer", "one").manualGate("review", "Good?").step("editor").build();
    expectTypeOf(spec).toExtend<Spec>();
    const done = await client.run(spec);
    if (done.status !== "completed") return;
    expectTypeOf(done.steps).toEqualTypeOf<
      readonly [
        AgentStepRecord & { readonly agent: "writer" },
        HitlStepRecord,
        AgentStepRecord & { readonly agent: "editor" },
      ]
    >();
    expectTypeOf(done.context.steps[0].agent).toEqualTypeOf<"writer">();
    // @ts-expect-error: a chain has no tasks
    done.tasks;
  });

  it("of tasks have each task under its id", async () => {
    const spec = base
      .workflow((workflow) => workflow.task("draft", "writer").hitlTask("ok", "Good?", { deps: ["draft"] }))
      .build();
    const done = await client.run(spec);
    if (done.status !== "completed") return;
    expectTypeOf(done.tasks.draft.response).toEqualTypeOf<string>();
    expectTypeOf(done.tasks.ok.type).toEqualTypeOf<"hitl">();
    // @ts-expect-error: there is no such task
    done.tasks.drfat;
  });

  it("of a routing have the steps of the route that was taken", async () => {
    const spec = base
      .routing((routing) =>
        routing
          .router("editor")
          .route("short", (steps) => steps.step("writer"))
          .route("long", (steps) => steps.step("writer").step("editor")),
      )
      .build();
    const done = await client.run(spec);
    if (done.status !== "completed") return;
    expectTypeOf(done.context.chosen_route).toEqualTypeOf<"short" | "long">();
    expectTypeOf(done.steps.length).toEqualTypeOf<1 | 2>();
    expectTypeOf(done.steps[0].agent).toEqualTypeOf<"writer">();
  });

  it("of branches have each branch with its steps", async () => {
    const spec = base
      .parallel((parallel) =>
        parallel
          .branch("food", (steps) => steps.step("writer").hitl("Good?"))
          .branch("sights", (steps) => steps.step("editor"))
          .reduce("editor"),
      )
      .build();
    const done = await client.run(spec);
    if (done.status !== "completed") return;
    expectTypeOf(done.branches.food.response).toEqualTypeOf<string>();
    expectTypeOf(done.branches.food.step_history[1]).toEqualTypeOf<HitlStepRecord>();
    // @ts-expect-error: there is no such branch
    done.branches.foot;
  });

  it("of a graph have each node, the last one by name", async () => {
    const spec = base.graph().node("a", "writer").hitlNode("b", "Good?").edge("a", "b").build();
    const done = await client.run(spec);
    if (done.status !== "completed") return;
    expectTypeOf(done.nodes.a).toEqualTypeOf<NodeRecord>();
    expectTypeOf(done.context.terminal_node).toEqualTypeOf<"a" | "b">();
    // @ts-expect-error: there is no such node
    done.nodes.c;
  });

  it("of the two loops have what they count", async () => {
    const loop = await client.run(base.evaluatorOptimizer().producer("writer").evaluator("editor").accept(80).build());
    if (loop.status === "completed") expectTypeOf(loop.context.final_score).toEqualTypeOf<number>();
    const work = await client.run(base.orchestratorWorkers().orchestrator("writer").workerTemplate("editor").build());
    if (work.status === "completed") expectTypeOf(work.workers[0]?.task).toEqualTypeOf<string | undefined>();
  });
});

describe("variables", () => {
  it("are what the inputs declare", () => {
    const spec = base
      .declareInputs({
        required: { topic: "string", deep: "object", style: { type: "string", enum: ["short", "long"] } },
        optional: { count: { type: "integer", default: 2 }, on: "boolean", list: "array" },
      })
      .chain()
      .step("writer")
      .build();
    type Variables = ShapeOf<typeof spec>["variables"];
    expectTypeOf<Variables>().toEqualTypeOf<{
      readonly topic: string;
      readonly deep: Readonly<Record<string, JsonValue>>;
      readonly style: "short" | "long";
      readonly count?: number;
      readonly on?: boolean;
      readonly list?: readonly JsonValue[];
    }>();
    client.start(spec, { variables: { topic: "tea", deep: {}, style: "long" } });
    // @ts-expect-error: three of them must be given
    client.start(spec);
    // @ts-expect-error: no such style
    client.start(spec, { variables: { topic: "tea", deep: {}, style: "medium" } });
  });

  it("need not be given when there is a default or a value", () => {
    const spec = base
      .withInputs({ topic: "tea" })
      .declareInputs({ required: { topic: "string", n: { type: "number", default: 1 } } })
      .withInputs({ extra: 1 })
      .chain()
      .step("writer")
      .build();
    expectTypeOf<ShapeOf<typeof spec>["variables"]>().toEqualTypeOf<{
      readonly topic?: string;
      readonly n?: number;
      readonly extra?: number;
    }>();
    client.start(spec);
    // @ts-expect-error: the topic is a text
    client.start(spec, { variables: { topic: 1 } });
    // @ts-expect-error: there is no such input
    client.start(spec, { variables: { tpoic: "x" } });
  });

  it("can be any when none is declared", () => {
    const spec = base.chain().step("writer", "{{ anything }}").build();
    client.start(spec, { variables: { anything: [1] } });
  });
});

describe("names of pauses", () => {
  it("come from every place that pauses", () => {
    const gate = { id: "gate" } as const;
    const routed = base
      .routing()
      .router("writer")
      .reviewRouter("?", { id: "review" })
      .route("a", (steps) => steps.manualGate("inner", "?").hitl("no name"))
      .build();
    expectTypeOf<ShapeOf<typeof routed>["interrupts"]>().toEqualTypeOf<"review" | "inner">();
    const joined = base
      .parallel()
      .branch("a", (steps) => steps.hitl("?", { id: "one" }))
      .branch("b", (steps) => steps.step("writer"))
      .hitlReduce("?", { id: "two" })
      .build();
    expectTypeOf<ShapeOf<typeof joined>["interrupts"]>().toEqualTypeOf<"one" | "two">();
    const tasks = base.workflow().hitlTask("ask", "?").build();
    expectTypeOf<ShapeOf<typeof tasks>["interrupts"]>().toEqualTypeOf<"ask">();
    const nodes = base.graph().hitlNode("n", "?").hitlNode("m", "?", { id: "own" }).edge("n", "m").build();
    expectTypeOf<ShapeOf<typeof nodes>["interrupts"]>().toEqualTypeOf<"n" | "own">();
    const loop = base
      .evaluatorOptimizer()
      .producer("writer")
      .evaluator("editor")
      .accept(1)
      .reviewGate("?", gate)
      .build();
    expectTypeOf<ShapeOf<typeof loop>["interrupts"]>().toEqualTypeOf<"gate">();
    const work = base
      .orchestratorWorkers()
      .orchestrator("writer")
      .decompositionReview("?", { id: "first" })
      .workerTemplate("editor")
      .reduceReview("?", { id: "second" })
      .hitlReduce("?", { id: "third" })
      .hitlWriteup("?", { id: "fourth" })
      .build();
    expectTypeOf<ShapeOf<typeof work>["interrupts"]>().toEqualTypeOf<"first" | "second" | "third" | "fourth">();
  });

  it("are all that a resume takes besides ids", async () => {
    const result = await client.run(base.chain().manualGate("review", "?").build());
    client.resume(result.sessionId, { interruptId: "review", response: "yes" });
    // @ts-expect-error: no pause is called that
    client.resume(result.sessionId, { interruptId: "reveiw", response: "yes" });
    if (result.status === "paused") {
      client.resume(result.sessionId, { interruptId: result.interrupts[0]?.id ?? "review", response: "yes" });
    }
  });
});

describe("what a program makes up", () => {
  it("is checked when it runs: names that are only known then", () => {
    const names: readonly string[] = [];
    const every = base.chain((chain) => chain.each(names, (steps, name) => steps.step("writer").step(name)));
    const done = every.build();
    expectTypeOf<ShapeOf<typeof done>["context"]["steps"][number]>().toExtend<AgentStepRecord | HitlStepRecord>();
    base.workflow((all) => all.each(names, (tasks, name) => tasks.task(name, "writer")).task("last", "editor")).build();
    base
      .parallel((all) => all.each(names, (branches, name) => branches.branch(name, (steps) => steps.step("writer"))))
      .build();
    base
      .routing((all) => all.router("writer").each(names, (r, name) => r.route(name, (s) => s.step("editor"))))
      .build();
    base.graph((all) => all.each(names, (nodes, name) => nodes.node(name, "writer")).edge("a", "b")).build();
  });
});
