// Start-up: importing the engine over an empty process.
import { spawnSync } from "node:child_process";
import { median } from "./lib/measure.mjs";

export async function run() {
  const start = (script) => {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: import.meta.dirname,
    });
    if (status !== 0) throw new Error(String(stderr));
    return performance.now() - started;
  };
  const samples = [];
  for (let round = 0; round < 15; round += 1) {
    const floor = start("");
    const ours = start('await import("@strands/core")');
    samples.push({ ours, floor, more: ours - floor });
  }
  const [ours, floor, more] = ["ours", "floor", "more"].map((name) => median(samples.map((sample) => sample[name])));
  return {
    title: "Start-up",
    rows: [
      {
        name: "import @strands/core: ms over an empty process",
        ours: `${ours.toFixed(0)} ms`,
        floor: `${floor.toFixed(0)} ms`,
        ratio: `+${more.toFixed(0)} ms`,
        aim: "≤ +40 ms",
      },
    ],
  };
}
