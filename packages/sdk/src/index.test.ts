import { expect, it } from "vitest";
import * as sdk from "./index.js";

it("exports what it promises", () => {
  expect(Object.keys(sdk).sort()).toMatchInlineSnapshot(`
    [
      "ArtifactError",
      "ConcurrencyLimits",
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
      "codeInfo",
      "compileSpec",
      "createClient",
      "createFileArtifactStore",
      "createFileRepository",
      "createMemoryRepository",
      "createOfflineProvider",
      "createScriptedProvider",
      "defaultSessionDirectory",
      "evaluateCondition",
      "loadScript",
      "loadWorkflow",
      "nearest",
      "offlineSettings",
      "openSessions",
      "parseScript",
      "renderTemplate",
      "secretValues",
      "sessionDirectoryFor",
      "systemClock",
      "timelineOf",
    ]
  `);
});
