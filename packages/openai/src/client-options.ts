import type { Environment } from "@strands/provider-kit";
import { findVariable } from "@strands/provider-kit";

/**
 * What every SDK client is made with. Trying again is the engine's business. The SDK would log bodies of answers it cannot
 * read. Keys go with each call, so the one here is never sent; the SDK refuses to be made without.
 */
export function clientOptions(env: Environment): {
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
    organization: findVariable(env, ["OPENAI_ORG_ID"])?.value ?? null,
    project: findVariable(env, ["OPENAI_PROJECT_ID"])?.value ?? null,
  };
}
