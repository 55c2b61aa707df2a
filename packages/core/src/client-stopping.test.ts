import { describe, expect, it } from "vitest";
import { errorOf } from "../test/support/error-of.js";
import { crashAt, faultyRepository } from "../test/support/faulty-repository.js";
import { gate } from "../test/support/gate.js";
import { echoModel, scriptedModel } from "../test/support/scripted-model.js";
import { ask, bench, chainSpec } from "../test/support/workflows.js";
import type { ModelFunction } from "./model/model.js";

/** A model whose first call is reached and never answers. */
function stalling() {
  const reached = gate();
  const model: ModelFunction = () => ({
    async *[Symbol.asyncIterator]() {
      reached.open();
      yield* [];
      await new Promise(() => {});
    },
  });
  return { model, reached: reached.promise };
}

describe("stream", () => {
  it("gives the events of its run and then the result", async () => {
    const { client } = bench();
    const stream = client.stream(chainSpec(["one"]));
    const types: string[] = [];
    let next = await stream.next();
    for (; next.done !== true; next = await stream.next()) types.push(next.value.type);
    expect(types).toEqual(["workflow_start", "step_start", "token", "step_complete", "workflow_complete"]);
    expect(next.value).toMatchObject({ status: "completed", lastResponse: "steps/0: one" });
  });

  it("cancels its run when it is left early", async () => {
    const { client, sessions, of } = bench({ model: scriptedModel(() => ["a", "b"]) }).listen();
    for await (const event of client.stream(chainSpec(["one", "two", "three"]))) {
      if (event.type === "token") break;
    }
    await client.close();
    expect(of("workflow_cancelled").map(({ reason }) => reason)).toEqual(["The consumer of the stream left"]);
    expect((await sessions.list()).sessions[0]?.status).toBe("cancelled");
  });

  it("rejects when the run cannot be recorded", async () => {
    const { client, sessions } = bench();
    sessions.onAppend(crashAt(2));
    const types: string[] = [];
    const consume = async (): Promise<void> => {
      for await (const { type } of client.stream(chainSpec(["one"]))) types.push(type);
    };
    expect((await errorOf(consume())).code).toBe("SESSION_STORAGE");
    expect(types).toEqual(["workflow_start", "step_start", "token"]);
  });
});

describe("an AbortSignal", () => {
  it("may be null, and begins nothing when it is none", async () => {
    const { client, sessions } = bench();
    const start = (signal: unknown) => client.start(chainSpec(["x"]), { signal: signal as AbortSignal });
    expect(await start(null).result).toMatchObject({ status: "completed" });
    expect(() => start({})).toThrow(TypeError);
    await client.close();
    expect((await sessions.list()).sessions).toHaveLength(1);
  });

  it("cancels a run, which can be resumed", async () => {
    const { model, reached } = stalling();
    const controller = new AbortController();
    const first = bench({ model });
    const run = first.client.start(chainSpec(["x"]), { signal: controller.signal });
    await reached;
    controller.abort(new Error("user pressed stop"));
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "The run was cancelled by its caller" });
    expect((await first.again({ model: undefined }).client.resume("session-1").result).status).toBe("completed");
  });

  it("that is aborted already lets nothing begin", async () => {
    const model = echoModel();
    const { client } = bench({ model });
    expect((await client.run(chainSpec(["x"]), { signal: AbortSignal.abort() })).status).toBe("cancelled");
    expect(model.requests).toEqual([]);
  });

  it("stops a resume, and keeps no listener when the run has ended", async () => {
    const first = bench();
    await first.client.run(chainSpec([ask(), "x"]));
    const { model, reached } = stalling();
    const controller = new AbortController();
    const run = first.again({ model }).client.resume("session-1", { response: "go", signal: controller.signal });
    await reached;
    controller.abort();
    expect((await run.result).status).toBe("cancelled");

    let listeners = 0;
    const { signal } = new AbortController();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    await first.client.run(chainSpec(["x"]), { signal });
    expect(listeners).toBe(0);
  });
});

describe("closing", () => {
  it("cancels what runs, waits for it, and closes the repository, once", async () => {
    const { model, reached } = stalling();
    let closed = 0;
    const sessions = Object.assign(faultyRepository(), {
      async close() {
        closed += 1;
      },
    });
    const { client } = bench({ model, sessions });
    const run = client.start(chainSpec(["x"]));
    await reached;
    const closing = client.close();
    expect(client.close()).toBe(closing);
    await closing;
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "The client was closed" });
    expect(sessions.claims).toEqual({ opened: 1, released: 1 });
    await client.close();
    expect(closed).toBe(1);
  });

  it("refuses later calls", async () => {
    const { client, sessions } = bench();
    await client.close();
    const spec = chainSpec(["x"]);
    for (const call of [
      () => client.start(spec),
      () => client.run(spec),
      () => client.stream(spec).next(),
      () => client.resume("session-1"),
      () => client.answer("session-1", { response: "x" }),
    ]) {
      expect((await errorOf(call)).code).toBe("CLIENT_CLOSED");
    }
    expect((await sessions.list()).sessions).toEqual([]);
  });

  it("happens at the end of an `await using` block", async () => {
    const { client } = bench();
    await client[Symbol.asyncDispose]();
    expect((await errorOf(() => client.start(chainSpec(["x"])))).code).toBe("CLIENT_CLOSED");
  });

  it("is not held up by a run that rejects", async () => {
    const { client, sessions } = bench();
    sessions.onAppend(crashAt(1));
    const run = client.start(chainSpec(["x"]));
    const failed = errorOf(run.result);
    await client.close();
    expect((await failed).code).toBe("SESSION_STORAGE");
  });
});

describe("a crash at any append", () => {
  it.each(["lost", "kept"] as const)(
    "of a chain with a question and an artifact: the result is the same (%s)",
    async (fate) => {
      const spec = chainSpec(["one", ask(), "two {{ hitl_response }}"], {
        outputs: { artifacts: [{ path: "x.md", from: "{{ last_response }}" }] },
      });
      const files = new Map<string, string>();
      const artifacts = {
        async write({ path, content }: { path: string; content: string }) {
          files.set(path, content);
          return { location: path };
        },
      };
      for (let number = 1; number <= 9; number += 1) {
        const model = echoModel();
        const sessions = faultyRepository();
        const first = bench({ sessions, artifacts, model });
        sessions.onAppend(crashAt(number, fate));
        let status: string = "new";
        for (let attempt = 0; attempt < 6 && status !== "completed"; attempt += 1) {
          const paused = (await sessions.list()).sessions[0]?.pending.length === 1;
          const options = paused ? { response: "go" } : {};
          try {
            const run =
              (await sessions.list()).sessions.length === 0
                ? first.client.start(spec)
                : first.again().client.resume("session-1", options);
            const result = await run.result;
            status = result.status;
            if (result.status === "completed") expect(result.lastResponse).toBe("steps/2: two go");
          } catch (error) {
            expect(error).toMatchObject({ code: "SESSION_STORAGE" });
            sessions.onAppend(() => "works");
            status = (await sessions.list()).sessions[0]?.status ?? "new";
          }
        }
        expect(status).toBe("completed");
        expect(files.get("x.md")).toBe("steps/2: two go\n");
        const asked = model.requests.map(({ stepKey }) => stepKey);
        expect(asked.length).toBeLessThanOrEqual(3);
        const keys = (await sessions.entries()).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }
    },
  );
});
