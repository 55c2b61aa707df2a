import type { ClientOptions, Model, ModelProvider } from "@strands/core";
import { WorkflowClient } from "@strands/core";
import { lazyProviders } from "./bundled-providers.js";
import { createFileArtifactStore } from "./file-artifact-store.js";
import { createOfflineProvider } from "./offline/offline-provider.js";
import { offlineSettings } from "./offline/offline-settings.js";
import type { AnswerScript } from "./script/answer-script.js";
import { createScriptedProvider } from "./script/scripted-provider.js";
import { repositoryFor, type SessionLocation } from "./storage/session-location.js";

/** What a client with batteries works with. Everything has a default. */
export interface StrandsClientOptions extends Omit<ClientOptions, "sessions">, SessionLocation {
  /** Directory for output files. @defaultValue none: their text is in the result */
  readonly outDir?: string | undefined;
  /**
   * Answer everything with the embedded offline model, whatever the workflow and `model` say.
   * @defaultValue what `STRANDS_OFFLINE` says; the variable replaces providers, not a `model` given here
   */
  readonly offline?: boolean | undefined;
  /** Another seed gives other simulated answers. @defaultValue `STRANDS_OFFLINE_SEED`, else 0 */
  readonly seed?: number | undefined;
  /** Wait before each piece of simulated text. @defaultValue `STRANDS_OFFLINE_LATENCY_MS`, else 0 */
  readonly latencyMs?: number | undefined;
  /** Answers that replace those of the offline model. Implies `offline`. */
  readonly script?: AnswerScript | undefined;
}

/**
 * Makes a client with file sessions, every provider of ours, the offline model and an artifact store. Touches neither disk nor
 * network before the first run; a provider is loaded when a workflow names it. One of the same name in `providers` wins.
 *
 * @throws InputError `INPUT_INVALID` when a `STRANDS_OFFLINE*` variable or the storage cannot be used
 * @example
 * await using client = createClient({ offline: true });
 * const { program } = await loadWorkflow("workflow.yaml");
 * const result = await client.run(program, { variables: { topic: "tea" } });
 */
export function createClient(options: StrandsClientOptions = {}): WorkflowClient {
  const { outDir, offline, seed, latencyMs, script, env, storage, sessionDirectory, cwd, durability, ...rest } =
    options;
  const settings = offlineSettings(env ?? process.env);
  const simulator = createOfflineProvider({
    seed: seed ?? settings.seed,
    latencyMs: latencyMs ?? settings.latencyMs,
    clock: rest.clock,
  });
  const provider =
    script === undefined
      ? simulator
      : createScriptedProvider(script, simulator, { latencyMs: latencyMs ?? settings.latencyMs, clock: rest.clock });
  const forced =
    offline === true || script !== undefined || (offline !== false && settings.enabled && rest.model === undefined);
  const own = rest.providers ?? [];
  const given = new Set([...own.map(({ name }) => name), provider.name]);
  const bundled = lazyProviders(env ?? process.env).filter(({ name }) => !given.has(name));
  const artifacts =
    rest.artifacts ?? (outDir === undefined ? undefined : createFileArtifactStore({ directory: outDir }));
  return new WorkflowClient({
    ...rest,
    providers: [...bundled, ...own.filter(({ name }) => name !== provider.name), provider],
    sessions: repositoryFor(options),
    ...(artifacts === undefined ? {} : { artifacts }),
    ...(forced ? { model: modelOf(provider) } : {}),
  });
}

/** One model for every agent: it stands in for whatever provider and model id a spec names. */
function modelOf(provider: ModelProvider): Model {
  const settings = { provider: provider.name, modelId: undefined, host: undefined, region: undefined };
  let made: Model | Promise<Model> | undefined;
  return {
    provider: provider.name,
    modelId: undefined,
    async *stream(request, options) {
      made ??= provider.model(settings);
      yield* (await made).stream(request, options);
    },
  };
}
