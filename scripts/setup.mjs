// Installs what changed and, with `--build`, builds what is stale. Needs nothing but Node and npm.
import "./lib/require-node.mjs";
import { main } from "./lib/main.mjs";
import { build, install } from "./lib/prepare.mjs";

await main(async () => {
  await install();
  if (process.argv.includes("--build")) await build("all");
});
