// Runs every example as its README says, offline, each in a folder of its own. Needs a build. A workflow that needs
// variables gives them in `examples/<name>/vars.json`; a workflow that asks people is answered with "approved". Where the
// workflow is there in code, too, that must be the same workflow, and it is run as well.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { main } from "./lib/main.mjs";
import { fromRoot, toolEnv } from "./lib/root.mjs";

const launcher = fromRoot("packages", "cli", "bin", "strands.js");
const paused = 19;

await main(async () => {
  const has = (file) => (name) => existsSync(fromRoot("examples", name, file));
  const names = readdirSync(fromRoot("examples"));
  const problems = [
    ...names.filter(has("workflow.yaml")).map((name) => report(name, runWorkflow(name))),
    ...(await Promise.all(
      names.filter(has("builder.mjs")).map(async (name) => report(`${name} in code`, await runBuilder(name))),
    )),
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

/** Compares what the builders of an example give with its file, and runs it to its end. Gives what went wrong. */
async function runBuilder(name) {
  const { createClient, createMemoryRepository, loadWorkflow } = await import(
    pathToFileURL(fromRoot("packages", "sdk", "dist", "index.js")).href
  );
  const { workflow } = await import(pathToFileURL(fromRoot("examples", name, "builder.mjs")).href);
  const { spec } = await loadWorkflow(fromRoot("examples", name, "workflow.yaml"));
  if (!isDeepStrictEqual(workflow, spec)) return "builder.mjs and workflow.yaml are not the same workflow";
  const env = { STRANDS_OFFLINE_LATENCY_MS: "0" };
  const client = createClient({ offline: true, sessions: createMemoryRepository(), env });
  try {
    const onInterrupt = () => "approved";
    const result = await client.run(workflow, { onInterrupt });
    return result.status === "completed" ? undefined : `${result.status}: ${JSON.stringify(result)}`;
  } finally {
    await client.close();
  }
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
