// What would be published: packs every public package, then looks at the tarball as a user's tools would. Needs a build.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec } from "./lib/exec.mjs";
import { main } from "./lib/main.mjs";
import { fromRoot, packageNames, readJson } from "./lib/root.mjs";

await main(async () => {
  const names = packageNames().filter((name) => !readJson("packages", name, "package.json").private);
  const problems = (await Promise.all(names.map(checkPackage))).flat();
  for (const problem of problems) console.error(problem);
  console.log(`${names.length} packages packed, ${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
});

async function checkPackage(name) {
  const home = fromRoot("packages", name);
  const folder = mkdtempSync(join(tmpdir(), "strands-pack-"));
  try {
    const packed = await exec("pnpm", ["pack", "--pack-destination", folder], { cwd: home, capture: true });
    if (packed.code !== 0) return [`${name}: pnpm pack failed\n${packed.output}`];
    const tarball = join(folder, readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "");
    await exec("tar", ["-xzf", tarball, "-C", folder], { capture: true });
    /** @type {[command: string, args: string[]][]} */
    const tools = [
      ["publint", ["run", tarball, "--strict"]],
      ["attw", [tarball, "--profile", "esm-only", "--no-color", "--no-emoji"]],
    ];
    const problems = [...manifestProblems(name), ...tarballProblems(name, join(folder, "package"))];
    for (const [tool, args] of tools) {
      const { code, output } = await exec(tool, args, { cwd: home, capture: true });
      if (code !== 0) problems.push(`${name}: ${tool} found something\n${output.trim()}`);
    }
    return problems;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every package carries the same fields, so that a new one cannot forget one. */
function manifestProblems(name) {
  const manifest = readJson("packages", name, "package.json");
  const core = readJson("packages", "core", "package.json");
  const same = ["version", "license", "type", "sideEffects"].filter((field) => manifest[field] !== core[field]);
  const problems = same.map((field) => `${name}: \`${field}\` must be ${JSON.stringify(core[field])} as in core`);
  if (manifest.engines?.node !== core.engines.node)
    problems.push(`${name}: \`engines.node\` must be ${core.engines.node}`);
  for (const field of ["main", "module", "types", "typesVersions"]) {
    if (field in manifest) problems.push(`${name}: \`${field}\` is not used, \`exports\` says it all`);
  }
  for (const [entry, target] of Object.entries(manifest.exports)) {
    if (entry === "./package.json" || /\.json$/.test(entry)) continue;
    const keys = Object.keys(target).join(", ");
    if (keys !== "@strands/source, types, default") problems.push(`${name}: exports["${entry}"] has ${keys}`);
    else if (!existsSync(fromRoot("packages", name, target["@strands/source"]))) {
      problems.push(`${name}: exports["${entry}"] names a source that is not there: ${target["@strands/source"]}`);
    }
  }
  return problems;
}

/** The unpacked tarball: every export is there, nothing of ours alone is in it. */
function tarballProblems(name, folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder, { recursive: true }).map(String);
  const problems = files
    .filter((file) => /\.(test|test-d|bench)\.|__fixtures__|\.tsbuildinfo$/.test(file))
    .map((file) => `${name}: the tarball carries ${file}`);
  if (JSON.stringify(manifest.exports).includes("@strands/source"))
    problems.push(`${name}: the source condition is published`);
  if (/"(workspace|catalog):/.test(JSON.stringify(manifest.dependencies ?? {})))
    problems.push(`${name}: unresolved protocol`);
  for (const required of ["README.md", "LICENSE"]) {
    if (!files.includes(required)) problems.push(`${name}: the tarball has no ${required}`);
  }
  for (const target of Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? entry : Object.values(entry),
  )) {
    if (!files.includes(target.slice(2))) problems.push(`${name}: exports name ${target}, which is not in the tarball`);
  }
  return problems;
}
