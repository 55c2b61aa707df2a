import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type JsonValue, type RunResult, StrandsError } from "@strands/core";
import { sequentialIds, simulatedClock } from "@strands/testing";
import { expect, test } from "vitest";
import { createClient, createMemoryRepository, type LoadedWorkflow, loadWorkflow } from "../src/index.js";

const conformance = new URL("../../../conformance/", import.meta.url);
const corpus = new URL("corpus/valid/", conformance);

/** What became of a workflow file. */
interface Outcome {
  readonly pattern: string;
  /** Names that had to be given because the file has no value for them. */
  readonly given: readonly string[];
  /** Where a person was asked, in order. */
  readonly asked: readonly string[];
  readonly calls: number;
  readonly status: string;
  readonly artifacts: readonly string[];
}

// `npx vitest run --project sdk packages/sdk/test/corpus-outcomes.test.ts -u` writes the table anew; review its diff.
test("every real workflow file runs to its end with the offline model", async () => {
  const outcomes: Record<string, Outcome> = {};
  for (const name of readdirSync(corpus).sort()) outcomes[name] = await outcomeOf(name);
  const lines = Object.entries(outcomes).map(
    ([name, outcome]) => ` ${JSON.stringify(name)}: ${JSON.stringify(outcome)}`,
  );
  const table = fileURLToPath(new URL("corpus-outcomes.json", conformance));
  await expect(`{\n${lines.join(",\n")}\n}\n`).toMatchFileSnapshot(table);
  const unfinished = Object.entries(outcomes).filter(([, { status }]) => status !== "completed");
  expect(unfinished.map(([name, { status }]) => `${name}: ${status}`)).toEqual([]);
});

async function outcomeOf(name: string): Promise<Outcome> {
  const workflow = await loadWorkflow(fileURLToPath(new URL(name, corpus)));
  const given: Record<string, JsonValue> = {};
  for (const missing of workflow.variables({}).missing) given[missing] = sampleFor(workflow, missing);
  for (;;) {
    const outcome = await play(workflow, given);
    const undefinedName = /`(\w+)` is not defined/.exec(outcome.status)?.[1];
    if (undefinedName === undefined || undefinedName in given) return outcome;
    given[undefinedName] = `sample ${undefinedName}`;
  }
}

function sampleFor({ spec }: LoadedWorkflow, name: string): JsonValue {
  const declared = spec.inputs?.required?.[name];
  const type = typeof declared === "string" ? declared : declared?.type;
  if (type === "number" || type === "integer") return 1;
  if (type === "boolean") return true;
  if (type === "array") return [`sample ${name}`];
  if (type === "object") return { sample: name };
  return `sample ${name}`;
}

/** More questions than any file asks when each is answered once. */
const mostQuestions = 10;

async function play(workflow: LoadedWorkflow, given: Readonly<Record<string, JsonValue>>): Promise<Outcome> {
  const asked: string[] = [];
  let calls = 0;
  await using client = createClient({
    offline: true,
    env: {},
    sessions: createMemoryRepository(),
    clock: simulatedClock(),
    ids: sequentialIds(),
  });
  client.on("step_complete", ({ replayed }) => {
    if (!replayed) calls += 1;
  });
  const end = (status: string, artifacts: readonly string[] = []): Outcome => {
    const pattern = workflow.spec.pattern.type;
    return { pattern, given: Object.keys(given), asked, calls, status, artifacts };
  };
  try {
    let result: RunResult = await client.run(workflow.program, { variables: workflow.variables(given).given });
    while (result.status === "paused" && asked.length < mostQuestions) {
      const [interrupt] = result.interrupts;
      if (interrupt === undefined) return end("paused without a question");
      asked.push(interrupt.stepKey);
      const answer = { response: "approved", interruptId: interrupt.id };
      result = await client.resume(result.sessionId, answer).result;
    }
    if (result.status === "failed") throw result.error;
    return end(result.status, result.status === "completed" ? result.artifacts.map(({ path }) => path) : []);
  } catch (error) {
    if (!StrandsError.isInstance(error)) throw error;
    return end(`${error.code}: ${error.message}`);
  }
}
