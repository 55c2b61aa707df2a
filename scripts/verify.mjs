// `npm run verify`: what CI runs, cheapest first. Prints one line per stage and ends with `N passed, N failed`, where every
// test of Vitest counts and every other stage counts as one. On a developer's machine it stops at the first stage that
// fails; CI, and `--keep-going`, see them all. `--only <stage>` runs one stage (and the ones it needs).
import "./lib/require-node.mjs";
import { readFileSync } from "node:fs";
import { exec } from "./lib/exec.mjs";
import { build, install } from "./lib/prepare.mjs";
import { fromRoot } from "./lib/root.mjs";

const tool =
  (command, ...args) =>
  async () =>
    asResult((await exec(command, args)).code);
const script = (name) => tool(process.execPath, fromRoot("scripts", `${name}.mjs`));

/** `vital` stages are what later ones stand on: when one fails, nothing after it says anything useful. */
const stages = [
  { name: "install", vital: true, run: install },
  {
    name: "format and lint",
    run: tool("biome", "ci", `--colors=${process.stdout.isTTY ? "force" : "off"}`, "--error-on-warnings", "."),
  },
  { name: "file sizes", run: script("check-sizes") },
  { name: "engines", run: script("check-engines") },
  { name: "types", run: tool("tsc", "-b", "--pretty", "false") },
  { name: "boundaries", run: script("check-boundaries") },
  { name: "build", vital: true, run: () => build("all") },
  { name: "core alone", run: script("check-core") },
  { name: "size budgets", run: tool("size-limit") },
  { name: "unused code", run: tool("knip", "--no-progress", "--no-config-hints") },
  { name: "packages", run: script("check-packages") },
  { name: "examples", run: script("run-examples") },
  { name: "tests", run: runTests },
];

const keepGoing = Boolean(process.env["CI"]) || process.argv.includes("--keep-going");
const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : undefined;
const total = { passed: 0, failed: 0 };
const failedStages = [];

for (const stage of stages) {
  if (only && !stage.vital && stage.name !== only) continue;
  process.stdout.write(`\n--- ${stage.name}\n`);
  const started = performance.now();
  const { passed, failed } = await runStage(stage);
  const time = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  total.passed += passed;
  total.failed += failed;
  process.stdout.write(`--- ${stage.name}: ${failed === 0 ? "ok" : "FAILED"}, ${time}\n`);
  if (failed === 0) continue;
  failedStages.push(stage.name);
  if (stage.vital || !keepGoing) {
    process.stdout.write("Stopped here; later stages did not run.\n");
    break;
  }
}

if (failedStages.length > 0) process.stdout.write(`\nFailed: ${failedStages.join(", ")}\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

async function runStage(stage) {
  try {
    return (await stage.run()) ?? asResult(0);
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return asResult(1);
  }
}

/** All tests of all packages; the counts are those of Vitest's own report. */
async function runTests() {
  const report = fromRoot("node_modules", ".strands", "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { code } = await exec("vitest", ["run", ...reporters]);
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
  // A suite that cannot be loaded, or an error outside of a test, fails the run without a failed test.
  return { passed: numPassedTests, failed: code === 0 ? numFailedTests : Math.max(1, numFailedTests) };
}

function asResult(code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
