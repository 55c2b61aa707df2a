import type { ModelRequest, RunResult } from "@strands/core";
import { WorkflowClient } from "@strands/core";
import { beforeAll, describe, expect, it } from "vitest";
import { KilledSession } from "./children.js";
// biome-ignore lint/correctness/useImportExtensions: the child processes run these files as they are
import { pausePlaces } from "./nested-pauses.mjs";
// biome-ignore lint/correctness/useImportExtensions: the child processes run these files as they are
import { answerOf, answerTo, workload } from "./workloads.mjs";

/** What a run came to: its last answer, and what each agent was told. */
interface Told {
  readonly lastResponse: string;
  readonly prompts: Readonly<Record<string, string>>;
}

const table = pausePlaces.flatMap((place) => [1, 2].map((pauses) => ({ place, pauses })));

describe.each(table)("$pauses pauses at $place", ({ place, pauses }) => {
  const name = `${place}-${pauses}`;
  const spec = workload(name);
  let atOnce: Told;

  beforeAll(async () => {
    let asked = 0;
    const { client, told } = listening();
    const result = await client.run(spec, {
      onInterrupt: (question) => {
        asked += 1;
        return answerOf(question);
      },
    });
    expect(asked).toBe(pauses);
    atOnce = told(result);
  });

  it("in the same process, is as if answered at once", async () => {
    const { client, told } = listening();
    let result = await client.run(spec);
    let answers = 0;
    while (result.status === "paused") {
      const [question] = result.interrupts;
      if (question === undefined) break;
      answers += 1;
      await client.answer(result.sessionId, { response: answerOf(question), interruptId: question.id });
      result = await client.resume(result.sessionId).result;
    }
    expect(answers).toBe(pauses);
    expect(told(result)).toEqual(atOnce);
  });

  it("in processes killed at each question, is as if answered at once", async () => {
    const session = new KilledSession(name);
    let died = 0;
    while ((await session.run("pause")) === undefined) died += 1;
    // Questions of two branches may be recorded together.
    if (place !== "branches") expect(died).toBe(pauses);
    expect(died).toBeGreaterThan(0);
    session.expectNoRepeats();
    const entries = await session.entries();
    const prompts = entries.flatMap(({ key, kind, body }) =>
      kind === "model" ? [[key.replace("/model/0", ""), body.input ?? ""]] : [],
    );
    const last = entries.at(-1);
    expect({
      lastResponse: last?.kind === "run.completed" ? last.body.lastResponse : last?.kind,
      prompts: Object.fromEntries(prompts),
    }).toEqual(atOnce);
    session.remove();
  });
});

/** A client that keeps what agents were told. */
function listening() {
  const prompts: Record<string, string> = {};
  const client = new WorkflowClient({
    async *model(request: ModelRequest) {
      const last = request.messages.at(-1);
      prompts[request.stepKey] = last?.role === "user" ? last.content : "";
      yield* answerTo(request);
    },
  });
  const told = (result: RunResult): Told => {
    expect(result.status).toBe("completed");
    return { lastResponse: result.status === "completed" ? result.lastResponse : "", prompts };
  };
  return { client, told };
}
