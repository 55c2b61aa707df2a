import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { crashAt } from "../../test/support/faulty-repository.js";
import { scriptedModel, toolCall } from "../../test/support/scripted-model.js";
import { tool } from "../../test/support/tool-turns.js";
import { agent, ask, type BenchOptions, bench, chainSpec } from "../../test/support/workflows.js";
import type { StepSpec } from "../spec/spec.js";

const schema = {
  type: "object",
  required: ["city", "score"],
  properties: { city: { type: "string" }, score: { type: "integer", maximum: 10 } },
};
const rome = '{"city": "Rome", "score": 7}';

const specOf = (steps: readonly (string | StepSpec)[]) =>
  chainSpec(steps, { agents: { writer: agent({ output_schema: schema }), plain: agent() } });

function told(replies: Parameters<typeof scriptedModel>[0], options: BenchOptions = {}) {
  const model = scriptedModel(replies);
  return { model, ...bench({ model, ...options }).listen() };
}

describe("an agent with an output schema", () => {
  it("is told the schema, in the request and in words", async () => {
    const { model, client } = told([rome, "free"]);
    await client.run(specOf(["x", { agent: "plain", input: "y" }]));
    expect(model.requests.map(({ outputSchema }) => outputSchema)).toEqual([schema, undefined]);
    expect(model.requests[0]?.system).toMatch(
      `\n\nYour final answer is one JSON value and nothing else. It has to fit this JSON Schema:\n${JSON.stringify(schema)}`,
    );
    expect(model.requests[1]?.system).not.toContain("JSON");
  });

  it.each([
    ["as it is", rome],
    ["in a fence", `Here you are:\n\`\`\`json\n${rome}\n\`\`\`\nGood luck!`],
    ["in prose", `I think ${rome} is right.`],
    ["behind JSON that does not fit", `{"city": "Rome"} no, rather ${rome}`],
  ])("has its answer read %s", async (_, reply) => {
    const { client, of } = told([reply, "-"]);
    const steps = ["x", { agent: "plain", input: "{{ steps[0].data.city }} {{ steps[0].data.score + 1 }}" }];
    const result = await client.run(specOf(steps));
    expect(result).toMatchObject({ status: "completed", data: null });
    expect(of("step_start").map(({ input }) => input)).toEqual(["x", "Rome 8"]);
    const completed = of("step_complete");
    expect(completed[0]?.data).toEqual({ city: "Rome", score: 7 });
    expect(completed[0]?.response).toBe(reply);
    expect("data" in (completed[1] ?? {})).toBe(false);
  });

  it("has its last answer in the result as data", async () => {
    const result = await told([rome]).client.run(specOf(["x"]));
    expect(result).toMatchObject({ lastResponse: rome, data: { city: "Rome", score: 7 } });
  });

  it("may call tools first", async () => {
    const { model, client } = told([["thinking", toolCall("t")], rome], { tools: [tool("t", () => 1)] });
    expect(await client.run(specOf(["x"]))).toMatchObject({ data: { city: "Rome", score: 7 } });
    expect(model.requests).toHaveLength(2);
  });
});

describe("an answer that does not fit", () => {
  it.each([
    ["Rome, I would say", "there is no JSON value in it"],
    ['{"city": 1, "score": 11}', "`/city`: expected string, got number; `/score`: expected at most 10"],
  ])("is given back with what is wrong: %s", async (reply, problem) => {
    const { model, client, of, sessions } = told([reply, rome]);
    expect(await client.run(specOf(["x"]))).toMatchObject({ status: "completed", lastResponse: rome });
    const correction = `Your last answer does not fit the JSON Schema asked for: ${problem}. Give the whole answer again as one JSON value that fits, without any other text.`;
    expect(model.requests[1]?.messages).toEqual([
      { role: "user", content: "x" },
      { role: "assistant", content: reply },
      { role: "user", content: correction },
    ]);
    expect(of("output_refused").map((event) => event.problem)).toEqual([problem]);
    expect(of("step_complete")).toHaveLength(1);
    expect(await sessions.journal()).toEqual([
      "run.started run/run-1",
      "model steps/0/model/0",
      "model steps/0/model/1",
      "run.completed run/run-1/end",
    ]);
    expect((await sessions.entries())[1]?.body).toMatchObject({ text: reply, correction });
  });

  it("that was cut off is told so", async () => {
    const { model, client } = told([['{"city": "R', { type: "finish", reason: "length" }], rome]);
    expect((await client.run(specOf(["x"]))).status).toBe("completed");
    expect(model.requests[1]?.messages.at(-1)?.role).toBe("user");
    expect(JSON.stringify(model.requests[1]?.messages.at(-1))).toContain(
      "cut off at its length limit: make it shorter",
    );
  });

  it("fails the step the third time; a resume asks three times more, in the same conversation", async () => {
    const first = told(() => "no");
    const result = await first.client.run(specOf(["x"]));
    expect(result).toMatchObject({
      status: "failed",
      error: {
        code: "RUN_OUTPUT_INVALID",
        stepKey: "steps/0",
        message: "Step `steps/0` (agent `writer`) gave no answer that fits its `output_schema` in 3 attempts",
      },
    });
    expect(first.model.requests).toHaveLength(3);
    const model = scriptedModel(["no", "no", rome]);
    const again = first.again({ model });
    expect(await again.client.resume("session-1").result).toMatchObject({ status: "completed", lastResponse: rome });
    expect(model.requests[0]?.messages).toHaveLength(7);
    expect((await first.sessions.journal()).filter((line) => line.startsWith("model "))).toEqual(
      [0, 1, 2, 3, 4, 5].map((round) => `model steps/0/model/${round}`),
    );
  });

  it("is counted against the budget like any model call", async () => {
    const usage = { type: "usage", usage: { inputTokens: 10, outputTokens: 5 } } as const;
    const { client, of } = told([
      ["no", usage],
      [rome, usage],
    ]);
    expect((await client.run(specOf(["x"]))).usage).toEqual({ inputTokens: 20, outputTokens: 10 });
    expect(of("step_complete")[0]?.usage).toEqual({ inputTokens: 20, outputTokens: 10 });
  });
});

describe("a session with an output schema that goes on", () => {
  it("has the same data and conversation, and asks nothing again", async () => {
    const steps = ["x", ask(), "{{ steps[0].data.city }}"];
    const first = told(["no", rome, rome]);
    await first.client.run(specOf(steps));
    const model = scriptedModel([rome]);
    const again = first.again({ model }).listen();
    expect((await again.client.resume("session-1", { response: "go" }).result).status).toBe("completed");
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.messages.map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "user",
      "assistant",
      "user",
    ]);
    expect(model.requests[0]?.messages.at(-1)).toEqual({ role: "user", content: "Rome" });
    expect(again.of("step_complete").map(({ data, replayed }) => [data, replayed])).toEqual([
      [{ city: "Rome", score: 7 }, true],
      [{ city: "Rome", score: 7 }, false],
    ]);
    expect(again.of("output_refused")).toEqual([]);
  });

  it("asks for the correction that was recorded when it died in between", async () => {
    const first = told(["no"]);
    first.sessions.onAppend(crashAt(3));
    expect((await errorOf(first.client.run(specOf(["x"])))).code).toBe("SESSION_STORAGE");
    first.sessions.onAppend(() => "works");
    const model = scriptedModel([rome]);
    expect(await first.again({ model }).client.resume("session-1").result).toMatchObject({ lastResponse: rome });
    expect(model.requests[0]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  });

  it("tells a listener that comes late of the answer, not of the one that was refused", async () => {
    const { client } = told(["no", rome, rome]);
    const run = client.start(specOf(["x", "y"]));
    await run.result;
    const late = [];
    for await (const event of run.events()) if (event.type === "step_complete") late.push(event.response);
    expect(late).toEqual([rome, rome]);
  });
});
