// The public API of @strands/provider-kit, for authors of providers.

export type { ResponseLimits } from "./body-meter.js";
export { ClientPool } from "./client-pool.js";
export { defaultModels } from "./default-models.js";
export { expectContentType } from "./expect-content-type.js";
export type { GuardedFetch, GuardedFetchOptions } from "./guarded-fetch.js";
export { guardedFetch } from "./guarded-fetch.js";
export { loadSdk } from "./load-sdk.js";
export { ownFailure } from "./own-failure.js";
export type { FailureFacts } from "./provider-failure.js";
export { providerFailure } from "./provider-failure.js";
export type { ProviderIdentity } from "./provider-identity.js";
export type { HeaderSource } from "./retry-after.js";
export { header, retryAfterMs } from "./retry-after.js";
export type { ToolCallPiece } from "./tool-call-parts.js";
export { ToolCallParts } from "./tool-call-parts.js";
export { ToolNames } from "./tool-names.js";
