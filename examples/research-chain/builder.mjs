// The workflow of workflow.yaml, built in code. `npx strands eject workflow.yaml` writes such a file.
import { WorkflowBuilder } from "@strands/builders";

export const workflow = new WorkflowBuilder("research-chain")
  .withDescription("Three agents research a topic, analyse the findings and write a short report.")
  .withRuntime("openai", "gpt-4o-mini", { budgets: { maxTokens: 20000 } })
  .withInputs({ topic: "the history of green tea" })
  .addAgent(
    "researcher",
    "You are a careful researcher. You bring back facts with their sources, and you say what you do not know.\n",
  )
  .addAgent("analyst", "You are an analyst. You find what matters in a list of findings, and you say why.\n")
  .addAgent("writer", "You are a writer. You turn notes into short, clear articles for a general audience.\n")
  .chain((chain) =>
    chain
      .step(
        "researcher",
        "Research {{ topic }}. List the five most important findings as bullets, one sentence each.\n",
      )
      .step(
        "analyst",
        `Analyse these findings about {{ topic }}:

{{ steps[0].response }}

Say which two matter most, and why.
`,
      )
      .step(
        "writer",
        `Write a short article about {{ topic }}, with a title.

Findings:
{{ steps[0].response }}

Analysis:
{{ steps[1].response }}
`,
      ),
  )
  .withArtifact(
    "report.md",
    `{{ last_response }}

---

## How this report came about

### Findings

{{ steps[0].response }}

### Analysis

{{ steps[1].response }}
`,
  )
  .build();
