// `@strands/core` alone: no dependency, a bundle for a neutral platform with nothing left to resolve, and an import that
// works where code generation from strings is forbidden. Needs a build.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { exec } from "./lib/exec.mjs";
import { main } from "./lib/main.mjs";
import { fromRoot, readJson } from "./lib/root.mjs";

const entry = fromRoot("packages", "core", "dist", "index.js");

await main(async () => {
  const problems = [...manifestProblems(), ...(await bundleProblems()), ...(await importProblems())];
  for (const problem of problems) console.error(`@strands/core: ${problem}`);
  console.log(`@strands/core: ${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
});

function manifestProblems() {
  const manifest = readJson("packages", "core", "package.json");
  return ["dependencies", "peerDependencies", "optionalDependencies", "bundledDependencies"]
    .filter((field) => Object.keys(manifest[field] ?? {}).length > 0)
    .map((field) => `\`${field}\` must be empty, it has ${Object.keys(manifest[field]).join(", ")}`);
}

/** Bundles the built entry as an edge runtime would; every import that leaves the bundle is a problem. */
async function bundleProblems() {
  try {
    const result = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      platform: "neutral",
      format: "esm",
      target: "es2023",
      logLevel: "silent",
    });
    const left = Object.values(result.metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
    return left
      .map((path) => `the bundle still imports \`${path}\``)
      .concat(forbiddenText(result.outputFiles[0]?.text ?? ""));
  } catch (error) {
    return (error.errors ?? [{ text: String(error) }]).map(
      ({ text }) => `does not bundle for a neutral platform: ${text}`,
    );
  }
}

/** What no bundler reports but no neutral platform has. The types of the built package are read as well. */
function forbiddenText(bundle) {
  const patterns = [
    /\bnew Function\b/,
    /\beval\(/,
    /\bcreateRequire\b/,
    /["']node:[a-z/]+["']/,
    /\bprocess\.(env|nextTick|cwd)\b/,
  ];
  const types = readFileSync(fromRoot("packages", "core", "dist", "index.d.ts"), "utf8");
  const bare = [...types.matchAll(/(?:from|import\()\s*["']([^."'][^"']*)["']/g)].map((match) => match[1]);
  return [
    ...patterns.flatMap((pattern) =>
      pattern.exec(bundle) ? [`the bundle contains \`${pattern.exec(bundle)?.[0]}\``] : [],
    ),
    ...bare.map((name) => `the declarations import \`${name}\``),
  ];
}

async function importProblems() {
  const script = `await import(${JSON.stringify(pathToFileURL(entry).href)})`;
  const flags = ["--disallow-code-generation-from-strings", "--input-type=module", "--eval", script];
  const { code, output } = await exec(process.execPath, flags, { capture: true });
  return code === 0 ? [] : [`cannot be imported without code generation from strings:\n${output}`];
}
