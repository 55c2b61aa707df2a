import type { ProviderIdentity } from "../provider-identity.js";

export const identity: ProviderIdentity = {
  name: "acme",
  title: "Acme AI",
  sdk: "acme-sdk",
  keyVariables: ["ACME_KEY", "ACME_OTHER_KEY"],
  modelsHint: "See `acme models`.",
};
