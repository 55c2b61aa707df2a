// The public API of @strands/sdk: core with batteries. A test holds the list of names.

// Core
export type {
  AnswerOutcome,
  AnswerRequest,
  AnyShape,
  Artifact,
  ArtifactFile,
  ArtifactStore,
  ArtifactWriteOptions,
  BudgetsSpec,
  BuiltSpec,
  CleanupOptions,
  CleanupResult,
  ClientOptions,
  Clock,
  Entry,
  ErrorCode,
  ErrorRecord,
  EventOf,
  EventType,
  ExportOptions,
  ForkOptions,
  HandlerAnswer,
  IdSource,
  InterruptAnswer,
  InterruptHandler,
  InterruptId,
  InterruptRecord,
  InterruptState,
  JsonObject,
  JsonValue,
  Listener,
  Message,
  Model,
  ModelChunk,
  ModelFunction,
  ModelProvider,
  ModelRequest,
  ModelSettings,
  Program,
  RecordedEvent,
  RespondOptions,
  ResumeOptions,
  Run,
  RunArguments,
  RunOptions,
  RunResult,
  SessionFile,
  SessionFilter,
  SessionId,
  SessionPage,
  SessionQuery,
  SessionRecord,
  SessionRepository,
  SessionStatus,
  SessionStep,
  SessionSummary,
  SessionView,
  ShapeOf,
  Spec,
  SpecIssue,
  SpecShape,
  StoredSession,
  Tool,
  ToolCall,
  ToolContext,
  ToolResult,
  Usage,
  WorkflowEvent,
} from "@strands/core";
export {
  ArtifactError,
  ConcurrencyLimits,
  codeInfo,
  compileSpec,
  createMemoryRepository,
  evaluateCondition,
  InputError,
  InternalError,
  nearest,
  ProviderError,
  ResumeClient,
  RunError,
  redact,
  renderTemplate,
  SessionError,
  SessionManager,
  SpecError,
  StrandsError,
  stepsOf,
  systemClock,
  TemplateError,
  ToolError,
  WorkflowClient,
} from "@strands/core";
// Sessions in files
export type { Durability, FileRepositoryOptions } from "@strands/sessions/file";
export { createFileRepository, defaultSessionDirectory } from "@strands/sessions/file";
// Batteries
export type { StrandsClientOptions } from "./create-client.js";
export { createClient } from "./create-client.js";
export type { DiagnoseOptions, MachineCheck, MachineDiagnosis } from "./doctor/diagnose-machine.js";
export { diagnoseMachine } from "./doctor/diagnose-machine.js";
export type { ProviderReport } from "./doctor/diagnose-provider.js";
export { ejectSpec } from "./eject-spec.js";
export type { Environment } from "./environment.js";
export type { FileArtifactStoreOptions } from "./file-artifact-store.js";
export { createFileArtifactStore } from "./file-artifact-store.js";
export { findResumable } from "./find-resumable.js";
export { loadScript } from "./load-script.js";
export type { LoadedWorkflow, LoadWorkflowOptions, WorkflowVariables } from "./load-workflow.js";
export { loadWorkflow } from "./load-workflow.js";
export type { OfflineProviderOptions } from "./offline/offline-provider.js";
export { createOfflineProvider } from "./offline/offline-provider.js";
export type { OfflineSettings } from "./offline/offline-settings.js";
export { offlineSettings } from "./offline/offline-settings.js";
export { dotOf } from "./plan/dot-of.js";
export { mermaidOf } from "./plan/mermaid-of.js";
export type {
  Plan,
  PlanAgent,
  PlanCalls,
  PlanEdge,
  PlanPause,
  PlanPlace,
  PlanPosition,
  PlanRange,
  PlanUnit,
  PlanUse,
  PlanVariable,
} from "./plan/plan.js";
export type { PlanOptions } from "./plan/plan-of.js";
export { planOf } from "./plan/plan-of.js";
export type { Support, SupportedFeatures, SupportOptions, Unsupported } from "./plan/support-of.js";
export { supportedFeatures, supportOf } from "./plan/support-of.js";
export type {
  AnswerScript,
  ProviderErrorCode,
  ScriptedAnswer,
  ScriptedError,
  ScriptedToolCall,
} from "./script/answer-script.js";
export { parseScript } from "./script/parse-script.js";
export type { ScriptedProviderOptions } from "./script/scripted-provider.js";
export { createScriptedProvider } from "./script/scripted-provider.js";
export type { UnusedAnswer } from "./script/unused-answers.js";
export { unusedAnswers } from "./script/unused-answers.js";
export { secretValues } from "./secret-values.js";
export type { TimelineItem } from "./session-timeline.js";
export { timelineOf } from "./session-timeline.js";
export { openSessions, Sessions } from "./sessions.js";
export type { SpecChange } from "./spec-changes.js";
export { specChanges } from "./spec-changes.js";
export type { SessionLocation } from "./storage/session-location.js";
export { storageAddress } from "./storage/session-location.js";
export type { StorageAddress } from "./storage/storage-address.js";
export { describeStorage, parseStorage, storageSecrets } from "./storage/storage-address.js";
