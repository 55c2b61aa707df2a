// The workflow of workflow.yaml, built in code. `npx strands eject workflow.yaml` writes such a file.
import { WorkflowBuilder } from "@strands/builders";

export const workflow = new WorkflowBuilder("city-guide")
  .withVersion(1)
  .withDescription("Three branches look at a city at the same time; an editor makes one guide of what they found.")
  .withRuntime("openai", "gpt-4o-mini", { maxParallel: 3 })
  .withInputs({ city: "Trieste" })
  .addAgent("scout", "You know cities well and name places with one reason each.")
  .addAgent("critic", "You strike out what is only for tourists.")
  .addAgent("editor", "You write guides that fit on one page.")
  .parallel((parallel) =>
    parallel
      .branch("food", (steps) =>
        steps.step("scout", "Where to eat in {{ city }}?").step("critic", "Go through this list: {{ last_response }}"),
      )
      .branch("sights", (steps) =>
        steps.step("scout", "What to see in {{ city }}?").step("critic", "Go through this list: {{ last_response }}"),
      )
      .branch("walks", (steps) => steps.step("scout", "A walk of two hours through {{ city }}?"))
      .reduce(
        "editor",
        `Make one guide to {{ city }} of these parts.
{% for name, branch in branches.items() %}
## {{ name | title }}
{{ branch.response }}
{% endfor %}
`,
      ),
  )
  .withArtifact("guide-{{ city }}.md", "{{ last_response }}")
  .build();
