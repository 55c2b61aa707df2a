// Resuming a session over reading and parsing the lines of its journal.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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

/** A chain that fails in its last step, so that every resume replays all the others. */
async function resumeOf(directory, count) {
  const failing = async function* (request) {
    if (request.stepKey === `steps/${count}`) throw new Error("not yet");
    yield* model(request);
  };
  const sessions = createFileRepository({ directory, durability: "process" });
  const client = new WorkflowClient({ model: failing, sessions });
  const { sessionId } = await client.run(compileSpec(chainSpec(count + 1)));
  const parse = () => {
    const home = join(directory, sessionId);
    for (const name of readdirSync(home).filter((file) => file.startsWith("journal"))) {
      for (const text of readFileSync(join(home, name), "utf8").split("\n")) if (text !== "") JSON.parse(text);
    }
  };
  const samples = [];
  for (let round = 0; round < 15; round += 1) {
    const ours = await time(() => client.resume(sessionId).result);
    const floor = await time(async () => parse());
    samples.push({ ours, floor, ratio: ours / floor });
  }
  await client.close();
  const [ours, floor, ratio] = ["ours", "floor", "ratio"].map((name) =>
    median(samples.slice(3).map((sample) => sample[name])),
  );
  return {
    name: `resume of ${count} recorded steps, over reading and parsing its lines`,
    ours: `${ours.toFixed(2)} ms`,
    floor: `${floor.toFixed(2)} ms`,
    ratio: ratio.toFixed(2),
    aim: "≤ 4",
  };
}
