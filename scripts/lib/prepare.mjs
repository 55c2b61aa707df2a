import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { exec } from "./exec.mjs";
import { fromRoot, packageNames, readJson } from "./root.mjs";

const stampFile = (name) => fromRoot("node_modules", ".strands", `${name}.stamp`);
const say = (text) => process.stderr.write(`${text}\n`);

/** What a user of the CLI needs built; everything else is for developers. */
const cliClosure = ["core", "loader", "sessions", "sdk", "cli"];

/** Installs dependencies when a manifest or the lockfile changed since the last time. Throws with a plain message. */
export async function install() {
  const stamp = hashOf(manifests());
  if (readStamp("install") === stamp && existsSync(fromRoot("node_modules", ".bin", "pnpm"))) return;
  const started = performance.now();
  say("strands: installing dependencies (only needed when they change) ...");
  const wanted = readJson("package.json").packageManager.split("@")[1];
  const [command, args] = pnpmCommand(wanted);
  const frozen = process.env["CI"] ? "--frozen-lockfile" : "--prefer-frozen-lockfile";
  const { code, output } = await exec(command, [...args, "install", frozen, "--reporter=append-only"], {
    capture: true,
  });
  if (code !== 0) throw new Error(`${output.trim()}\n\nInstalling dependencies failed (pnpm ended with ${code}).`);
  writeStamp("install", hashOf(manifests()));
  say(`strands: installed in ${seconds(started)}`);
}

/**
 * Builds what is stale: nothing is started when no source changed since the last build.
 * @param {"cli" | "all"} scope
 */
export async function build(scope) {
  const names = scope === "cli" ? cliClosure : packageNames();
  const stamp = hashOf(buildInputs(names));
  if (readStamp(`build-${scope}`) === stamp && names.every(isBuilt)) return;
  const started = performance.now();
  say("strands: building ...");
  const filter = scope === "cli" ? ["--filter=@strands/cli..."] : ["--filter=./packages/*"];
  const turbo = ["run", "build", ...filter, "--output-logs=errors-only", "--log-prefix=none", "--no-update-notifier"];
  const { code, output } = await exec("turbo", turbo, { capture: true });
  if (code !== 0) throw new Error(`${output.trim()}\n\nThe build failed (turbo ended with ${code}).`);
  writeStamp(`build-${scope}`, stamp);
  say(`strands: built in ${seconds(started)}`);
}

/**
 * The pinned pnpm: the installed one when it is there, otherwise fetched by npx into its own cache.
 * @returns {[command: string, args: string[]]}
 */
function pnpmCommand(wanted) {
  const installed = fromRoot("node_modules", "pnpm", "package.json");
  if (existsSync(installed) && JSON.parse(readFileSync(installed, "utf8")).version === wanted) return ["pnpm", []];
  return ["npx", ["--yes", `pnpm@${wanted}`]];
}

function manifests() {
  const files = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc", "bench/package.json"];
  files.push("examples/package.json", ...packageNames().map((name) => `packages/${name}/package.json`));
  return files.filter((file) => existsSync(fromRoot(file))).map((file) => `${file}\n${readFileSync(fromRoot(file))}`);
}

function buildInputs(names) {
  const files = [fromRoot("tsconfig.base.json"), fromRoot("pnpm-lock.yaml")];
  for (const name of names) {
    const home = fromRoot("packages", name);
    for (const file of ["package.json", "tsconfig.json", "tsdown.config.ts"]) files.push(join(home, file));
    for (const entry of readdirSync(join(home, "src"), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !/\.(test|test-d|bench)\.ts$/.test(entry.name))
        files.push(join(entry.parentPath, entry.name));
    }
  }
  return files
    .filter((file) => existsSync(file))
    .map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`);
}

/** Whether every file that a package's `exports` and `bin` launcher lead to is there. */
function isBuilt(name) {
  const home = fromRoot("packages", name);
  const { exports } = readJson("packages", name, "package.json");
  const entries = Object.values(exports).flatMap((target) => (typeof target === "string" ? [] : [target.default]));
  if (name === "cli") entries.push("./dist/main.js");
  return entries.every((entry) => existsSync(join(home, entry)));
}

function hashOf(parts) {
  const hash = createHash("sha256").update(process.version);
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}

function readStamp(name) {
  const file = stampFile(name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function writeStamp(name, text) {
  const file = stampFile(name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
