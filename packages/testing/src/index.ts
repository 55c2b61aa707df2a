export type { LeaseMachine, LeaseMachineTime } from "./lease-machine.js";
export {
  type Hold,
  type ModelScript,
  type ScriptedModel,
  type ScriptedModelOptions,
  type ScriptedReply,
  type ScriptedReplyItem,
  scriptedModel,
} from "./scripted-model.js";
export { sequentialIds } from "./sequential-ids.js";
export { modelEntry, sampleEntry, sampleRecord, valueEntry } from "./session-fixtures.js";
export {
  type ContractCapabilities,
  type ContractRunner,
  type ContractSubject,
  type FaultySubject,
  type SessionRepositoryContractOptions,
  type StorageTrick,
  sessionRepositoryContract,
} from "./session-repository-contract.js";
export { type SimulatedClock, simulatedClock } from "./simulated-clock.js";
