// Runs every example workflow offline, each with a session directory and a working directory of its own. Needs a build.
// An example that needs variables gives them in `examples/<name>/vars.json`.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec } from "./lib/exec.mjs";
import { main } from "./lib/main.mjs";
import { fromRoot } from "./lib/root.mjs";

const launcher = fromRoot("packages", "cli", "bin", "strands.js");

await main(async () => {
  const names = readdirSync(fromRoot("examples")).filter((name) =>
    existsSync(fromRoot("examples", name, "workflow.yaml")),
  );
  if (names.length === 0) throw new Error("There is no examples/<name>/workflow.yaml to run.");
  let failed = 0;
  for (const name of names) {
    if (!(await runExample(name))) failed += 1;
  }
  console.log(`${names.length} examples, ${failed} problems`);
  return failed === 0 ? 0 : 1;
});

async function runExample(name) {
  const varsFile = fromRoot("examples", name, "vars.json");
  const vars = existsSync(varsFile) ? JSON.parse(readFileSync(varsFile, "utf8")) : {};
  const folder = mkdtempSync(join(tmpdir(), "strands-example-"));
  try {
    cpSync(fromRoot("examples", name), folder, { recursive: true });
    const args = Object.entries(vars).flatMap(([key, value]) => ["--var", `${key}=${value}`]);
    const { code, output } = await exec(
      process.execPath,
      [launcher, "run", "workflow.yaml", "--offline", "--force", "--session-dir", join(folder, "sessions"), ...args],
      { cwd: folder, capture: true, env: { STRANDS_OFFLINE_LATENCY_MS: "0", NO_COLOR: "1" } },
    );
    console.log(`${code === 0 ? "ok  " : "FAIL"} ${name}`);
    if (code !== 0) console.error(output);
    return code === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
