// Stops at source files over 500 lines. A file may be longer only when it is named here with the reason.
import { readFileSync } from "node:fs";
import { exec } from "./lib/exec.mjs";
import { main } from "./lib/main.mjs";
import { fromRoot } from "./lib/root.mjs";

const limit = 500;

/** @type {Record<string, string>} path to the reason why it may be longer */
const exempt = {
  "packages/sdk/test/golden/differences.ts": "one table of data: every difference from the recordings, with its reason",
};

await main(async () => {
  const tracked = await exec("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { capture: true });
  if (tracked.code !== 0) throw new Error(tracked.output);
  const sources = tracked.output.split("\n").filter((file) => /\.(ts|mts|mjs|js|cjs)$/.test(file));
  const problems = [];
  const long = new Set();
  for (const file of sources) {
    const lines = lineCount(file);
    if (lines <= limit) continue;
    long.add(file);
    if (!(file in exempt)) problems.push(`${file}: ${lines} lines, the limit is ${limit}`);
  }
  for (const file of Object.keys(exempt)) {
    if (!long.has(file)) problems.push(`${file}: exempt from the size limit without need, take it off the list`);
  }
  for (const problem of problems) console.error(problem);
  console.log(`${sources.length} source files, ${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
});

function lineCount(file) {
  try {
    return readFileSync(fromRoot(file), "utf8").split("\n").length - 1;
  } catch {
    return 0; // Listed by git but deleted in the working tree.
  }
}
