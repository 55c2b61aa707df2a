#!/usr/bin/env node
// Committed, so that the link in node_modules/.bin exists right after an install, before anything is built.
import { existsSync } from "node:fs";
import module from "node:module";

const main = new URL("../dist/main.js", import.meta.url);

// From Node 22 on, compiled code is kept between starts.
module.enableCompileCache?.();

if (existsSync(main)) {
  const { runMain } = await import(main.href);
  await runMain();
} else {
  process.stderr.write("strands is not built yet. Run `npm run build` in the repository, then try again.\n");
  process.exitCode = 1;
}
