// The workflow of workflow.yaml, built in code. `npx strands eject workflow.yaml` writes such a file.
import { WorkflowBuilder } from "@strands/builders";

export const workflow = new WorkflowBuilder("market-study")
  .withVersion(1)
  .withDescription(
    "An orchestrator splits a study into questions, workers answer them side by side, and an analyst writes the report.",
  )
  .withRuntime("openai", "gpt-4o-mini")
  .withInputs({ market: "cargo bikes in small towns" })
  .addAgent("planner", "You split market studies into three to five questions that can be answered independently.")
  .addAgent("researcher", "You answer one question about a market, with figures and where they come from.")
  .addAgent("analyst", "You write reports for people who decide.")
  .orchestratorWorkers((work) =>
    work
      .orchestrator("planner", { limits: { maxWorkers: 3, maxRounds: 2 } })
      .decompositionReview(
        "Are these the right questions? Approve, reject with a reason, or answer with an edited JSON list.",
        {
          contextDisplay: `{{ task_count }} questions:
{{ orchestrator_response }}`,
          default: "approved",
          timeoutSeconds: 3600,
        },
      )
      .workerTemplate("researcher")
      .reduce(
        "analyst",
        `Write the report on {{ market }} from {{ num_workers }} answers.
{% for worker in workers %}
### {{ worker.task }}
{{ worker.response }}
{% endfor %}
`,
      ),
  )
  .withArtifact("study.md", "{{ last_response }}")
  .build();
