import { describe, expectTypeOf, it } from "vitest";
import type { RunResult, Spec, WorkflowEvent } from "./index.js";
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
