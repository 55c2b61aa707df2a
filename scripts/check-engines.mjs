// Every installed package must admit the oldest Node we support: `engines` of transitive packages drift between installs.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { main } from "./lib/main.mjs";
import { fromRoot, readJson } from "./lib/root.mjs";

await main(async () => {
  const floor = /\d+\.\d+/.exec(readJson("package.json").engines.node)?.[0];
  if (!floor) throw new Error("package.json has no `engines.node` floor.");
  const problems = [];
  let count = 0;
  for (const manifest of installedManifests()) {
    count += 1;
    const range = manifest.engines?.node;
    if (typeof range === "string" && !semver.satisfies(`${floor}.0`, range)) {
      problems.push(`${manifest.name}@${manifest.version} wants Node ${range}, our floor is ${floor}`);
    }
  }
  for (const problem of problems) console.error(problem);
  console.log(`${count} installed packages, ${problems.length} problems`);
  return problems.length === 0 && count > 0 ? 0 : 1;
});

function* installedManifests() {
  const store = fromRoot("node_modules", ".pnpm");
  for (const directory of readdirSync(store)) {
    const modules = join(store, directory, "node_modules");
    if (directory === "node_modules" || !existsSync(modules)) continue;
    // The store directory starts with the package's own name; its neighbours there are links to other directories.
    const name = directory.startsWith("@")
      ? directory.replace("+", "/").split("@").slice(0, 2).join("@")
      : directory.split("@")[0];
    const file = join(modules, name ?? "", "package.json");
    if (existsSync(file)) yield JSON.parse(readFileSync(file, "utf8"));
  }
}
