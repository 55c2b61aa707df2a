// The workflow of workflow.yaml, built in code. `npx strands eject workflow.yaml` writes such a file.
import { WorkflowBuilder } from "@strands/builders";

export const workflow = new WorkflowBuilder("support-desk")
  .withVersion(1)
  .withDescription("A router sends a request to the right desk; a person may send it elsewhere.")
  .withRuntime("openai", "gpt-4o-mini")
  .withInputs({ request: "I was charged twice for the same month." })
  .addAgent(
    "dispatcher",
    "You sort support requests. `billing` is about money, `technical` is about things that do not work, `other` is the rest.\n",
  )
  .addAgent("clerk", "You answer questions about invoices and payments, exactly and politely.")
  .addAgent("engineer", "You solve technical problems step by step.")
  .addAgent("writer", "You write short, warm answers to customers.")
  .routing((routing) =>
    routing
      .router(
        "dispatcher",
        `A customer writes:
{{ request }}`,
      )
      .reviewRouter("Right desk? Answer approved, or route:billing, route:technical, route:other.", {
        contextDisplay: "Chosen: {{ router.chosen_route }}",
        default: "approved",
        timeoutSeconds: 600,
      })
      .route("billing", (steps) =>
        steps
          .step("clerk", "{{ request }}")
          .step("writer", "Write the answer to the customer from this: {{ steps[0].response }}"),
      )
      .route("technical", (steps) =>
        steps
          .step("engineer", "{{ request }}")
          .step("writer", "Write the answer to the customer from this: {{ steps[0].response }}"),
      )
      .route("other", (steps) => steps.step("writer", "Answer this request: {{ request }}")),
  )
  .withArtifact("answers/{{ chosen_route }}.md", "{{ last_response }}")
  .build();
