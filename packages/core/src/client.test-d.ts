import { describe, expectTypeOf, it } from "vitest";
import type {
  AnyShape,
  BuiltSpec,
  InterruptRecord,
  JsonValue,
  RunResult,
  ShapeOf,
  Spec,
  WorkflowEvent,
} from "./index.js";
import { WorkflowClient } from "./index.js";

declare const client: WorkflowClient;
declare const spec: Spec;
declare const result: RunResult;

describe("the types of the client", () => {
  it("gives listeners the fields of their event", () => {
    client.on("step_complete", (event) => expectTypeOf(event.response).toEqualTypeOf<string>());
    client.once("interrupt_pending", (event) => expectTypeOf(event.interrupt.prompt).toEqualTypeOf<string>());
    client.on("*", (event) => expectTypeOf(event).toEqualTypeOf<WorkflowEvent>());
    // @ts-expect-error: there is no such event
    client.on("step_completed", () => {});
  });

  it("takes an async generator function as a model, and nothing that is none", () => {
    new WorkflowClient({
      async *model(request) {
        expectTypeOf(request.messages.length).toEqualTypeOf<number>();
        yield "text";
        yield { type: "usage", usage: { inputTokens: 1, outputTokens: 1 } };
      },
    });
    // @ts-expect-error: a promise of text is not a stream of pieces
    new WorkflowClient({ model: async () => "text" });
  });

  it("tells what a result holds by its status", () => {
    if (result.status === "completed") expectTypeOf(result.lastResponse).toEqualTypeOf<string>();
    if (result.status === "paused") expectTypeOf(result.interrupts[0]?.id).toEqualTypeOf<string | undefined>();
    // @ts-expect-error: only a completed run has a last response
    result.lastResponse;
  });

  it("streams events and returns the result", () => {
    expectTypeOf(client.stream(spec)).toEqualTypeOf<AsyncGenerator<WorkflowEvent, RunResult, undefined>>();
  });

  it("refuses a spec whose config is not that of its pattern", () => {
    const agents = { a: { prompt: "p" } };
    const base = { version: 1, name: "n", runtime: { provider: "p" }, agents } as const;
    client.start({ ...base, pattern: { type: "chain", config: { steps: [{ agent: "a" }] } } });
    // @ts-expect-error: a chain has steps, not tasks
    client.start({ ...base, pattern: { type: "chain", config: { tasks: [] } } });
  });
});

interface TeaShape {
  readonly variables: { readonly topic: string; readonly count?: number };
  readonly interrupts: "review";
  readonly context: { readonly steps: readonly [{ readonly response: string }]; readonly chosen_route: "a" };
}

declare const built: BuiltSpec<TeaShape>;

describe("a built spec", () => {
  it("says which variables a run takes, and that it cannot do without one", () => {
    client.start(built, { variables: { topic: "tea" } });
    void client.run(built, { variables: { topic: "tea", count: 2 }, sessionId: "mine" });
    // @ts-expect-error: a topic must be given
    void client.run(built);
    // @ts-expect-error: a topic is a text
    client.start(built, { variables: { topic: 1 } });
    // @ts-expect-error: there is no such input
    void client.stream(built, { variables: { topic: "tea", cuont: 2 } });
    void client.run(spec);
  });

  it("says what a completed result holds", async () => {
    const done = await client.run(built, { variables: { topic: "tea" } });
    if (done.status !== "completed") return;
    expectTypeOf(done.steps[0].response).toEqualTypeOf<string>();
    expectTypeOf(done.context.chosen_route).toEqualTypeOf<"a">();
    // @ts-expect-error: only steps, tasks and the like are found at the result itself
    done.chosen_route;
    // @ts-expect-error: the chain has one step
    done.steps[1];
  });

  it("knows the names of its pauses wherever its session goes", async () => {
    const run = client.start(built, { variables: { topic: "tea" } });
    client.resume(run.sessionId, { interruptId: "review", response: "yes" });
    void client.answer((await run.result).sessionId, { interruptId: "review", response: "yes" });
    // @ts-expect-error: no pause is called that
    client.resume(run.sessionId, { interruptId: "reveiw", response: "yes" });
    // @ts-expect-error: no pause is called that
    void client.answer(run.sessionId, { interruptId: "reveiw", response: "yes" });
    const paused = await run.result;
    if (paused.status !== "paused") return;
    const [interrupt] = paused.interrupts;
    if (interrupt === undefined) return;
    expectTypeOf(interrupt.name).toEqualTypeOf<"review" | undefined>();
    client.resume(paused.sessionId, { interruptId: interrupt.id, response: "yes" });
    // @ts-expect-error: no pause is called that
    client.resume<ShapeOf<typeof built>>("3f2a", { interruptId: "reveiw", response: "yes" });
  });

  it("is not asked for: a plain spec takes any variable, and a plain id any interrupt", async () => {
    client.resume("3f2a", { interruptId: "anything", response: "yes" });
    const done = await client.run(spec, { variables: { anything: [1] } });
    expectTypeOf(done.variables).toEqualTypeOf<Readonly<Record<string, JsonValue>>>();
    if (done.status === "paused") expectTypeOf(done.interrupts).toEqualTypeOf<readonly InterruptRecord[]>();
    const id: string = done.sessionId;
    client.resume(id);
    expectTypeOf<ShapeOf<Spec>>().toEqualTypeOf<AnyShape>();
    expectTypeOf<ShapeOf<typeof built>>().toEqualTypeOf<TeaShape>();
  });
});
