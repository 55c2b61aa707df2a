import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { gate } from "../../test/support/gate.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import { ask, type Bench, bench, chainSpec } from "../../test/support/workflows.js";
import type { StrandsError } from "../error/strands-error.js";

const spec = chainSpec([ask("A?"), "then {{ hitl_response }}"]);
const firstAnswer = { response: "yes", by: "Ann" };

/** How a session comes to where it takes no answer any more. */
const ways: Readonly<Record<string, () => Promise<Bench>>> = {
  async "has failed"() {
    const first = bench({ model: scriptedModel([new Error("down")]) });
    await first.client.run(spec);
    expect((await first.client.resume("session-1", firstAnswer).result).status).toBe("failed");
    return first;
  },
  async "was rejected"() {
    const first = bench();
    await first.client.run(spec);
    const rejected = await first.client.resume("session-1", { ...firstAnswer, action: "reject" }).result;
    expect(rejected.status).toBe("cancelled");
    return first;
  },
  async "was cancelled"() {
    const reached = gate();
    const first = bench({
      async *model() {
        reached.open();
        yield* [];
        await new Promise(() => {});
      },
    });
    await first.client.run(spec);
    const run = first.client.resume("session-1", firstAnswer);
    await reached.promise;
    run.cancel();
    expect((await run.result).status).toBe("cancelled");
    return first;
  },
  async "has completed"() {
    const first = bench();
    await first.client.run(spec);
    expect((await first.client.resume("session-1", firstAnswer).result).status).toBe("completed");
    return first;
  },
};

const todo: Readonly<Record<string, string>> = {
  "has failed": "Mend the cause, then resume the session without an answer.",
  "was rejected": "It stays as it is; start a new run to try again.",
  "was cancelled": "Resume the session without an answer.",
  "has completed": "Look at its result, or start a new run.",
};

const answering = (
  { client }: Bench,
  how: string,
  answer: { response: string; interruptId?: string },
): Promise<StrandsError> =>
  errorOf(how === "answer" ? client.answer("session-1", answer) : client.resume("session-1", answer).result);

describe.each(Object.keys(ways))("a session that %s", (is) => {
  it.each(["answer", "resume"])("says so to an answer, and what can be done: %s", async (how) => {
    const first = await ways[is]?.();
    if (first === undefined) throw new Error("unknown way");
    const error = await answering(first, how, { response: "no" });
    if (is === "has completed" && how === "resume") {
      expect(error.code).toBe("SESSION_COMPLETED");
      return;
    }
    const did = is === "was rejected" ? "rejected" : "answered";
    expect(error.code).toBe("SESSION_CONFLICT");
    expect(error.message).toBe(
      `The session does not wait for an answer: it ${is}. Its last question was already ${did} by Ann at 1970-01-01T00:16:40.000Z: \`yes\``,
    );
    expect(error.hint).toBe(`The first answer stands. ${todo[is]}`);

    // With the question's id it is clear what is meant.
    const named = await answering(first, how, { response: "no", interruptId: "interrupt-1" });
    expect(named.message).toBe(`This was already ${did} by Ann at 1970-01-01T00:16:40.000Z: \`yes\``);
    expect(named.hint).toBe(`The first answer stands. The session ${is}. ${todo[is]}`);
  });
});

describe("an answer that cannot be taken", () => {
  it("by a session without a question is told where that stands", async () => {
    const failing = bench({ model: scriptedModel([new Error("down")]) });
    await failing.client.run(chainSpec(["one"]));
    const error = await errorOf(failing.client.answer("session-1", { response: "x" }));
    expect(error).toMatchObject({
      code: "INTERRUPT_NOT_FOUND",
      message: "The session does not wait for an answer: it has failed",
      hint: todo["has failed"],
    });
  });

  it("because the session is at work with the first one is told that", async () => {
    const reached = gate();
    const reply = gate<string>();
    const first = bench({
      async *model() {
        reached.open();
        yield await reply.promise;
      },
    });
    await first.client.run(spec);
    const run = first.client.resume("session-1", firstAnswer);
    await reached.promise;
    const error = await errorOf(first.client.answer("session-1", { response: "no" }));
    expect(error.message).toContain("it is at work, or was cut off");
    reply.open("done");
    await run.result;
  });

  it("because it was answered and nobody went on yet is told who was first, and to resume", async () => {
    const first = bench();
    await first.client.run(spec);
    await first.client.answer("session-1", { response: "yes" });
    expect(await errorOf(first.client.answer("session-1", { response: "no" }))).toMatchObject({
      code: "SESSION_CONFLICT",
      message: "This was already answered by somebody at 1970-01-01T00:16:40.000Z: `yes`",
      hint: "The first answer stands. Resume the session without an answer to go on with it.",
      details: { answeredBy: "somebody", response: "yes", status: "paused" },
    });
  });

  it("because another question is open is told to answer that one", async () => {
    const first = bench();
    await first.client.run(chainSpec([ask("A?"), ask("B?")]));
    expect((await first.client.resume("session-1", firstAnswer).result).status).toBe("paused");
    const error = await errorOf(first.client.answer("session-1", { response: "no", interruptId: "interrupt-1" }));
    expect(error.hint).toBe("The first answer stands. Answer the question that is open.");
  });

  it("because its action is none is told the actions", async () => {
    const first = bench();
    await first.client.run(spec);
    const error = await errorOf(first.client.answer("session-1", { response: "x", action: "approve" as never }));
    expect(error).toMatchObject({ code: "INTERRUPT_INVALID", hint: expect.stringContaining("`modify` or `reject`") });
  });
});
