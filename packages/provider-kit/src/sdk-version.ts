import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ProviderIdentity } from "./provider-identity.js";

/**
 * Version of the vendor's SDK as the provider's package finds it, `undefined` when it is not installed. Loads no code of it.
 *
 * @param from `import.meta.url` of the provider
 */
export function sdkVersion({ sdk }: ProviderIdentity, from: string): string | undefined {
  // Not `require(sdk + "/package.json")`: some packages do not export it.
  for (const folder of createRequire(from).resolve.paths(sdk) ?? []) {
    const version = versionIn(join(folder, sdk, "package.json"));
    if (version !== undefined) return version;
  }
  return undefined;
}

function versionIn(path: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(path, "utf8")) as { version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}
