import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { agent, ask, bench, chainSpec } from "../../test/support/workflows.js";
import type { Spec } from "../spec/spec.js";
import { ResumeClient } from "./resume-client.js";

const flow = chainSpec(["One", ask(), "Two"]);

/** A session that waits at its first question. */
async function paused(spec: Spec = flow) {
  const place = bench();
  const result = await place.client.run(spec, { sessionId: "s" });
  if (result.status !== "paused") throw new Error(result.status);
  const [question] = result.interrupts;
  if (question === undefined) throw new Error("no question");
  return { ...place, question, people: new ResumeClient(place.client) };
}

describe("ResumeClient", () => {
  it("records an answer once, and says who was first", async () => {
    const { people, question, again, clock, client } = await paused();
    const { id, digest } = question;
    const at = clock.now();
    const first = await people.respond("s", id, "fine", { by: "ann", digest });
    const answer = { id, digest, response: "fine", source: "person", by: "ann" };
    expect(first).toEqual({ status: "recorded", answer, answeredAt: at });
    clock.pass(100);
    const others = new ResumeClient(again().client);
    expect(await others.respond("s", id, "fine", { by: "bob" })).toEqual({ status: "already", answer, answeredAt: at });
    for (const late of [
      others.respond("s", id, "bad", { by: "bob" }),
      others.reject("s", id),
      others.modify("s", id, "again"),
      others.approve("s", id),
    ]) {
      expect(await late).toEqual({ status: "lost", answer, answeredAt: at });
    }
    expect((await client.resume("s").result).status).toBe("completed");
    expect((await others.respond("s", id, "bad")).status).toBe("lost");
  });

  it("of many different answers at once exactly one is recorded", async () => {
    const { question, again, sessions } = await paused();
    const answers = Array.from({ length: 8 }, (_, n) =>
      new ResumeClient(again().client).respond("s", question.id, `answer ${n}`),
    );
    const outcomes = await Promise.all(answers);
    expect(outcomes.filter(({ status }) => status === "recorded")).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === "lost")).toHaveLength(7);
    expect(new Set(outcomes.map(({ answer }) => answer.response)).size).toBe(1);
    expect((await sessions.journal("s")).filter((line) => line.startsWith("interrupt.answered"))).toHaveLength(1);
  });

  it("rejects with a reason, which ends the run", async () => {
    const { people, question, client } = await paused();
    expect((await people.reject("s", question.id, "too late", { by: "ann" })).answer).toMatchObject({
      action: "reject",
      response: "too late",
    });
    expect(await client.resume("s").result).toMatchObject({ status: "cancelled", rejected: true });
  });

  it("sends the step before back with feedback", async () => {
    const { people, question, client, sessions } = await paused();
    expect((await people.modify("s", question.id, "shorter")).status).toBe("recorded");
    expect((await client.resume("s").result).status).toBe("paused");
    expect((await sessions.journal("s")).some((line) => line.startsWith("model steps/0@"))).toBe(true);
  });

  it("approves in a word the question takes", async () => {
    const review: Spec = {
      ...flow,
      agents: { writer: agent() },
      pattern: {
        type: "routing",
        config: {
          router: { agent: "writer", input: '{"route": "long"}', review_router: { type: "hitl", prompt: "Right?" } },
          // biome-ignore lint/suspicious/noThenProperty: a key of the format
          routes: { long: { then: [{ agent: "writer", input: "go" }] } },
        },
      },
    };
    const { people, question, client } = await paused(review);
    expect(question.choices).toContain("approved");
    expect((await people.approve("s", question.id)).answer.response).toBe("approved");
    expect((await people.approve("s", question.id)).status).toBe("already");
    expect((await client.resume("s").result).status).toBe("completed");
  });

  it("refuses what is no answer to this question", async () => {
    const { people, question } = await paused();
    expect(await errorOf(people.respond("s", "other", "x"))).toMatchObject({ code: "INTERRUPT_NOT_FOUND" });
    expect(await errorOf(people.approve("s", question.id, { digest: "other" }))).toMatchObject({
      code: "INTERRUPT_STALE",
    });
    expect(await errorOf(people.approve("gone", question.id))).toMatchObject({ code: "SESSION_NOT_FOUND" });
  });

  it("lets a run of this client that waits for the answer go on", async () => {
    const {
      client,
      people,
      again: _,
    } = await (async () => {
      const place = bench();
      return { ...place, people: new ResumeClient(place.client) };
    })();
    const answered = await new Promise((resolve) => {
      const run = client.start(flow, {
        sessionId: "s",
        onInterrupt: async (interrupt, { signal }) => {
          resolve(
            people.approve("s", interrupt.id).then(async (outcome) => [outcome.status, (await run.result).status]),
          );
          await new Promise((end) => signal.addEventListener("abort", end));
          return undefined;
        },
      });
    });
    expect(answered).toEqual(["recorded", "completed"]);
  });
});
