import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { compileSpec, createMemoryRepository, type ModelProvider } from "@strands/core";
import { loadBundledProviders } from "../bundled-providers.js";
import { createClient } from "../create-client.js";
import { makeDirectories } from "../make-directories.js";
import { openSessions } from "../sessions.js";
import { type SessionLocation, storageAddress } from "../storage/session-location.js";
import { describeStorage } from "../storage/storage-address.js";
import { diagnoseProvider, type ProviderReport } from "./diagnose-provider.js";

/** What is looked at. */
export interface DiagnoseOptions extends SessionLocation {
  /** Whether to reach for the services of the providers that are ready; no model is called. @defaultValue false */
  readonly online?: boolean | undefined;
  /** Ends waiting for them. @defaultValue after 10 seconds */
  readonly signal?: AbortSignal | undefined;
  /** @defaultValue all that come with a client */
  readonly providers?: readonly ModelProvider[] | undefined;
}

/** Something every machine needs. */
export interface MachineCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what is wrong. */
  readonly detail: string;
}

export interface MachineDiagnosis {
  /** Whether workflows can run here, at least offline. Providers have no say in it: nobody uses all of them. */
  readonly ok: boolean;
  readonly checks: readonly MachineCheck[];
  readonly providers: readonly ProviderReport[];
}

const onlineTimeoutMs = 10_000;

/** Looks whether this machine can run workflows, and which providers are ready. Tells names and versions, never a value. */
export async function diagnoseMachine(options: DiagnoseOptions = {}): Promise<MachineDiagnosis> {
  const { env = process.env, online = false } = options;
  const signal = options.signal ?? AbortSignal.timeout(onlineTimeoutMs);
  const checks = [
    nodeCheck(process.versions.node),
    await attempt("workflow schema", loadSchema),
    await checkStorage(options),
    await attempt("offline model", askOfflineModel),
  ];
  const providers = options.providers ?? (await loadBundledProviders(env));
  const reports = await Promise.all(providers.map((provider) => diagnoseProvider(provider, { online, signal })));
  await Promise.allSettled(providers.map((provider) => provider.close?.()));
  return { ok: checks.every(({ ok }) => ok), checks, providers: reports };
}

function nodeCheck(version: string): MachineCheck {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { name: "Node", ok, detail: ok ? version : `${version}; Strands needs 20.19 or later` };
}

async function attempt(name: string, work: () => Promise<string>): Promise<MachineCheck> {
  try {
    return { name, ok: true, detail: await work() };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function checkStorage(location: SessionLocation): Promise<MachineCheck> {
  const address = storageAddress(location);
  if (address.type === "file") return attempt("session directory", () => writeIn(address.directory));
  return attempt("session storage", async () => {
    await using sessions = openSessions(location);
    await sessions.list({ limit: 1 });
    return describeStorage(address);
  });
}

async function loadSchema(): Promise<string> {
  const { generateJsonSchema } = await import("@strands/loader");
  return `${generateJsonSchema()["title"]} loads`;
}

async function writeIn(directory: string): Promise<string> {
  await makeDirectories(directory, 0o700);
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
