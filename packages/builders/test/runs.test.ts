import type { RunResult, SpecShape } from "@strands/core";
import { WorkflowClient } from "@strands/core";
import { describe, expect, it } from "vitest";
import { WorkflowBuilder } from "../src/index.js";

const base = new WorkflowBuilder("w")
  .withRuntime("offline")
  .addAgent("writer", "You write.")
  .addAgent("editor", "You edit.")
  .addAgent("judge", "You judge.");

/** A client whose agents say who they are; the judge chooses, scores and splits. */
function clientOf(): WorkflowClient {
  return new WorkflowClient({
    async *model({ agentId }) {
      yield agentId === "judge" ? '{"route": "long", "score": 90, "issues": [], "fixes": []}' : `by ${agentId}`;
    },
  });
}

function completed<S extends SpecShape>(result: RunResult<S>): Extract<RunResult<S>, { status: "completed" }> {
  if (result.status !== "completed") throw new Error(`${result.status}: ${JSON.stringify(result)}`);
  return result as Extract<RunResult<S>, { status: "completed" }>;
}

describe("a built spec runs, and its result is what the types say", () => {
  it("chain, over a pause that is answered by its name", async () => {
    const client = clientOf();
    const spec = base
      .chain()
      .step("writer", "x")
      .manualGate("review", "Good?")
      .step("editor", "{{ hitl_response }}")
      .build();
    const paused = await client.run(spec);
    expect(paused).toMatchObject({ status: "paused", interrupts: [{ name: "review" }] });
    const done = completed(await client.resume(paused.sessionId, { interruptId: "review", response: "yes" }).result);
    expect(done.steps[0].agent).toBe("writer");
    expect(done.steps[1].type).toBe("hitl");
    expect(done.steps[2].response).toBe("by editor");
    expect(done.steps).toBe(done.context.steps);
  });

  it("workflow, with a task that stands before the one it waits for", async () => {
    const client = clientOf();
    const spec = base
      .workflow((workflow) =>
        workflow
          .forward("first")
          .task("second", "editor", "{{ tasks.first.response }}", { deps: ["first"], description: "d" })
          .task("first", "writer", "x")
          .hitlTask("ask", "Good?", { deps: ["second"] }),
      )
      .build();
    const paused = await client.run(spec);
    const done = completed(await client.resume(paused.sessionId, { interruptId: "ask", response: "yes" }).result);
    expect([done.tasks.first.response, done.tasks.second.agent, done.tasks.ask.type]).toEqual([
      "by writer",
      "editor",
      "hitl",
    ]);
    expect(done.tasks.ask.response).toBe("yes");
  });

  it("routing", async () => {
    const spec = base
      .routing()
      .router("judge", "Which?")
      .route("short", (steps) => steps.step("writer"))
      .route("long", (steps) =>
        steps.step("writer").step("editor", "{{ steps[0].response }} {{ router.chosen_route }}"),
      )
      .build();
    const done = completed(await clientOf().run(spec));
    expect(done.context.chosen_route).toBe("long");
    expect(done.steps.map(({ response }) => response)).toEqual(["by writer", "by editor"]);
  });

  it("parallel, with branches of a list", async () => {
    const spec = base
      .parallel((parallel) =>
        parallel
          .branch("one", (steps) => steps.step("writer"))
          .each(["de", "fr"], (rest, id, index) => rest.branch(id, (steps) => steps.step("editor", `${index}`)))
          .reduce("judge", "{{ branches.one.response }} {{ branches.fr.response }}"),
      )
      .build();
    const done = completed(await clientOf().run(spec));
    expect(done.branches.one.step_history[0].agent).toBe("writer");
    expect(Object.keys(done.branches)).toEqual(["one", "de", "fr"]);
    expect(done.branches["fr"]?.response).toBe("by editor");
  });

  it("graph", async () => {
    const spec = base
      .graph()
      .node("2", "writer", "x")
      .node("1", "editor", "{{ nodes['2'].response }}")
      .node("never", "editor")
      .choose("2", [
        { when: "'editor' in nodes['2'].response", to: "never" },
        { when: "else", to: "1" },
      ])
      .maxIterations(2)
      .build();
    expect(spec.pattern).toMatchObject({ config: { node_order: ["2", "1", "never"] } });
    const done = completed(await clientOf().run(spec));
    expect([done.context.terminal_node, done.nodes["2"].response, done.nodes.never.response]).toEqual([
      "1",
      "by writer",
      null,
    ]);
  });

  it("evaluator-optimizer and orchestrator-workers", async () => {
    const loop = base.evaluatorOptimizer().producer("writer").evaluator("judge").accept(80, { maxIters: 2 }).build();
    expect(completed(await clientOf().run(loop)).context.final_score).toBe(90);
    const client = new WorkflowClient({
      async *model({ agentId }) {
        yield agentId === "judge" ? '[{"task": "one"}, {"task": "two"}]' : `by ${agentId}`;
      },
    });
    const work = base.orchestratorWorkers().orchestrator("judge").workerTemplate("writer").writeup("editor").build();
    const done = completed(await client.run(work));
    expect([done.workers.length, done.context.writeup_response]).toEqual([2, "by editor"]);
  });

  it("with variables of the declared inputs", async () => {
    const spec = base
      .declareInputs({ required: { topic: "string" }, optional: { count: { type: "integer", default: 2 } } })
      .chain()
      .step("writer", "{{ topic }} {{ count }}")
      .build();
    const done = completed(await clientOf().run(spec, { variables: { topic: "tea" } }));
    expect(done.variables).toEqual({ topic: "tea", count: 2 });
  });
});
