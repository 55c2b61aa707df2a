import type { Env } from "./read-env.js";
import { readEnv } from "./read-env.js";

/** A key, or a function that gives one. */
export type KeyOption = string | (() => string | Promise<string>);

/**
 * What every SDK client is made with. Trying again is the engine's business. The SDK would log bodies of answers it cannot
 * read. Keys go with each call, so the one here is never sent; the SDK refuses to be made without.
 */
export function clientOptions(env: Env): {
  readonly maxRetries: 0;
  readonly logLevel: "off";
  readonly apiKey: string;
  readonly adminAPIKey: null;
  readonly organization: string | null;
  readonly project: string | null;
} {
  return {
    maxRetries: 0,
    logLevel: "off",
    apiKey: "sent-with-each-call",
    adminAPIKey: null,
    // From our environment and from no other.
    organization: readEnv(env, "OPENAI_ORG_ID") ?? null,
    project: readEnv(env, "OPENAI_PROJECT_ID") ?? null,
  };
}

/** The key to use now: what the option gives, else what the environment holds. */
export function keyFrom(
  option: KeyOption | undefined,
  env: Env,
  variable: string,
): string | undefined | Promise<string | undefined> {
  if (typeof option === "function") return option();
  return option || readEnv(env, variable);
}

/** Whether there is a key, as far as that can be told without asking for it. */
export function hasKey(option: KeyOption | undefined, env: Env, variable: string): boolean {
  return Boolean(option) || readEnv(env, variable) !== undefined;
}
