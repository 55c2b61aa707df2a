// The cost of a durable step over a bare append and fdatasync of the same bytes.
import {
  closeSync,
  fdatasync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { compileSpec, WorkflowClient } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { median, pair, row, split } from "./lib/measure.mjs";
import { chainSpec, model } from "./lib/workload.mjs";

const sync = promisify(fdatasync);
// As long as the line that one of these steps takes in a journal.
const line = Buffer.from(`${"x".repeat(349)}\n`);

async function bareAppends(directory, count, durable) {
  const fd = openSync(join(directory, `bare-${Math.random()}`), "a");
  for (let index = 0; index < count; index += 1) {
    writeSync(fd, line);
    if (durable) await sync(fd);
    else await null;
  }
  closeSync(fd);
}

export async function run() {
  const directory = mkdtempSync(join(tmpdir(), "strands-bench-"));
  const rows = [];
  try {
    await warmUp(join(directory, "warm"));
    for (const durability of ["full", "process"]) {
      const costs = new Map();
      for (const count of [10, 100, 1_000]) {
        const program = compileSpec(chainSpec(count));
        const sessions = createFileRepository({ directory: join(directory, durability), durability });
        const client = new WorkflowClient({ model, sessions });
        const ours = () => client.run(program);
        const result = await pair(ours, () => bareAppends(directory, count, durability === "full"), 5);
        costs.set(count, result);
        const what = durability === "full" ? "append and fdatasync" : "append";
        rows.push(
          row(
            `chain of ${count}, durability ${durability}, over a bare ${what}`,
            result,
            "µs",
            count,
            durability === "full" ? "≤ 1.5" : "",
          ),
        );
        await client.close();
      }
      if (durability === "full") rows.push(...split(costs.get(10), costs.get(1_000), 990, "µs", "≤ 1.5"));
    }
    rows.push(await lastTenth(directory));
    rows.push(await concurrent(directory));
    rows.push(bytesWritten(await oneSession(directory)));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return { title: "Durable steps on files", rows };
}

/** Lets the code of the engine and of the repository be compiled before anything is timed. */
async function warmUp(directory) {
  const client = new WorkflowClient({ model, sessions: createFileRepository({ directory, durability: "process" }) });
  const program = compileSpec(chainSpec(100));
  for (let run = 0; run < 100; run += 1) await client.run(program);
  await client.close();
}

/** The last tenth of a long session against its first. */
async function lastTenth(directory) {
  const count = 10_000;
  const sessions = createFileRepository({ directory: join(directory, "long"), durability: "full" });
  const client = new WorkflowClient({ model, sessions });
  const at = [];
  client.on("step_complete", () => at.push(performance.now()));
  await client.run(compileSpec(chainSpec(count)));
  await client.close();
  const gaps = at.slice(1).map((moment, index) => moment - at[index]);
  const tenth = count / 10;
  const first = median(gaps.slice(0, tenth));
  const last = median(gaps.slice(-tenth));
  return row(
    "10,000 steps: the last tenth over the first, per step",
    { ours: last, floor: first, ratio: last / first },
    "µs",
    1,
    "≤ 1",
  );
}

/** Many runs at once against as many bare writers at once. */
async function concurrent(directory) {
  const runs = 200;
  const steps = 20;
  const program = compileSpec(chainSpec(steps));
  const sessions = createFileRepository({ directory: join(directory, "many"), durability: "full" });
  const client = new WorkflowClient({ model, sessions });
  const many = (work) => () => Promise.all(Array.from({ length: runs }, work));
  const result = await pair(
    many(() => client.run(program)),
    many(() => bareAppends(directory, steps, true)),
    5,
  );
  await client.close();
  return row(
    `${runs} runs of ${steps} durable steps at once, over the bare appends, per step`,
    result,
    "µs",
    runs * steps,
    "≤ 1.3",
  );
}

async function oneSession(directory) {
  const home = join(directory, "bytes");
  const sessions = createFileRepository({ directory: home, durability: "full" });
  const before = writtenBytes();
  const client = new WorkflowClient({ model, sessions });
  await client.run(compileSpec(chainSpec(1_000)));
  await client.close();
  return { home, written: writtenBytes() - before };
}

/** Bytes this process has handed to write calls, as the kernel counts them. */
function writtenBytes() {
  const match = /^wchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"));
  return Number(match?.[1]);
}

function bytesWritten({ home, written }) {
  // Some files have several names.
  const sizes = new Map();
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const { ino, size } = statSync(join(entry.parentPath, entry.name));
    sizes.set(ino, size);
  }
  const kept = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return {
    name: "bytes ever written over bytes kept, 1,000 steps",
    ours: `${written} B`,
    floor: `${kept} B`,
    ratio: (written / kept).toFixed(3),
    aim: "≤ 1.1",
  };
}
