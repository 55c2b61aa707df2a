import { ProviderError } from "@strands/core";
import type { ProviderIdentity } from "./provider-identity.js";

/**
 * Loads the vendor's SDK when it is first needed. It is an optional peer: who does not use the provider does not install it.
 *
 * @param load `() => import("the-sdk")`
 * @throws ProviderError `PROVIDER_NOT_CONFIGURED` with the command that installs it
 */
export async function loadSdk<T>(identity: ProviderIdentity, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    const { name, title, sdk, install = sdk } = identity;
    throw new ProviderError(
      "PROVIDER_NOT_CONFIGURED",
      `${title} needs the package \`${sdk}\`, which is not installed`,
      {
        provider: name,
        hint: `Install it: npm install ${install} (with -g when strands is installed globally).`,
        cause,
      },
    );
  }
}

function isMissing(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
