import type { ProviderError } from "@strands/core";
import type { ProviderIdentity } from "@strands/provider-kit";
import { providerFailure } from "@strands/provider-kit";
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
export async function keyFrom(
  identity: ProviderIdentity,
  option: KeyOption | undefined,
  env: Env,
): Promise<string | undefined> {
  if (typeof option !== "function") return option || keyInEnv(identity, env);
  try {
    return (await option()) || undefined;
  } catch (error) {
    throw providerFailure(identity, {
      code: "PROVIDER_AUTH",
      message: `the function that gives the key failed: ${error instanceof Error ? error.message : String(error)}`,
      hint: "Mend the function given as `apiKey` or `tokenProvider`.",
      cause: error,
    });
  }
}

/** Whether there is a key, as far as that can be told without asking for it. */
export function hasKey(identity: ProviderIdentity, option: KeyOption | undefined, env: Env): boolean {
  return Boolean(option) || keyInEnv(identity, env) !== undefined;
}

export function keyMissing(identity: ProviderIdentity, hint: string): ProviderError {
  return providerFailure(identity, { code: "PROVIDER_NOT_CONFIGURED", message: "there is no key", hint });
}

function keyInEnv({ keyVariables }: ProviderIdentity, env: Env): string | undefined {
  return keyVariables.map((name) => readEnv(env, name)).find((key) => key !== undefined);
}
