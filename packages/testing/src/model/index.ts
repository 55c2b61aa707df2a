// The public API of @strands/testing/model: what tests of model providers need.
export type { FaultScript, FaultStep, ResponseHead } from "./fault-script.js";
export { respond } from "./fault-script.js";
export type { FaultAnswer } from "./fault-server.js";
export { FaultServer } from "./fault-server.js";
export { modelContract } from "./model-contract.js";
export type { Answer, ModelContractOptions } from "./model-contract-kit.js";
export { collect, failureOf, modelRequest } from "./model-contract-kit.js";
export type { ModelWire, WireAnswer, WireBody, WireErrorKind, WireReading } from "./model-wire.js";
export { openaiWire } from "./openai-wire.js";
export type { WireRequest } from "./wire-request.js";
