// The workflow of workflow.yaml, built in code. `npx strands eject workflow.yaml` writes such a file.
import { WorkflowBuilder } from "@strands/builders";

export const workflow = new WorkflowBuilder("bug-triage")
  .withVersion(1)
  .withDescription(
    "A bug is reproduced, mended and checked in a loop, until the check is content or a person stops it.",
  )
  .withRuntime("openai", "gpt-4o-mini", { budgets: { maxSteps: 20 } })
  .withInputs({ report: "The total is wrong when a discount is above 50 %." })
  .addAgent("tester", "You reproduce bugs and check patches. Say `passes` or `fails` first, then why.")
  .addAgent("engineer", "You write the smallest patch that mends a bug.")
  .graph((graph) =>
    graph
      .node("reproduce", "tester", "Reproduce this bug: {{ report }}")
      .node(
        "patch",
        "engineer",
        `Mend it. {{ nodes.reproduce.response }}
{% if nodes.check.response %}The last patch did not hold: {{ nodes.check.response }}{% endif %}
`,
      )
      .node("check", "tester", "Check this patch: {{ nodes.patch.response }}")
      .hitlNode("ship", "Ship it? Answer yes, or anything else to go round again.", {
        contextDisplay: `{{ nodes.patch.response }}

{{ nodes.check.response }}`,
        default: "yes",
        timeoutSeconds: 3600,
      })
      .node("notes", "engineer", "Write one line for the change log. The reviewer said {{ hitl_response }}.")
      .edge("reproduce", "patch")
      .edge("patch", "check")
      .choose("check", [
        {
          when: "{{ 'fails' in nodes.check.response.lower() and nodes.patch.iteration < 2 }}",
          to: "patch",
        },
        { when: "else", to: "ship" },
      ])
      .choose("ship", [
        {
          when: "{{ hitl_response.lower() not in ['yes', 'approved'] and nodes.patch.iteration < 3 }}",
          to: "patch",
        },
        { when: "else", to: "notes" },
      ])
      .maxIterations(3),
  )
  .withArtifact(
    "triage.md",
    `Ended at {{ terminal_node }} after {{ total_steps }} steps.

{{ nodes.patch.response }}

{{ last_response }}
`,
  )
  .build();
