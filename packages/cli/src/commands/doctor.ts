import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { compileSpec, createClient, createMemoryRepository, describeStorage, storageAddress } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { printable } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { sessionPlace, sessionsOf } from "../session-place.js";

/** `strands doctor` */
export const doctorCommand: Command = {
  description: "Check that this machine can run workflows.",
  arguments: [],
  options: [...storageOptions],
  examples: ["strands doctor", "strands doctor --json"],
  notes: "Exit code 0 when all is well, 10 when something is not.",
  run,
};

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

async function run(context: CommandContext): Promise<number> {
  const { io, options, secrets } = context;
  const place = sessionPlace(context);
  const address = storageAddress(place.location);
  const screen = new Screen(io, { json: options.flag("json") }, secrets);
  const checks = [
    nodeCheck(process.versions.node),
    address.type === "file"
      ? await attempt("session directory", () => writeIn(address.directory))
      : await attempt("session storage", async () => {
          await using sessions = sessionsOf(place, context);
          await sessions.list({ limit: 1 });
          return describeStorage(address);
        }),
    await attempt("offline model", askOfflineModel),
  ];
  const ok = checks.every((check) => check.ok);
  if (screen.manner.json) screen.json({ ok, checks });
  else {
    const { green, red } = screen.outStyle;
    for (const { name, ok: fine, detail } of checks) {
      screen.result(`${fine ? green("✓") : red("✗")} ${name}: ${printable(detail)}`);
    }
    screen.note(ok ? "All is well." : "Something needs your attention.");
  }
  return ok ? exitCodes.ok : exitCodes.runtime;
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { name: "Node", ok, detail: ok ? version : `${version}; Strands needs 20.19 or later` };
}

async function attempt(name: string, work: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await work() };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function writeIn(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const probe = await mkdtemp(join(directory, ".doctor-"));
  await rm(probe, { recursive: true });
  return directory;
}

async function askOfflineModel(): Promise<string> {
  await using client = createClient({ offline: true, latencyMs: 0, sessions: createMemoryRepository(), env: {} });
  const result = await client.run(
    compileSpec({
      version: 1,
      name: "doctor",
      runtime: { provider: "offline" },
      agents: { doctor: { prompt: "You check things." } },
      pattern: { type: "chain", config: { steps: [{ agent: "doctor", input: "Say that all is well." }] } },
    }),
  );
  if (result.status !== "completed") throw new Error(result.status === "failed" ? result.error.message : result.status);
  return "answers";
}
