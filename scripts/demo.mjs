// `npm run demo`: sets up what is missing, then runs a shipped workflow with the embedded offline model.
// Further arguments go to `strands run`, for example `npm run demo -- --var topic="the sea"`.
import "./lib/require-node.mjs";
import { pathToFileURL } from "node:url";
import { build, install } from "./lib/prepare.mjs";
import { fromRoot } from "./lib/root.mjs";

const extra = process.argv.slice(2);
const topic = extra.some((argument) => argument.includes("topic=")) ? [] : ["--var", "topic=how rivers shape cities"];
const launcher = fromRoot("packages", "cli", "bin", "strands.js");

try {
  await install();
  await build("cli");
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

// The CLI runs in this process, so that the repeated demo starts one Node only.
process.chdir(fromRoot());
process.argv = [
  process.execPath,
  launcher,
  "run",
  "examples/research-chain/workflow.yaml",
  "--offline",
  ...topic,
  "--force",
  ...extra,
];
await import(pathToFileURL(launcher).href);
