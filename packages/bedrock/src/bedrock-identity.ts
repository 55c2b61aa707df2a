import type { ProviderIdentity } from "@strands/provider-kit";

export const bedrockIdentity: ProviderIdentity = {
  name: "bedrock",
  title: "Amazon Bedrock",
  sdk: "@aws-sdk/client-bedrock-runtime",
  install: "@aws-sdk/client-bedrock-runtime @smithy/node-http-handler",
  keyVariables: ["AWS_BEARER_TOKEN_BEDROCK"],
  credentialsHint:
    "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or AWS_BEARER_TOKEN_BEDROCK: `aws sts get-caller-identity` shows who you are.",
  modelsHint: "`aws bedrock list-foundation-models --region <region>` shows the models of a region.",
};
