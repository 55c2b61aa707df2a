import { InputError } from "@strands/core";
import { type LeaseRules, maxLeaseMs } from "./lease.js";
import { currentProcess } from "./process-identity.js";
import { systemTime } from "./system-time.js";

/** What tests put in the place of the machine. @internal */
export type RepositoryInternals = Partial<Pick<LeaseRules, "me" | "time">>;

/** @throws `INPUT_INVALID` */
export function leaseRules(leaseMs = 15_000, internals: RepositoryInternals = {}): LeaseRules {
  if (!(leaseMs > 0 && leaseMs <= maxLeaseMs)) {
    throw new InputError(`\`leaseMs\` is \`${leaseMs}\``, {
      hint: `Use more than 0 and at most ${maxLeaseMs} milliseconds.`,
    });
  }
  const { me = currentProcess(), time = systemTime } = internals;
  return { leaseMs, me, time };
}
