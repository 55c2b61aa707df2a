import { providerFailure } from "./provider-failure.js";
import type { ProviderIdentity } from "./provider-identity.js";

/**
 * Refuses a base URL that no request could go to.
 *
 * @param settings where it may be set, for the hint, such as "`host` or OPENAI_BASE_URL"
 * @throws ProviderError `PROVIDER_NOT_CONFIGURED`
 */
export function checkBaseUrl(identity: ProviderIdentity, url: string, settings: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const problem =
    parsed === undefined || !/^https?:$/.test(parsed.protocol)
      ? `\`${url}\` is no http or https URL`
      : parsed.username !== "" || parsed.password !== ""
        ? "its URL holds credentials"
        : undefined;
  if (problem === undefined) return;
  throw providerFailure(identity, {
    code: "PROVIDER_NOT_CONFIGURED",
    message: problem,
    hint: `Set ${settings} to the base URL of the API, such as https://host.example/v1, without a name or password in it.`,
  });
}
