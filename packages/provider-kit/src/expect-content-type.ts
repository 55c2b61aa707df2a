import { providerFailure } from "./provider-failure.js";
import type { ProviderIdentity } from "./provider-identity.js";

/**
 * Refuses a successful response that cannot be of this protocol: an empty one, or one of another content type, such as the
 * sign-in page of a proxy.
 *
 * @param accepted parts of content types, such as `event-stream`
 * @throws ProviderError `PROVIDER_BAD_RESPONSE`, which names the content type
 */
export function expectContentType(identity: ProviderIdentity, response: Response, accepted: readonly string[]): void {
  const contentType = response.headers.get("content-type")?.toLowerCase();
  const empty = response.body === null || response.headers.get("content-length") === "0";
  if (!empty && accepted.some((part) => contentType?.includes(part))) return;
  const found =
    contentType === undefined ? "of no content type" : `of the content type \`${contentType.slice(0, 80)}\``;
  throw providerFailure(identity, {
    code: "PROVIDER_BAD_RESPONSE",
    statusCode: response.status,
    message: empty ? "it is empty" : `it is ${found}, not \`${accepted[0]}\``,
  });
}
