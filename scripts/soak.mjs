// `npm run soak`: the property, crash and kill tests in their full, long form. Arguments go to Vitest as name filters.
import "./lib/require-node.mjs";
import { exec } from "./lib/exec.mjs";
import { main } from "./lib/main.mjs";
import { build, install } from "./lib/prepare.mjs";

await main(async () => {
  await install();
  await build("all");
  return (await exec("vitest", ["run", ...process.argv.slice(2)], { env: { STRANDS_SOAK: "1" } })).code;
});
