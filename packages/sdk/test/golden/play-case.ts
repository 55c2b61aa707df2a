import type {
  ArtifactStore,
  InterruptRecord,
  JsonValue,
  Program,
  RunResult,
  SessionRepository,
  StoredSession,
} from "@strands/core";
import {
  ArtifactError,
  type ErrorCode,
  foldSummary,
  interruptsOf,
  newSummary,
  StrandsError,
  WorkflowClient,
} from "@strands/core";
import { type SimulatedClock, sequentialIds, simulatedClock } from "@strands/testing";
import { loadWorkflow } from "../../src/index.js";
import { type RecordedCase, type RecordedPause, specPathOf } from "./recorded-case.js";
import { type PlayedCall, recordedModels } from "./recorded-model.js";
import { isAt } from "./recorded-place.js";

/** What became of one command: of the first run, or of a resume. */
export interface PlayedCommand {
  readonly exitCode: number;
  readonly stage: string | null;
  /** Why it failed, for people. */
  readonly reason: string | undefined;
  /** Questions without an answer. */
  readonly open: readonly InterruptRecord[];
  /** Calls of models so far. */
  readonly calls: number;
}

/** What our engine made of a recorded case. */
export interface PlayedCase {
  readonly commands: readonly PlayedCommand[];
  readonly calls: readonly PlayedCall[];
  /** The result of the last command that gave one. */
  readonly result: RunResult | undefined;
  /** The session at the end; `null` when none was made. */
  readonly status: string | null;
  readonly artifacts: ReadonlyMap<string, string>;
}

/**
 * Plays a case: questions are answered as recorded, and each command has a client and a repository of its own.
 *
 * @param openSessions opens the repository again, as another process would
 */
export async function playCase(
  recorded: RecordedCase,
  normalise: (text: string) => string,
  openSessions: () => SessionRepository,
): Promise<PlayedCase> {
  const game = newGame(recorded, normalise, openSessions);
  const loaded = await loadWorkflow(specPathOf(recorded)).catch((error: unknown) => error);
  if (loaded instanceof Error) return finish(game, [await commandThat(game, failure(loaded, "load"))]);
  const { program, variables } = loaded as Awaited<ReturnType<typeof loadWorkflow>>;
  const commands = [await start(game, program, variables(recorded.variables).given)];
  for (const pause of recorded.pauses) {
    const status = await statusOf(game);
    if (pause.answer_mode?.skip === true || (status !== "paused" && status !== "failed")) break;
    commands.push(await goOn(game, pause, commands.at(-1)?.open ?? []));
  }
  return finish(game, commands);
}

interface Game {
  readonly recorded: RecordedCase;
  readonly models: ReturnType<typeof recordedModels>;
  readonly openSessions: () => SessionRepository;
  readonly clock: SimulatedClock;
  readonly files: Map<string, string>;
  readonly ids: ReturnType<typeof sequentialIds>;
  result: RunResult | undefined;
}

const sessionId = "recorded";

function newGame(
  recorded: RecordedCase,
  normalise: (text: string) => string,
  openSessions: () => SessionRepository,
): Game {
  return {
    recorded,
    models: recordedModels(recorded, normalise),
    openSessions,
    clock: simulatedClock(),
    files: new Map(Object.entries(recorded.prefiles)),
    ids: sequentialIds(),
    result: undefined,
  };
}

async function start(game: Game, program: Program, variables: Readonly<Record<string, JsonValue>>) {
  return command(game, "execute", (client, overwriteArtifacts) =>
    client.run(program, { variables, sessionId, overwriteArtifacts }),
  );
}

/** Resumes with the recorded answer to the recorded question, or to the first open one when ours is not there. */
async function goOn(game: Game, pause: RecordedPause, open: readonly InterruptRecord[]): Promise<PlayedCommand> {
  const asked = open.find((interrupt) => isAt(interrupt.stepKey, pause.where)) ?? open[0];
  let response = pause.answer ?? undefined;
  if (pause.answer_mode?.timeout === true) {
    const { expiresAt } = asked ?? {};
    if (expiresAt !== undefined) await game.clock.advance(expiresAt - game.clock.now());
    // The recording forced a deadline on a question that has none: answer what a time-out would have.
    else response = asked?.default || "timeout_expired";
  }
  const action = pause.action === undefined ? {} : { action: pause.action };
  const answer = response === undefined || asked === undefined ? {} : { response, ...action, interruptId: asked.id };
  return command(
    game,
    "resume",
    (client, overwriteArtifacts) => client.resume(sessionId, { ...answer, overwriteArtifacts }).result,
  );
}

async function command(
  game: Game,
  stage: string,
  run: (client: WorkflowClient, overwriteArtifacts: boolean) => Promise<RunResult>,
): Promise<PlayedCommand> {
  const { models, openSessions, clock, ids } = game;
  await using client = new WorkflowClient({
    providers: models.providers,
    sessions: openSessions(),
    clock,
    ids,
    artifacts: artifactStore(game),
  });
  try {
    const result = await run(client, game.recorded.argv.includes("--force"));
    game.result = result;
    if (result.status === "failed") return commandThat(game, failure(result.error, stage));
    const exitCode =
      result.status === "paused" ? 19 : result.status === "completed" ? 0 : result.rejected === true ? 10 : 130;
    return commandThat(game, { exitCode, stage: null, reason: undefined });
  } catch (error) {
    return commandThat(game, failure(error, stage));
  }
}

type Ending = Pick<PlayedCommand, "exitCode" | "stage" | "reason">;

async function commandThat(game: Game, ending: Ending): Promise<PlayedCommand> {
  const stored = await loadSession(game);
  const questions = stored === undefined ? [] : interruptsOf(stored.entries);
  const open = questions.flatMap(({ interrupt, answer }) => (answer === undefined ? [interrupt] : []));
  return { ...ending, open, calls: game.models.calls.length };
}

function failure(error: unknown, stage: string): Ending {
  if (!StrandsError.isInstance(error)) throw error;
  const exitCode = exitCodeOf(error.code);
  const kind = exitCode === 18 ? "capability" : exitCode === 12 ? "artifacts" : stage;
  return { exitCode, stage: kind, reason: `${error.code}: ${error.message}` };
}

/** The exit codes of the command line, which is tested on its own, by the family of an error. */
function exitCodeOf(code: ErrorCode): number {
  if (code === "SPEC_UNSUPPORTED" || code === "PROVIDER_NOT_CONFIGURED") return 18;
  if (code === "RUN_BUDGET_EXCEEDED") return 20;
  const families: Readonly<Record<string, number>> = { INPUT: 2, SPEC: 3, ARTIFACT: 12, SESSION: 17, INTERNAL: 70 };
  return families[code.split("_", 1)[0] ?? ""] ?? 10;
}

/** Files in memory, under the folder `artifacts` as in the recording. */
function artifactStore({ files }: Game): ArtifactStore {
  return {
    async write({ path, content }, { ifExists }) {
      const location = `artifacts/${path}`;
      const there = files.get(location);
      const refused = there !== undefined && ifExists !== "replace" && (ifExists === "fail" || there !== content);
      if (refused) throw new ArtifactError("ARTIFACT_EXISTS", `\`${location}\` exists already`, { path });
      files.set(location, content);
      return { location };
    },
  };
}

async function statusOf(game: Game): Promise<string | null> {
  const stored = await loadSession(game);
  return stored === undefined ? null : foldSummary(newSummary(stored.record), stored.entries).status;
}

/** The session as it is stored; `undefined` when none was made. */
function loadSession({ openSessions }: Game): Promise<StoredSession | undefined> {
  return openSessions()
    .load(sessionId)
    .catch((error: unknown) => {
      if (StrandsError.isInstance(error) && error.code === "SESSION_NOT_FOUND") return undefined;
      throw error;
    });
}

async function finish(game: Game, commands: readonly PlayedCommand[]): Promise<PlayedCase> {
  const { models, result, files } = game;
  return { commands, calls: models.calls, result, status: await statusOf(game), artifacts: files };
}
