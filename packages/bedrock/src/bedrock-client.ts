import type { BedrockRuntimeClient, BedrockRuntimeClientConfig } from "@aws-sdk/client-bedrock-runtime";
import { loadSdk } from "@strands/provider-kit";
import { bedrockIdentity } from "./bedrock-identity.js";

/** The SDK and one client of it. */
export interface BedrockClient {
  readonly sdk: typeof import("@aws-sdk/client-bedrock-runtime");
  readonly client: BedrockRuntimeClient;
}

/** Makes a client of the SDK, which is loaded here. */
export async function createBedrockClient(config: BedrockRuntimeClientConfig): Promise<BedrockClient> {
  const handler = "@smithy/node-http-handler";
  const [sdk, { NodeHttpHandler }] = await Promise.all([
    loadSdk(bedrockIdentity, () => import("@aws-sdk/client-bedrock-runtime")),
    loadSdk({ ...bedrockIdentity, sdk: handler }, () => import("@smithy/node-http-handler")),
  ]);
  const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };
  const client = new sdk.BedrockRuntimeClient({
    // The engine tries again, and records that it does.
    maxAttempts: 1,
    // The SDK's own handler speaks HTTP/2, which servers without TLS do not understand, over a new connection for each call.
    requestHandler: new NodeHttpHandler({ httpAgent: agent, httpsAgent: agent }),
    ...config,
  });
  return { sdk, client };
}
