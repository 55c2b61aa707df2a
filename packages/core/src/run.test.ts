import { describe, expect, it } from "vitest";
import { errorOf } from "../test/support/error-of.js";
import { type AppendFate, crashOnKind } from "../test/support/faulty-repository.js";
import { gate } from "../test/support/gate.js";
import { ask, bench, chainSpec } from "../test/support/workflows.js";
import type { WorkflowEvent } from "./event/events.js";
import type { ModelFunction } from "./model/model.js";
import type { Run } from "./run.js";

async function collect(run: Run): Promise<WorkflowEvent[]> {
  const events: WorkflowEvent[] = [];
  for await (const event of run.events()) events.push(event);
  return events;
}

function brief(event: WorkflowEvent): string {
  if (event.type === "token") return `token ${event.text}`;
  return "stepKey" in event ? `${event.type} ${event.stepKey}` : event.type;
}

/** A model that stops before the answer of one step until it is let go. */
function holding(stepKey: string) {
  const reached = gate();
  const released = gate();
  const model: ModelFunction = async function* (request) {
    if (request.stepKey === stepKey) {
      reached.open();
      await released.promise;
    }
    yield `says ${request.stepKey}`;
  };
  return { model, reached: reached.promise, release: () => released.open() };
}

const whole = [
  "workflow_start",
  "step_start steps/0",
  "token says steps/0",
  "step_complete steps/0",
  "step_start steps/1",
  "token says steps/1",
  "step_complete steps/1",
  "workflow_complete",
];
const model: ModelFunction = async function* ({ stepKey }) {
  yield `says ${stepKey}`;
};

describe("Run.events", () => {
  it("gives everything to who listens from the start, and ends with the run", async () => {
    const run = bench({ model }).client.start(chainSpec(["one", "two"]));
    expect((await collect(run)).map(brief)).toEqual(whole);
    expect((await run.result).status).toBe("completed");
  });

  it("gives the same to several listeners", async () => {
    const run = bench({ model }).client.start(chainSpec(["one", "two"]));
    const [first, second] = await Promise.all([collect(run), collect(run)]);
    expect(first.map(brief)).toEqual(whole);
    expect(second).toEqual(first);
  });

  it("first tells a late listener which steps are finished, each once, then what follows", async () => {
    const { model: slow, reached, release } = holding("steps/2");
    const run = bench({ model: slow }).client.start(chainSpec(["one", "two", "three"]));
    const early = collect(run);
    await reached;
    const late = collect(run);
    release();
    expect((await late).map(brief)).toEqual([
      "step_complete steps/0",
      "step_complete steps/1",
      "token says steps/2",
      "step_complete steps/2",
      "workflow_complete",
    ]);
    expect(
      (await late)
        .map((event) => (event.type === "step_complete" ? event.replayed : undefined))
        .filter((value) => value !== undefined),
    ).toEqual([true, true, false]);
    expect((await early).filter(({ type }) => type === "step_complete")).toHaveLength(3);
  });

  it("tells a step once that is recorded and told while the listener comes", async () => {
    for (let delay = 0; delay < 20; delay += 1) {
      const { client, sessions } = bench({ model });
      const recording = gate();
      const recorded = gate();
      sessions.onAppend(async (entries): Promise<AppendFate> => {
        if (entries[0]?.key === "steps/0/model/0") {
          recording.open();
          await recorded.promise;
        }
        return "works";
      });
      const run = client.start(chainSpec(["one", "two"]));
      await recording.promise;
      recorded.open();
      for (let turn = 0; turn < delay; turn += 1) await Promise.resolve();
      const events = (await collect(run)).map(brief);
      expect(events.filter((event) => event.startsWith("step_complete"))).toEqual([
        "step_complete steps/0",
        "step_complete steps/1",
      ]);
    }
  });

  it("tells who comes after the end what was finished", async () => {
    const run = bench({ model }).client.start(chainSpec(["one", "two"]));
    await run.result;
    expect((await collect(run)).map(brief)).toEqual(["step_complete steps/0", "step_complete steps/1"]);
  });

  it("tells of earlier runs of the session, and of questions and answers, each once", async () => {
    const first = bench({ model });
    await first.client.run(chainSpec(["one", ask(), "two"]));
    const { model: slow, reached, release } = holding("steps/2");
    const run = first.again({ model: slow }).client.resume("session-1", { response: "go" });
    await reached;
    const late = collect(run);
    release();
    expect((await late).map(brief)).toEqual([
      "step_complete steps/0",
      "interrupt_pending",
      "interrupt_answered",
      "token says steps/2",
      "step_complete steps/2",
      "workflow_complete",
    ]);
  });

  it("ends, telling of the pause, when the run pauses", async () => {
    const run = bench({ model }).client.start(chainSpec([ask()]));
    expect((await collect(run)).map(brief)).toEqual(["workflow_start", "interrupt_pending", "workflow_paused"]);
  });

  it("ends when the run rejects, without an error of its own", async () => {
    const { client, sessions } = bench({ model });
    sessions.onAppend(crashOnKind("model"));
    const run = client.start(chainSpec(["one"]));
    const events = collect(run);
    expect((await errorOf(run.result)).code).toBe("SESSION_STORAGE");
    expect((await events).map(brief)).toEqual(["workflow_start", "step_start steps/0", "token says steps/0"]);
    const refused = client.resume("nowhere");
    expect(await collect(refused)).toEqual([]);
    expect((await errorOf(refused.result)).code).toBe("SESSION_NOT_FOUND");
  });

  it("lets a listener leave without touching the run or the others", async () => {
    const run = bench({ model }).client.start(chainSpec(["one", "two"]));
    const other = collect(run);
    for await (const event of run.events()) {
      if (event.type === "step_start") break;
    }
    expect((await other).map(brief)).toEqual(whole);
    expect((await run.result).status).toBe("completed");
  });

  it("joins the tokens of a step for a listener that is slow, and loses none", async () => {
    const chatty: ModelFunction = async function* () {
      for (const word of ["a", "b", "c", "d"]) yield word;
    };
    const run = bench({ model: chatty }).client.start(chainSpec(["one", "two"]));
    const events = run.events();
    await events.next();
    await run.result;
    const texts: string[] = [];
    for await (const event of events) if (event.type === "token") texts.push(`${event.stepKey} ${event.text}`);
    expect(texts).toEqual(["steps/0 abcd", "steps/1 abcd"]);
  });
});

describe("Run.cancel", () => {
  it("ends the run with its reason, once", async () => {
    const { model: slow, reached } = holding("steps/1");
    const { client, of, sessions } = bench({ model: slow }).listen();
    const run = client.start(chainSpec(["one", "two"]));
    await reached;
    run.cancel("enough");
    run.cancel("more than enough");
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "enough" });
    expect(of("workflow_cancelled").map(({ reason }) => reason)).toEqual(["enough"]);
    expect((await sessions.entries()).at(-1)).toMatchObject({
      kind: "run.cancelled",
      body: { runId: "run-1", reason: "enough" },
    });
    expect((await sessions.list()).sessions[0]?.status).toBe("cancelled");
  });

  it("does nothing to a run that has ended", async () => {
    const { client, sessions } = bench({ model });
    const run = client.start(chainSpec(["one"]));
    await run.result;
    run.cancel();
    expect((await run.result).status).toBe("completed");
    expect((await sessions.list()).sessions[0]?.status).toBe("completed");
  });

  it("before anything has happened asks no model", async () => {
    let calls = 0;
    const counting: ModelFunction = async function* () {
      calls += 1;
      yield "x";
    };
    const run = bench({ model: counting }).client.start(chainSpec(["one"]));
    run.cancel("at once");
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "at once" });
    expect(calls).toBe(0);
  });
});
