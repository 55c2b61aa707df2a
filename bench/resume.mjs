// Resuming a session over reading and parsing the lines of its journal.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileSpec, WorkflowClient } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { median, time } from "./lib/measure.mjs";
import { chainSpec, model } from "./lib/workload.mjs";

export async function run() {
  const directory = mkdtempSync(join(tmpdir(), "strands-bench-"));
  try {
    return { title: "Resume", rows: [await resumeOf(directory, 1_000)] };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A chain that fails in its last step, so that a resume replays all the others. Each resume has a copy of its own. */
async function resumeOf(directory, count) {
  const failing = async function* (request) {
    if (request.stepKey === `steps/${count}`) throw new Error("not yet");
    yield* model(request);
  };
  const master = join(directory, "master");
  const first = new WorkflowClient({
    model: failing,
    sessions: createFileRepository({ directory: master, durability: "process" }),
  });
  const { sessionId } = await first.run(compileSpec(chainSpec(count + 1)));
  await first.close();

  const samples = [];
  for (let round = 0; round < 30; round += 1) {
    const copy = join(directory, `copy-${round}`);
    cpSync(master, copy, { recursive: true });
    const floor = await time(async () => parseLines(join(copy, sessionId)));
    const client = new WorkflowClient({
      model: failing,
      sessions: createFileRepository({ directory: copy, durability: "process" }),
    });
    const ours = await time(() => client.resume(sessionId).result);
    await client.close();
    samples.push({ ours, floor, ratio: ours / floor });
  }
  const [ours, floor, ratio] = ["ours", "floor", "ratio"].map((name) =>
    median(samples.slice(10).map((sample) => sample[name])),
  );
  return {
    name: `resume of ${count} recorded steps, over reading and parsing its lines`,
    ours: `${ours.toFixed(2)} ms`,
    floor: `${floor.toFixed(2)} ms`,
    ratio: ratio.toFixed(2),
    aim: "≤ 4",
  };
}

function parseLines(home) {
  for (const name of readdirSync(home).filter((file) => file.startsWith("journal"))) {
    for (const text of readFileSync(join(home, name), "utf8").split("\n")) if (text !== "") JSON.parse(text);
  }
}
