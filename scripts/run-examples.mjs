// Runs every example as its README says, offline, each in a folder of its own. Needs a build. A workflow that needs
// variables gives them in `examples/<name>/vars.json`; a workflow that asks people is answered with "approved".
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "./lib/main.mjs";
import { fromRoot, toolEnv } from "./lib/root.mjs";

const launcher = fromRoot("packages", "cli", "bin", "strands.js");
const paused = 19;

await main(async () => {
  const has = (file) => (name) => existsSync(fromRoot("examples", name, file));
  const names = readdirSync(fromRoot("examples"));
  const problems = [
    ...names.filter(has("workflow.yaml")).map((name) => report(name, runWorkflow(name))),
    ...names.filter(has("index.mjs")).map((name) => report(name, runProgram(name))),
  ];
  if (problems.length === 0) throw new Error("There is no example to run.");
  const failed = problems.filter((problem) => problem !== undefined).length;
  console.log(`${problems.length} examples, ${failed} problems`);
  return failed === 0 ? 0 : 1;
});

function report(name, problem) {
  console.log(`${problem === undefined ? "ok  " : "FAIL"} ${name}`);
  if (problem !== undefined) console.error(problem);
  return problem;
}

/** Runs a workflow to its end, over its pauses. Gives what went wrong. */
function runWorkflow(name) {
  const folder = mkdtempSync(join(tmpdir(), "strands-example-"));
  try {
    cpSync(fromRoot("examples", name), folder, { recursive: true });
    const varsFile = join(folder, "vars.json");
    const vars = existsSync(varsFile) ? JSON.parse(readFileSync(varsFile, "utf8")) : {};
    const given = Object.entries(vars).flatMap(([key, value]) => ["--var", `${key}=${value}`]);
    let ended = strands(folder, ["run", "workflow.yaml", "--offline", ...given]);
    for (let pauses = 0; ended.status === paused && pauses < 10; pauses += 1) {
      const { sessionId } = JSON.parse(ended.stdout);
      ended = strands(folder, ["run", "--resume", sessionId, "--hitl-response", "approved"]);
    }
    return ended.status === 0 ? undefined : `${ended.stdout}${ended.stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function strands(cwd, args) {
  const env = toolEnv({ STRANDS_OFFLINE_LATENCY_MS: "0", STRANDS_SESSION_DIR: join(cwd, "sessions") });
  return spawnSync(process.execPath, [launcher, ...args, "--json"], { cwd, env, encoding: "utf8" });
}

/** Runs a program where it is, so that it finds its packages. */
function runProgram(name) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["index.mjs"], {
    cwd: fromRoot("examples", name),
    env: toolEnv(),
    encoding: "utf8",
  });
  return status === 0 && stdout !== "" ? undefined : `${stdout}${stderr}`;
}
