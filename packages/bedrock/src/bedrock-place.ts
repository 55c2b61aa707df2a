import { ProviderError } from "@strands/core";
import { bedrockIdentity } from "./bedrock-identity.js";

/** Where the service is. */
export interface BedrockPlace {
  readonly region: string | undefined;
  /** The endpoint, when it is not the region's own. */
  readonly host: string | undefined;
}

/** What to do about a missing region. */
export const regionHint = "Set `region` under `runtime`, the option `region` or AWS_REGION, such as us-east-1.";

/**
 * @param profile may name a region as well, which the SDK finds
 * @throws ProviderError `PROVIDER_NOT_CONFIGURED`
 */
export function checkPlace({ region, host }: BedrockPlace, profile: string | undefined): void {
  if (region === undefined && profile === undefined) throw notConfigured("needs a region", regionHint);
  // It becomes part of a host name.
  if (region !== undefined && !/^[a-z0-9-]{1,63}$/i.test(region)) {
    throw notConfigured("has no region of such a name", regionHint);
  }
  if (host !== undefined && !/^https?:$/.test(URL.canParse(host) ? new URL(host).protocol : "")) {
    const hint =
      "Set `host` under `runtime`, the option `host` or AWS_ENDPOINT_URL_BEDROCK_RUNTIME to a URL, or leave it out.";
    throw notConfigured("has an endpoint that is no URL", hint);
  }
}

function notConfigured(problem: string, hint: string): ProviderError {
  const { name, title } = bedrockIdentity;
  return new ProviderError("PROVIDER_NOT_CONFIGURED", `${title} ${problem}`, { provider: name, hint });
}
