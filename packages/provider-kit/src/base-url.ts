import { ProviderError, redact } from "@strands/core";
import type { ProviderIdentity } from "./provider-identity.js";

/**
 * The base URL to use: the first of these that is set and not blank, without a slash at the end.
 *
 * @throws ProviderError `PROVIDER_NOT_CONFIGURED` when it is not a plain `http` or `https` URL
 */
export function baseUrl(
  identity: ProviderIdentity,
  ...candidates: readonly (string | undefined)[]
): string | undefined {
  const text = candidates.map((candidate) => candidate?.trim()).find(Boolean);
  if (text === undefined || isPlainUrl(text)) return text?.replace(/\/+$/, "");
  const { name, title } = identity;
  throw new ProviderError("PROVIDER_NOT_CONFIGURED", `${title} cannot be reached at \`${redact(text)}\``, {
    provider: name,
    hint: "`host` is a base URL such as `https://models.example.com`, without a user name, a query or a fragment.",
  });
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === "";
}
