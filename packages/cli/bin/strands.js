#!/usr/bin/env node
// Committed, so that the link in node_modules/.bin exists right after an install, before anything is built.
import { existsSync } from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);

if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write("strands is not built yet. Run `npm run build` in the repository, then try again.\n");
  process.exitCode = 1;
}
