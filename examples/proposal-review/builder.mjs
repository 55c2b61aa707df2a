// The workflow of workflow.yaml, built in code. `npx strands eject workflow.yaml` writes such a file.
import { WorkflowBuilder } from "@strands/builders";

export const workflow = new WorkflowBuilder("proposal-review")
  .withDescription("A proposal is drafted, a person reviews it, and the final version takes up what the person said.")
  .withRuntime("openai", "gpt-4o-mini", { budgets: { maxTokens: 20000 } })
  .withInputs({ idea: "a tea bar in the old station", audience: "the city council" })
  .addAgent("author", "You write business proposals: one page, concrete, without jargon.\n")
  .chain((chain) =>
    chain
      .step(
        "author",
        "Write a first proposal for {{ idea }}, for {{ audience }}. Name the goal, the plan, the cost and the risks.\n",
      )
      .hitl('Please review the draft. Answer "approved" to keep it, or say what to change.\n', {
        contextDisplay: `# Draft: {{ idea }}

{{ steps[0].response }}
`,
        default: "approved",
        timeoutSeconds: 86400,
      })
      .step(
        "author",
        `{% if hitl_response == "approved" %}
Write the final version of the proposal for {{ idea }}. Keep the content and correct only the language.
{% else %}
Write the final version of the proposal for {{ idea }}. Change it as the reviewer asks.

Feedback: {{ hitl_response }}
{% endif %}

Draft:
{{ steps[0].response }}
`,
      ),
  )
  .withArtifact(
    "proposal.md",
    `{{ last_response }}

---

Review: {{ steps[1].response }}
`,
  )
  .build();
