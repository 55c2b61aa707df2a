import { describe, expect, it } from "vitest";
import { asked, completed, patternSpec, paused, prompts, trial } from "../../test/support/patterns.js";
import { agent, ask } from "../../test/support/workflows.js";
import type { EvaluatorOptimizerSpec, Spec } from "../spec/spec.js";

const flow = (config: Partial<EvaluatorOptimizerSpec> = {}, more: Partial<Spec> = {}): Spec =>
  patternSpec(
    "evaluator_optimizer",
    { producer: "writer", evaluator: { agent: "judge" }, accept: { min_score: 80 }, ...config },
    more,
  );
const score = (value: unknown, more: object = {}): string => JSON.stringify({ score: value, ...more });

describe("the draft", () => {
  it("is asked for with the producer's prompt, rendered", async () => {
    const { bench, model } = trial({ "evaluation/2": score(80) });
    const agents = { writer: agent({ prompt: "Write about {{ topic }} in {{ style }}." }), judge: agent() };
    await completed(bench, flow({}, { agents, inputs: { values: { topic: "tea", style: "prose" } } }), {
      style: "verse",
    });
    expect(prompts(model)["draft/1"]).toBe("Write about tea in verse.");
    expect(asked(model)).toEqual(["draft/1", "evaluation/2"]);
  });

  it("is the result once its score is high enough", async () => {
    const evaluation = { issues: ["a", "b"], fixes: ["c"] };
    const { bench } = trial({ "draft/1": "two words", "evaluation/2": score(80, evaluation) });
    const result = await completed(bench, flow());
    expect(result).toMatchObject({ lastResponse: "two words", agentId: "writer", patternType: "evaluator_optimizer" });
    const entry = {
      iteration: 2,
      score: 80,
      ...evaluation,
      draft_preview: "two words",
      draft: "two words",
      evaluation: { score: 80, ...evaluation, feedback: "a; b" },
    };
    expect(result.context).toEqual({
      iterations: 1,
      final_score: 80,
      min_score: 80,
      max_iters: 3,
      history: [entry],
      cumulative_tokens: expect.any(Number),
      last_evaluation: { score: 80, ...evaluation },
    });
    expect(Object.keys((result.context["history"] as object[])[0] as object)).toEqual(Object.keys(entry));
  });

  it("is shown by its first 100 characters, each of them whole", async () => {
    const { bench } = trial({ "draft/1": `${"🍵".repeat(99)}abc`, "evaluation/2": score(90) });
    const { context } = await completed(bench, flow());
    expect(context["history"]).toMatchObject([{ draft_preview: `${"🍵".repeat(99)}a` }]);
  });
});

describe("an evaluation", () => {
  it("is asked for with the draft, by default with the JSON wanted", async () => {
    const { bench, model } = trial({ "draft/1": "The draft {{ x }}", "evaluation/2": score(90) });
    await completed(bench, flow());
    expect(prompts(model)["evaluation/2"]).toMatch(/JSON.*\n\nThe draft \{\{ x \}\}$/s);
    expect(model.requests[1]?.agentId).toBe("judge");
  });

  it("sees the draft and variables, and nothing else", async () => {
    const input = "{{ draft }} {{ x }} {{ iteration is defined }} {{ evaluation is defined }}";
    const { bench, model } = trial({ "evaluation/2": score(90) });
    await completed(bench, flow({ evaluator: { agent: "judge", input } }), { x: 1 });
    expect(prompts(model)["evaluation/2"]).toBe("draft/1 1 False False");
  });

  it("is asked for once more when it cannot be read, with the shape and the draft", async () => {
    const { bench, model } = trial({ "evaluation/2": "Great!", "evaluation/2/clarified": score(90) });
    await completed(bench, flow());
    expect(asked(model)).toEqual(["draft/1", "evaluation/2", "evaluation/2/clarified"]);
    expect(prompts(model)["evaluation/2/clarified"]).toMatch(/not valid JSON.*"score".*draft\/1$/s);
    expect(model.requests[2]?.messages).toHaveLength(3);
  });

  it.each(["no", "85", '["80"]', score(85.5), score(101), score(80, { issues: "one" })])(
    "that is %s again fails the run",
    async (answer) => {
      const { bench, model } = trial({ "evaluation/2": answer, "evaluation/2/clarified": answer });
      expect(await bench.client.run(flow())).toMatchObject({
        status: "failed",
        error: { code: "RUN_STEP_FAILED", stepKey: "evaluation/2" },
      });
      expect(asked(model)).toHaveLength(3);
    },
  );

  it("is asked for again when a session that failed for want of one is resumed", async () => {
    const { bench } = trial();
    expect((await bench.client.run(flow())).status).toBe("failed");
    const { model } = trial({ "evaluation/2/clarified/3": score(90) });
    expect(await bench.again({ model }).client.resume("session-1").result).toMatchObject({
      status: "completed",
      lastResponse: "draft/1",
    });
    expect(asked(model)).toEqual(["evaluation/2/clarified/2", "evaluation/2/clarified/3"]);
    expect(model.requests.at(-1)?.messages).toHaveLength(7);
  });

  it("gets its one clarification each time", async () => {
    const { bench, model } = trial({
      "evaluation/2": "?",
      "evaluation/2/clarified": score(1),
      "evaluation/3": "?",
      "evaluation/3/clarified": score(90),
    });
    await completed(bench, flow());
    expect(asked(model)).toEqual([
      "draft/1",
      "evaluation/2",
      "evaluation/2/clarified",
      "draft/2",
      "evaluation/3",
      "evaluation/3/clarified",
    ]);
  });
});

describe("a revision", () => {
  const replies = { "evaluation/2": score(40, { issues: ["dull"], fixes: ["cut"] }), "evaluation/3": score(90) };

  it("is asked for by default with the draft, the score, issues and fixes", async () => {
    const { bench, model } = trial(replies);
    const result = await completed(bench, flow());
    expect(prompts(model)["draft/2"]).toMatch(/draft\/1.*40 of 100.*- dull.*- cut/s);
    expect(result).toMatchObject({ lastResponse: "draft/2", context: { iterations: 2, final_score: 90 } });
  });

  it("sees the draft, its number, from 2, and the evaluation, printed as Python prints it", async () => {
    const { bench, model } = trial(replies);
    const revise_prompt = "{{ draft }} {{ iteration }} {{ evaluation }} {{ x }} {{ hitl_response is defined }}";
    await completed(bench, flow({ revise_prompt }), { x: 1 });
    expect(prompts(model)["draft/2"]).toBe("draft/1 2 {'score': 40, 'issues': ['dull'], 'fixes': ['cut']} 1 False");
  });

  it("goes on in the conversations of producer and evaluator", async () => {
    const { bench, model } = trial(replies);
    await completed(bench, flow());
    expect(model.requests.map(({ messages }) => messages.length)).toEqual([1, 1, 3, 3]);
  });

  it("gives way to what the caller passes, but not to values of the file", async () => {
    const { bench, model } = trial(replies);
    const spec = flow(
      { evaluator: { agent: "judge", input: "{{ draft }}" }, revise_prompt: "{{ draft }} {{ iteration }}" },
      { inputs: { values: { draft: "of the file", iteration: "of the file" } } },
    );
    await completed(bench, spec, { draft: "mine" });
    expect(prompts(model)).toMatchObject({ "evaluation/2": "mine", "draft/2": "mine 2" });
  });
});

describe("the loop", () => {
  it.each([
    [undefined, 3],
    [1, 1],
    [5, 5],
  ])("with max_iters %s ends after %d evaluations, without another revision, and fails", async (max_iters, count) => {
    const { bench, model } = trial(
      Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`evaluation/${index}`, score(index * 5)])),
    );
    const accept = { min_score: 80, ...(max_iters === undefined ? {} : { max_iters }) };
    const result = await bench.client.run(flow({ accept }));
    expect(result).toMatchObject({
      status: "failed",
      error: {
        code: "RUN_LOOP_LIMIT",
        hint: expect.stringContaining(`the step \`draft/${count}\``),
        details: {
          bestStep: `draft/${count}`,
          bestDraft: `draft/${count}`,
          bestScore: (count + 1) * 5,
          history: { length: count },
        },
      },
    });
    expect(asked(model).filter((key) => key.startsWith("evaluation"))).toHaveLength(count);
    expect(asked(model).filter((key) => key.startsWith("draft"))).toHaveLength(count);
    const end = (await bench.sessions.entries()).at(-1);
    expect(end).toMatchObject({ kind: "run.failed", body: { error: { details: { bestDraft: `draft/${count}` } } } });
  });

  it("tells of each iteration once", async () => {
    const { bench } = trial({ "evaluation/2": score(10), "evaluation/3": score(80) });
    await completed(bench, flow());
    expect(bench.of("iteration_start")).toMatchObject([
      { iteration: 2, evaluatorId: "judge", producerId: "writer" },
      { iteration: 3 },
    ]);
    expect(bench.of("iteration_complete")).toMatchObject([
      { iteration: 2, score: 10, accepted: false },
      { iteration: 3, score: 80, accepted: true },
    ]);
  });
});

describe("the review gate", () => {
  const show =
    "{{ iteration_index }} {{ iterations | length }} {{ iterations[0].feedback is defined }} {{ current_draft }} {{ current_evaluation }} {{ x }}";
  const gate = ask("Go on?", { context_display: show });
  const replies = {
    "evaluation/2": score(40, { issues: ["dull"] }),
    "evaluation/3": score(50),
    "evaluation/4": score(60),
  };
  const open = async (config: Partial<EvaluatorOptimizerSpec> = {}) => {
    const { bench, model } = trial(replies);
    const [question] = await paused(bench, flow({ review_gate: gate, ...config }), { x: 1 });
    return { bench, model, question };
  };

  it("shows the draft, its evaluation and those before", async () => {
    const { question, model } = await open();
    expect(question).toMatchObject({
      stepKey: "review/2",
      prompt: "Go on?",
      context: "0 1 False draft/1 {'score': 40, 'issues': ['dull'], 'fixes': []} 1",
    });
    expect(asked(model)).toEqual(["draft/1", "evaluation/2"]);
  });

  it.each(["stop", " ABORT ", "End\n"])(
    "ends the loop with %j: the draft is the result, whatever its score",
    async (response) => {
      const { bench } = await open();
      expect(await bench.again().client.resume("session-1", { response }).result).toMatchObject({
        status: "completed",
        lastResponse: "draft/1",
        agentId: "writer",
        context: { iterations: 1, final_score: 40, early_termination: true, termination_reason: "review_gate" },
      });
    },
  );

  it.each(["", "continue", "stop it", "please shorten"])("goes on with %j, which no agent sees", async (response) => {
    const { bench, model } = await open();
    const next = await bench.again().client.resume("session-1", { response }).result;
    expect(next).toMatchObject({ status: "paused", interrupts: [{ stepKey: "review/3" }] });
    expect(prompts(model)["draft/2"]).not.toContain("reviewer");
    expect(asked(model)).toEqual(["draft/1", "evaluation/2", "draft/2", "evaluation/3"]);
  });

  it("passes feedback on to the revision", async () => {
    const { bench, model } = await open();
    await bench.client.answer("session-1", { response: "less {{ sugar }}", action: "modify" });
    expect(await bench.again().client.resume("session-1").result).toMatchObject({ status: "paused" });
    expect(prompts(model)["draft/2"]).toMatch(/less \{\{ sugar \}\}$/);
  });

  it("ends the run as cancelled when the draft is rejected", async () => {
    const { bench } = await open();
    await bench.client.answer("session-1", { response: "no use", action: "reject" });
    expect(await bench.again().client.resume("session-1").result).toMatchObject({
      status: "cancelled",
      reason: expect.stringContaining("no use"),
    });
  });

  it("does not start the count of evaluations again: the last one has no gate", async () => {
    const { bench, model } = await open({ accept: { min_score: 80, max_iters: 2 } });
    expect(await bench.again().client.resume("session-1", { response: "go" }).result).toMatchObject({
      status: "failed",
      error: { code: "RUN_LOOP_LIMIT" },
    });
    expect(asked(model)).toEqual(["draft/1", "evaluation/2", "draft/2", "evaluation/3"]);
    const { bench: single } = trial(replies);
    const once = flow({ review_gate: gate, accept: { min_score: 80, max_iters: 1 } });
    expect(await single.client.run(once)).toMatchObject({ status: "failed" });
  });

  it("takes its default when the time is up", async () => {
    const { bench } = await open({ review_gate: ask("?", { default: "stop", timeout_seconds: 1 }) });
    bench.clock.pass(1000);
    expect(await bench.again().client.resume("session-1").result).toMatchObject({
      status: "completed",
      lastResponse: "draft/1",
    });
  });

  it("keeps to a pattern the answer must match", async () => {
    const { bench } = await open({ review_gate: { ...gate, validation: { pattern: "^(go|stop)$" } } });
    await expect(bench.again().client.resume("session-1", { response: "hm" }).result).rejects.toMatchObject({
      code: "INTERRUPT_INVALID",
    });
  });

  it("names what it shows after the loop, which gives way to what the caller passes", async () => {
    const { bench } = trial(replies);
    const gated = flow({ review_gate: ask("?", { context_display: "{{ current_draft }} {{ iterations | length }}" }) });
    const given = { iterations: "not what a template reads into", current_draft: "mine" };
    expect(await paused(bench, gated, given)).toMatchObject([{ context: "mine 1" }]);
  });
});
