import type {
  AnswerScript,
  InterruptRecord,
  Run,
  RunOptions,
  Spec,
  StrandsClientOptions,
  WorkflowClient,
} from "@strands/sdk";
import { createMemoryRepository, InputError, loadScript, offlineSettings } from "@strands/sdk";
import { printableLine } from "../render/printable-text.js";
import type { Screen } from "../render/screen.js";
import type { RunRequest } from "./run-request.js";

/** A run that is ready to start. */
export interface RunPlan {
  readonly client: StrandsClientOptions;
  /** Whether it goes on with a session. */
  readonly resumed: boolean;
  /** The session it goes on with. */
  readonly sessionId?: string;
  /** Whether the answers are simulated. */
  readonly simulated: boolean;
  /** Whether it can be resumed afterwards. */
  readonly saved: boolean;
  /** Whether a person has ended the session: a rejection ends it in the same way each time. */
  readonly ended: "rejected" | "cancelled" | undefined;
  /** Whether the session has the question that the answer of the command line is for, or no answer was given. */
  readonly takesAnswer: boolean;
  /** Questions that are open before it starts. */
  readonly open: readonly InterruptRecord[];
  start(client: WorkflowClient, options: Pick<RunOptions, "signal">): Run;
}

/** Where the answers of a run come from. */
export interface ModelChoice {
  readonly offline: boolean;
  readonly seed: number;
  readonly script: AnswerScript | undefined;
  /** Absolute path of the script. */
  readonly scriptPath: string | undefined;
}

/** Labels a session is stored with, so that resuming it needs no flags. */
export function labelsOf(
  choice: ModelChoice,
  place: { readonly outDir: string; readonly specPath: string },
): Readonly<Record<string, string>> {
  return {
    ...place,
    ...(choice.offline ? { offline: "true", seed: String(choice.seed) } : {}),
    ...(choice.scriptPath === undefined ? {} : { script: choice.scriptPath }),
  };
}

/** What the flags, the environment and, on resume, the session say about where answers come from. */
export async function chooseModel(
  request: RunRequest,
  screen: Screen,
  labels: Readonly<Record<string, string>> = {},
): Promise<ModelChoice> {
  const settings = offlineSettings(screen.io.env);
  const scriptPath = request.script ?? (request.offline ? undefined : labels["script"]);
  if (request.offline && request.script === undefined && labels["script"] !== undefined) {
    screen.note(screen.style.yellow(`! --offline replaces the session's script ${printableLine(labels["script"])}`));
  }
  const seed = labels["seed"] === undefined ? settings.seed : Number(labels["seed"]);
  if (!Number.isSafeInteger(seed)) throw new InputError(`The session's label \`seed\` is \`${labels["seed"]}\``);
  return {
    offline: request.offline || settings.enabled || labels["offline"] !== undefined || scriptPath !== undefined,
    seed,
    script: scriptPath === undefined ? undefined : await readScript(scriptPath, request.script === undefined),
    scriptPath,
  };
}

async function readScript(path: string, isOfSession: boolean): Promise<AnswerScript> {
  try {
    return await loadScript(path);
  } catch (error) {
    if (!isOfSession || !(error instanceof Error)) throw error;
    throw new InputError(`This session was begun with a script of its own that is not usable now: ${error.message}`, {
      hint: "Bring the file back, or replace it: `--script FILE` takes answers from another one, `--offline` from none.",
      cause: error,
    });
  }
}

/** Whether no answer comes from a model that knows something, be it for the command line or for the workflow. */
export function isSimulated(choice: ModelChoice, { runtime, agents }: Spec): boolean {
  return (
    choice.offline || Object.values(agents).every((agent) => (agent.provider ?? runtime.provider) === offlineProvider)
  );
}

const offlineProvider = "offline";

/** Options of the client for a choice of model and places. */
export function clientOptions(
  request: RunRequest,
  screen: Screen,
  choice: ModelChoice,
  outDir: string,
): StrandsClientOptions {
  const { env, owner } = screen.io;
  return {
    env,
    owner,
    outDir,
    offline: choice.offline,
    seed: choice.seed,
    script: choice.script,
    ...request.place.location,
    durability: request.durability,
    ...(request.saveSession ? {} : { sessions: createMemoryRepository() }),
  };
}
