import { z } from "zod";
import { define, seconds } from "./describe.js";

export const timeoutSchema: z.ZodType = define(
  "timeout",
  z.strictObject({
    total_s: seconds("Seconds one attempt of a model call may take, from request to last piece.").optional(),
    first_token_s: seconds("Seconds from the request to the first piece of the answer.").optional(),
    idle_s: seconds("Seconds from one piece of the answer to the next.").optional(),
    step_s: seconds("Seconds an agent's whole turn may take: model calls, tool calls, attempts and waits.").optional(),
  }),
  "How long model calls and steps may take. Default: no limit. Those of an agent win over those of `runtime`, one by one.",
);
