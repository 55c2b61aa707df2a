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
      "dotOf",
      "ejectSpec",
      "evaluateCondition",
      "loadScript",
      "loadWorkflow",
      "mermaidOf",
      "nearest",
      "offlineSettings",
      "openSessions",
      "parseScript",
      "planOf",
      "renderTemplate",
      "secretValues",
      "sessionDirectoryFor",
      "supportOf",
      "supportedFeatures",
      "systemClock",
      "timelineOf",
    ]
  `);
});
