import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WorkflowClient } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
// biome-ignore lint/correctness/useImportExtensions: a plain script runs this file as it is
import { savedModel, weather } from "./workload.mjs";

const saved = fileURLToPath(new URL("../../../../conformance/sessions/", import.meta.url));
const versions = readdirSync(saved);

it("there is a version to try", () => {
  expect(versions).toContain("0.1.0");
});

describe.each(versions)("sessions saved by %s", (version) => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "strands-saved-"));
    cpSync(join(saved, version), directory, { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("are listed with their status", async () => {
    const { sessions, notices } = await createFileRepository({ directory }).list();
    expect(Object.fromEntries(sessions.map(({ id, status }) => [id, status]))).toEqual({
      answered: "paused",
      cancelled: "cancelled",
      completed: "completed",
      failed: "failed",
      paused: "paused",
    });
    expect(notices).toEqual([]);
  });

  it.each([
    { id: "failed", options: {}, last: "ann after 7", asked: ["steps/1", "steps/2", "steps/2"] },
    { id: "cancelled", options: {}, last: "ann after 7", asked: ["steps/1", "steps/2", "steps/2"] },
    { id: "paused", options: { response: "fine" }, last: "ben after 1", asked: ["steps/2"] },
    { id: "answered", options: {}, last: "ben after 1", asked: ["steps/2"] },
  ])("the $id one is resumed, and its recorded steps are not run again", async ({ id, options, last, asked }) => {
    const calls: string[] = [];
    const model = savedModel({ asked: (stepKey) => calls.push(stepKey) });
    await using client = new WorkflowClient({ model, tools: [weather], sessions: createFileRepository({ directory }) });
    expect(await client.resume(id, options).result).toMatchObject({ status: "completed", lastResponse: last });
    expect(calls).toEqual(asked);
  });

  it("the completed one is over", async () => {
    await using client = new WorkflowClient({ model: savedModel(), sessions: createFileRepository({ directory }) });
    await expect(client.resume("completed").result).rejects.toMatchObject({ code: "SESSION_COMPLETED" });
  });
});
