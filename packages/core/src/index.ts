// The public API of @strands/core. A test holds the list of names.

// Running workflows
export type { ClientOptions, ResumeOptions, RunArguments, RunOptions } from "./client.js";
export { WorkflowClient } from "./client.js";
export type { AnswerRequest } from "./engine/answer.js";
export type { Artifact } from "./engine/artifacts.js";
export { ConcurrencyLimits } from "./engine/concurrency-limits.js";
export type { InterruptState } from "./engine/interrupt.js";
export { interruptsOf } from "./engine/interrupt.js";
export { redact } from "./engine/redact.js";
export type { PendingInterrupt, RunResult } from "./engine/run-result.js";
export type { HandlerAnswer, InterruptHandler } from "./engine/run-services.js";
// Errors
export type { CodeInfo, ErrorCode } from "./error/codes.js";
export { codeInfo } from "./error/codes.js";
export type { ProviderErrorOptions, SpecIssue, TemplateErrorOptions } from "./error/errors.js";
export {
  ArtifactError,
  InputError,
  InternalError,
  ProviderError,
  RunError,
  SessionError,
  SpecError,
  TemplateError,
  ToolError,
} from "./error/errors.js";
export type { ErrorRecord, StrandsErrorOptions } from "./error/strands-error.js";
export { StrandsError } from "./error/strands-error.js";
// Events
export type { Listener } from "./event/event-bus.js";
export { EventBus } from "./event/event-bus.js";
export type { EventFields, EventOf, EventOrigin, EventType, WorkflowEvent } from "./event/events.js";
// Looking after sessions
export type { ForkOptions } from "./manage/fork-session.js";
export type { SessionFilter } from "./manage/list-sessions.js";
export type { AnswerOutcome, RespondOptions } from "./manage/resume-client.js";
export { ResumeClient } from "./manage/resume-client.js";
export type { RecordedEvent } from "./manage/session-events.js";
export type { ExportOptions, SessionFile } from "./manage/session-file.js";
export type { CleanupOptions, CleanupResult, SessionView } from "./manage/session-manager.js";
export { SessionManager } from "./manage/session-manager.js";
export type { SessionStep } from "./manage/session-steps.js";
export { stepsOf } from "./manage/session-steps.js";
// Models and tools
export type { SchemaProblem } from "./model/json-schema.js";
export { schemaProblems } from "./model/json-schema.js";
export type {
  FinishReason,
  Message,
  Model,
  ModelChunk,
  ModelFunction,
  ModelProvider,
  ModelRequest,
  ModelSettings,
  ProviderDiagnosis,
  ToolCall,
  ToolDeclaration,
  ToolResult,
  Usage,
} from "./model/model.js";
// What patterns leave behind
export type { IterationRecord } from "./pattern/evaluator-optimizer.js";
export type { NodeRecord } from "./pattern/graph.js";
export type { WorkerRecord } from "./pattern/orchestrator-workers.js";
export type { BranchRecord } from "./pattern/parallel.js";
export type { AgentStepRecord, HitlStepRecord, StepRecord } from "./pattern/run-steps.js";
export type { TaskRecord } from "./pattern/workflow.js";
// Platform
export type { Clock, IdSource, Random } from "./platform/ports.js";
export type { HeaderSource } from "./platform/retry-after.js";
export { header, retryAfterMs } from "./platform/retry-after.js";
export { systemClock } from "./platform/system-clock.js";
export { callLimits } from "./program/call-limits.js";
export { compileSpec, invalidSpec, validateSpec } from "./program/compile-spec.js";
export type { Program, ProgramHitlStep, ProgramStep } from "./program/program.js";
export type { NameReading } from "./program/template-names.js";
export { readNames } from "./program/template-names.js";
export type { Run } from "./run.js";
// Sessions and files
export type { ArtifactFile, ArtifactStore, ArtifactWriteOptions } from "./session/artifact-store.js";
export type {
  ArtifactRecord,
  Entry,
  EntryBodies,
  EntryDraft,
  EntryKind,
  InterruptAnswer,
  InterruptRecord,
  ModelEntryBody,
} from "./session/entry.js";
export { entryVersion } from "./session/entry.js";
export { findBadField, isKnownKind } from "./session/entry-shape.js";
export { usageOfCall } from "./session/entry-usage.js";
export { createMemoryRepository } from "./session/memory-repository.js";
export type { SessionRecord } from "./session/record.js";
export { findBadRecordField } from "./session/record-shape.js";
export type {
  ClaimRequest,
  SessionClaim,
  SessionPage,
  SessionQuery,
  SessionRepository,
  StoredSession,
} from "./session/repository.js";
export { isTime } from "./session/shape.js";
export type { SessionStatus, SessionSummary } from "./session/summary.js";
export { foldSummary, newSummary } from "./session/summary.js";
// Specs
export { canonicalJson } from "./spec/canonical-json.js";
export { specErrorCode } from "./spec/check-codes.js";
export { fitsInputType } from "./spec/check-inputs.js";
export { fromPointer, toPointer } from "./spec/check-pointer.js";
export { quoteValue } from "./spec/check-quote.js";
export type { CheckOptions } from "./spec/check-spec.js";
export { checkSpec } from "./spec/check-spec.js";
export { fieldChoices, inputTypes, numberRanges } from "./spec/field-limits.js";
export type { JsonObject, JsonValue } from "./spec/json.js";
export type * from "./spec/spec.js";
export type { AnyShape, BuiltSpec, InterruptId, SessionId, ShapeOf, SpecShape } from "./spec/spec-shape.js";
export { nearest } from "./spec/suggest.js";
export type { SupportedFormat } from "./supported-format.js";
export { supportedFormat } from "./supported-format.js";
// Templates
export { evaluateCondition } from "./template/condition.js";
export type { TemplateLimits } from "./template/limits.js";
export { renderTemplate } from "./template/render-template.js";
export type { TemplateScope } from "./template/scope.js";
export type { Tool, ToolContext } from "./tool/tool.js";
