import {
  type ModelProvider,
  type Program,
  ProviderError,
  type SupportedFormat,
  supportedFormat,
  toPointer,
} from "@strands/core";
import { bundledProviders, lazyProviders } from "../bundled-providers.js";
import type { Environment } from "../environment.js";
import { offlineSettings } from "../offline/offline-settings.js";

/** What support depends on. */
export interface SupportOptions {
  /** @defaultValue the environment of this process */
  readonly env?: Environment | undefined;
  /** Further providers the client is given. */
  readonly providers?: readonly ModelProvider[] | undefined;
}

/** Something that keeps a workflow from running here. */
export interface Unsupported {
  readonly pointer: string;
  readonly reason: string;
  readonly remediation: string;
}

export interface Support {
  readonly supported: boolean;
  /** What keeps the workflow from running. */
  readonly issues: readonly Unsupported[];
}

/**
 * Says whether a workflow that was loaded can run here: whether its providers are there and have what they need. Loads the
 * packages of those providers; calls nothing.
 */
export async function supportOf(
  program: Program,
  { env = process.env, providers = [] }: SupportOptions = {},
): Promise<Support> {
  if (offlineSettings(env).enabled) return { supported: true, issues: [] };
  const there = new Map([...lazyProviders(env), ...providers].map((provider) => [provider.name, provider]));
  const issues = new Map<string, Unsupported>();
  for (const { id, model } of program.agents.values()) {
    const { provider } = model;
    if (provider === "offline" || issues.has(provider)) continue;
    const ofRuntime = provider === program.spec.runtime.provider;
    const pointer = toPointer(ofRuntime ? ["runtime", "provider"] : ["agents", id, "provider"]);
    const found = there.get(provider);
    const lack =
      found === undefined ? absent(provider, [...there.keys()]) : await lackOf(async () => found.check?.(model));
    if (lack !== undefined) issues.set(provider, { pointer, ...lack });
  }
  return { supported: issues.size === 0, issues: [...issues.values()] };
}

type Lack = Omit<Unsupported, "pointer">;

const simulate = "run it with `--offline` or STRANDS_OFFLINE=1 for simulated answers";

function absent(provider: string, there: readonly string[]): Lack {
  return {
    reason: `The provider \`${provider}\` is not there: this version brings along ${there.map((name) => `\`${name}\``).join(", ")}`,
    remediation: `Give a client of your own the provider, or ${simulate}`,
  };
}

async function lackOf(check: () => Promise<void>): Promise<Lack | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (!ProviderError.isInstance(error)) throw error;
    const hint = error.hint?.replace(/\.$/, "");
    return { reason: error.message, remediation: hint === undefined ? simulate : `${hint}; or ${simulate}` };
  }
}

/** What this version supports: the tables of the engine, and the providers that are there. */
export interface SupportedFeatures extends SupportedFormat {
  /** Those of `providers` that this version brings along. */
  readonly bundledProviders: readonly string[];
}

export function supportedFeatures(): SupportedFeatures {
  return { ...supportedFormat(), bundledProviders };
}
