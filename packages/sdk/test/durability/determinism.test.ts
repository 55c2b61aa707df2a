import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionRepository } from "@strands/core";
import { createMemoryRepository, WorkflowClient } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { scriptedModel, sequentialIds, simulatedClock } from "@strands/testing";
import { describe, expect, it } from "vitest";
// biome-ignore lint/correctness/useImportExtensions: the child processes run this file as it is
import { answerOf, answerTo, patternNames, workload } from "./workloads.mjs";

const times = process.env["STRANDS_SOAK"] === "1" ? 200 : 5;

/** Runs a workload to its end, answering what it asks, with everything that is not its own brought in from outside. */
async function run(name: string, sessions: SessionRepository): Promise<void> {
  const model = scriptedModel((request) => answerTo(request).join(""), { pieceLength: 5 });
  const client = new WorkflowClient({ model, sessions, clock: simulatedClock(1_000), ids: sequentialIds() });
  let result = await client.run(workload(name), { sessionId: "s" });
  while (result.status === "paused") {
    for (const question of result.interrupts) {
      await client.answer("s", { response: answerOf(question), interruptId: question.id });
    }
    result = await client.resume("s").result;
  }
  expect(result.status).toBe("completed");
}

async function inMemory(name: string): Promise<string> {
  const sessions = createMemoryRepository();
  await run(name, sessions);
  return (await sessions.load("s")).entries.map((entry) => JSON.stringify(entry)).join("\n");
}

async function inFiles(name: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "strands-same-"));
  await run(name, createFileRepository({ directory, durability: "process" }));
  const segments = readdirSync(join(directory, "s")).filter((file) => file.startsWith("journal-"));
  const text = segments.map((file) => `${file}\n${readFileSync(join(directory, "s", file), "utf8")}`).join("");
  rmSync(directory, { recursive: true, force: true });
  return text;
}

describe("the journal of a run is the same, byte for byte, between two runs", () => {
  it.each(patternNames)("%s", async (name) => {
    const journal = await inMemory(name);
    for (let again = 0; again < times; again += 1) expect(await inMemory(name)).toBe(journal);
    const files = await inFiles(name);
    for (let again = 0; again < times; again += 1) expect(await inFiles(name)).toBe(files);
  });
});
