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
export { type SimulatedClock, simulatedClock } from "./simulated-clock.js";
