// The workflow of workflow.yaml, built in code. `npx strands eject workflow.yaml` writes such a file.
import { WorkflowBuilder } from "@strands/builders";

export const workflow = new WorkflowBuilder("essay-review")
  .withVersion(1)
  .withDescription("A writer revises an essay until a reviewer gives it a good enough score.")
  .withRuntime("openai", "gpt-4o-mini")
  .withInputs({ topic: "why rivers bend" })
  .addAgent("writer", "Write an essay of about 300 words about {{ topic }}.")
  .addAgent("reviewer", "You judge essays: clear thesis, evidence, no filler. You answer with JSON only.\n")
  .evaluatorOptimizer((loop) =>
    loop
      .producer("writer")
      .evaluator(
        "reviewer",
        `Judge this essay about {{ topic }}. Answer with {"score": 0-100, "issues": ["..."], "fixes": ["..."]}.

{{ draft }}
`,
      )
      .accept(85, { maxIters: 4 })
      .revisePrompt(`Round {{ iteration }}. Your essay scored {{ evaluation.score }}.
{% for issue in evaluation.issues %}
- {{ issue }}
{% endfor %}
Write it again, better:

{{ draft }}
`),
  )
  .withArtifact(
    "essay.md",
    `{{ last_response }}

Score {{ final_score }} after {{ iterations }} reviews.
`,
  )
  .build();
