import { expect, it } from "vitest";
import * as core from "./index.js";

it("exports these names and no other", () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "ArtifactError",
      "ConcurrencyLimits",
      "EventBus",
      "InputError",
      "InternalError",
      "ProviderError",
      "RunError",
      "SessionError",
      "SpecError",
      "StrandsError",
      "TemplateError",
      "ToolError",
      "WorkflowClient",
      "callLimits",
      "canonicalJson",
      "checkSpec",
      "codeInfo",
      "compileSpec",
      "createMemoryRepository",
      "entryVersion",
      "evaluateCondition",
      "fitsInputType",
      "foldSummary",
      "fromPointer",
      "interruptsOf",
      "invalidSpec",
      "nearest",
      "newSummary",
      "quoteValue",
      "readNames",
      "redact",
      "renderTemplate",
      "schemaProblems",
      "specErrorCode",
      "supportedFormat",
      "systemClock",
      "toPointer",
      "usageOfCall",
      "validateSpec",
    ]
  `);
});
