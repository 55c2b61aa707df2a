// Runs one of the repository's tools after making sure it is installed: `node scripts/run.mjs [--build] <tool> [arguments]`.
import "./lib/require-node.mjs";
import { exec } from "./lib/exec.mjs";
import { main } from "./lib/main.mjs";
import { build, install } from "./lib/prepare.mjs";

await main(async () => {
  const args = process.argv.slice(2);
  await install();
  if (args[0] === "--build") {
    args.shift();
    await build("all");
  }
  const [tool, ...rest] = args;
  if (!tool) throw new Error("Name the tool to run.");
  return (await exec(tool, rest)).code;
});
