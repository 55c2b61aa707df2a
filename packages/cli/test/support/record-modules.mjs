// Preloaded into a child process: counts the files it loads, as ES modules and as CommonJS, and writes their paths at the end.
import { appendFileSync } from "node:fs";
import module from "node:module";
import { pathToFileURL } from "node:url";

const target = process.env["STRANDS_TEST_MODULES"] ?? "";
const hooks = `
  import { appendFileSync } from "node:fs";
  export async function load(url, context, next) {
    if (url.startsWith("file:")) appendFileSync(${JSON.stringify(target)}, url + "\\n");
    return next(url, context);
  }
`;
module.register(`data:text/javascript,${encodeURIComponent(hooks)}`);
process.on("exit", () => {
  const { _cache: loaded = {} } = /** @type {{ _cache?: Record<string, unknown> }} */ (/** @type {unknown} */ (module));
  for (const file of Object.keys(loaded)) appendFileSync(target, `${pathToFileURL(file).href}\n`);
});
