import { createRequire } from "node:module";
import type { ProviderIdentity } from "./provider-identity.js";

/**
 * Version of the vendor's SDK as the provider's package finds it, `undefined` when it is not installed. Loads no code of it.
 *
 * @param from `import.meta.url` of the provider
 */
export function sdkVersion(identity: ProviderIdentity, from: string): string | undefined {
  try {
    const { version } = createRequire(from)(`${identity.sdk}/package.json`) as { version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}
