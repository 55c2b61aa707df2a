import { type Program, type SupportedFormat, supportedFormat, toPointer } from "@strands/core";
import { bundledProviders } from "../bundled-providers.js";
import { offlineSettings } from "../offline/offline-settings.js";
import type { Environment } from "../storage/session-location.js";

/** What support depends on. */
export interface SupportOptions {
  /** @defaultValue the environment of this process */
  readonly env?: Environment | undefined;
  /** Names of further providers the client is given. */
  readonly providers?: readonly string[] | undefined;
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

/** Says whether a workflow that was loaded can run with the providers that are here. */
export function supportOf(program: Program, { env, providers = [] }: SupportOptions = {}): Support {
  const there = new Set([...bundledProviders, ...providers]);
  const all = offlineSettings(env ?? process.env).enabled;
  const missing = new Map<string, string>();
  for (const { id, model } of program.agents.values()) {
    const { provider } = model;
    if (all || there.has(provider) || missing.has(provider)) continue;
    const ofRuntime = provider === program.spec.runtime.provider;
    missing.set(provider, toPointer(ofRuntime ? ["runtime", "provider"] : ["agents", id, "provider"]));
  }
  const issues = [...missing].map(([provider, pointer]) => ({
    pointer,
    reason: `The provider \`${provider}\` is not there: this version brings along ${[...there].map((name) => `\`${name}\``).join(", ")}`,
    remediation:
      "Run it with `--offline` or STRANDS_OFFLINE=1 for simulated answers, or give a client of your own the provider",
  }));
  return { supported: issues.length === 0, issues };
}

/** What this version supports: the tables of the engine, and the providers that are there. */
export interface SupportedFeatures extends SupportedFormat {
  /** Those of `providers` that this version brings along. */
  readonly bundledProviders: readonly string[];
}

export function supportedFeatures(): SupportedFeatures {
  return { ...supportedFormat(), bundledProviders };
}
