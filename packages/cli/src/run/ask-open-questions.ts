import { StrandsError, type WorkflowClient } from "@strands/sdk";
import { questionText } from "../render/interrupt-text.js";
import { printable } from "../render/printable-text.js";
import type { Screen } from "../render/screen.js";
import type { RunPlan } from "./run-plan.js";
import type { RunRequest } from "./run-request.js";

/** Asks the questions a session waits for, one by one, and records each answer at once. An empty line leaves one open. */
export async function askOpenQuestions(
  client: WorkflowClient,
  plan: RunPlan,
  { place }: RunRequest,
  screen: Screen,
): Promise<void> {
  const { io, style } = screen;
  const { sessionId = "", open } = plan;
  const session = { id: sessionId, place: place.words, platform: io.platform };
  for (const [index, interrupt] of open.entries()) {
    const position = { index, count: open.length };
    screen.alwaysWhole(
      questionText(interrupt, session, { style, columns: io.stderr.columns, place: position, command: false }),
    );
    for (let answered = false; !answered; ) {
      const response = await io.stdin.ask("Your answer (empty: leave it open): ");
      if (response === undefined) return;
      if (response.trim() === "") break;
      try {
        const bound = { interruptId: interrupt.id, digest: interrupt.digest };
        const by = io.user === undefined ? {} : { by: io.user };
        await client.answer(sessionId, { response, ...bound, ...by });
        answered = true;
      } catch (error) {
        if (!StrandsError.isInstance(error) || error.code !== "INTERRUPT_INVALID") throw error;
        screen.always(style.yellow(`  ${printable(error.message)}. ${printable(error.hint ?? "")}`));
      }
    }
  }
}
