import { z } from "zod";
import { define, number } from "./describe.js";

export const timeoutSchema: z.ZodType = define(
  "timeout",
  z.strictObject({
    total_s: number("total_s", "Seconds one attempt of a model call may take, from request to last piece.").optional(),
    first_token_s: number("first_token_s", "Seconds from the request to the first piece of the answer.").optional(),
    idle_s: number("idle_s", "Seconds from one piece of the answer to the next.").optional(),
    step_s: number(
      "step_s",
      "Seconds an agent's whole turn may take: model calls, tool calls, attempts and waits.",
    ).optional(),
  }),
  "How long model calls and steps may take. Default: no limit. Those of an agent win over those of `runtime`, one by one.",
);
