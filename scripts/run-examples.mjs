// Runs every example as its README says, each in a folder of its own. Needs a build. Workflows run offline; where an example
// has answers of a vendor's service (`aimock.json`), also with its provider, against a server on this machine. A workflow that
// needs variables gives them in `examples/<name>/vars.json`; a workflow that asks people is answered with "approved". Where the
// workflow is there in code, too, that must be the same workflow, and it is run as well.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { main } from "./lib/main.mjs";
import { exampleKey, startModelServer } from "./lib/model-server.mjs";
import { fromRoot, toolEnv } from "./lib/root.mjs";

const launcher = fromRoot("packages", "cli", "bin", "strands.js");
const paused = 19;

await main(async () => {
  const problems = [];
  for (const name of readdirSync(fromRoot("examples"))) {
    for (const [what, run] of runsOf(name)) problems.push(report(`${name}${what}`, await inFolder(run)));
  }
  if (problems.length === 0) throw new Error("There is no example to run.");
  const failed = problems.filter((problem) => problem !== undefined).length;
  console.log(`${problems.length} runs of examples, ${failed} problems`);
  return failed === 0 ? 0 : 1;
});

function report(name, problem) {
  console.log(`${problem === undefined ? "ok  " : "FAIL"} ${name}`);
  if (problem !== undefined) console.error(problem);
  return problem;
}

/** The ways to run an example: each gets a folder, and gives what went wrong. */
function runsOf(name) {
  const has = (file) => existsSync(fromRoot("examples", name, file));
  const runs = [];
  const offline = (folder) => runWorkflow(name, folder, ["--offline"], {});
  const run = has("index.mjs")
    ? (folder, env) => runProgram(name, folder, env)
    : (folder, env) => runWorkflow(name, folder, [], env);
  if (has("workflow.yaml")) runs.push(["", offline]);
  if (has("builder.mjs")) runs.push([", in code", () => runBuilder(name)]);
  if (has("aimock.json")) runs.push([", with its provider", (folder) => withModelServer(name, folder, run)]);
  else if (has("index.mjs")) runs.push(["", (folder) => run(folder, {})]);
  return runs;
}

async function inFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), "strands-example-"));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withModelServer(name, folder, run) {
  const server = await startModelServer(fromRoot("examples", name, "aimock.json"));
  try {
    return (await run(folder, server.env)) ?? server.problem() ?? leak(folder);
  } finally {
    await server.stop();
  }
}

/** Runs a workflow to its end, over its pauses. */
async function runWorkflow(name, folder, options, env) {
  cpSync(fromRoot("examples", name), folder, { recursive: true });
  const varsFile = join(folder, "vars.json");
  const vars = existsSync(varsFile) ? JSON.parse(readFileSync(varsFile, "utf8")) : {};
  const given = Object.entries(vars).flatMap(([key, value]) => ["--var", `${key}=${value}`]);
  const strands = (...args) => node(folder, folder, [launcher, ...args, "--json"], env);
  let ended = await strands("run", "workflow.yaml", ...options, ...given);
  for (let pauses = 0; ended.status === paused && pauses < 10; pauses += 1) {
    const { sessionId } = JSON.parse(ended.stdout);
    ended = await strands("run", "--resume", sessionId, "--hitl-response", "approved");
  }
  return problemOf(ended);
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
async function runProgram(name, folder, env) {
  return problemOf(await node(fromRoot("examples", name), folder, ["index.mjs"], env));
}

function problemOf({ status, stdout, stderr }) {
  const said = `${stdout}${stderr}`;
  if (said.includes(exampleKey)) return "The key is in what the run printed.";
  return status === 0 && stdout !== "" ? undefined : said || `exit code ${status}`;
}

/** Looks for the key in all files of a run: sessions and artifacts. */
function leak(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const path = files
    .map((file) => join(file.parentPath, file.name))
    .find((file) => readFileSync(file, "utf8").includes(exampleKey));
  return path === undefined ? undefined : `The key is in \`${path}\`.`;
}

function node(cwd, folder, args, env) {
  return new Promise((done, failed) => {
    const ours = { STRANDS_OFFLINE_LATENCY_MS: "0", STRANDS_SESSION_DIR: join(folder, "sessions") };
    const child = spawn(process.execPath, args, { cwd, env: toolEnv({ ...ours, ...env }) });
    const said = { stdout: "", stderr: "" };
    for (const name of /** @type {const} */ (["stdout", "stderr"])) {
      child[name].setEncoding("utf8").on("data", (text) => {
        said[name] += text;
      });
    }
    child.on("error", failed);
    child.on("close", (status) => done({ status, ...said }));
  });
}
