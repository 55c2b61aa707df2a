// The workflow of workflow.yaml, built in code. `npx strands eject workflow.yaml` writes such a file.
import { WorkflowBuilder } from "@strands/builders";

export const workflow = new WorkflowBuilder("release-notes")
  .withVersion(1)
  .withDescription(
    "Two readers work side by side on what was merged; an editor brings their notes together, and a person has the last word.",
  )
  .withRuntime("openai", "gpt-4o-mini", { maxParallel: 2 })
  .withInputs({
    version: "2.4",
    changes: `- dark mode for the dashboard
- the export keeps the order of columns
- signing in no longer fails when the clock is off
`,
  })
  .addAgent(
    "reader",
    "You read merged changes of a software project and say in plain words what they mean for its users.",
  )
  .addAgent("editor", "You write release notes, short and friendly, most important first.")
  .workflow((workflow) =>
    workflow
      .task(
        "features",
        "reader",
        `List the new features in these changes:
{{ changes }}`,
      )
      .task(
        "fixes",
        "reader",
        `List the mended problems in these changes:
{{ changes }}`,
      )
      .task(
        "draft",
        "editor",
        `Write the release notes for {{ version }}.

Features:
{{ tasks.features.response }}

Fixes:
{{ tasks.fixes.response }}
`,
        { deps: ["features", "fixes"] },
      )
      .hitlTask("review", "Anything to change in the notes for {{ version }}?", {
        deps: ["draft"],
        contextDisplay: "{{ tasks.draft.response }}",
        default: "no change",
        timeoutSeconds: 3600,
      })
      .task(
        "final",
        "editor",
        `Give the final notes. The reviewer says: {{ hitl_response }}

{{ tasks.draft.response }}
`,
        { deps: ["review"] },
      ),
  )
  .withArtifact("release-{{ version }}.md", "{{ last_response }}")
  .build();
