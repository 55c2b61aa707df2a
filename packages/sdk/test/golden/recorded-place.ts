import type { RecordedCall, RecordedCase } from "./recorded-case.js";

/** Whether a step key of ours is a place of a recording, such as `steps/1` or `steps/1@2` for `steps[1]`. */
export function isAt(stepKey: string, where: string | null): boolean {
  if (where === null) return false;
  const key = keyOf(where);
  return stepKey === key || stepKey.startsWith(`${key}/`) || stepKey.startsWith(`${key}@`);
}

/** The step key of a place; what follows it, such as the number of a visit, is left out. */
function keyOf(where: string): string {
  if (where === "review_router") return "router/review";
  if (where === "review_gate") return "review";
  if (where === "decomposition_review") return "decomposition";
  if (where === "reduce_review") return "reduce/review";
  const [, list, id = "", rest = ""] =
    /^(branches|routes|tasks|nodes)\.(.*?)(\.(?:steps|then)\[\d+\])?$/.exec(where) ?? [];
  const index = /\[(\d+)\]$/.exec(where)?.[1];
  if (list === undefined) return where.replace(/\[(\d+)\]/, "/$1");
  return rest === "" || index === undefined ? `${list}/${id}` : `${list}/${id}/${index}`;
}

/**
 * The turn of a call in the conversation it belongs to. The reference shares one conversation among everything that
 * names the same agent; here each branch, task and worker has its own (decision 55), so calls are counted within it.
 */
export function turnOf({ calls }: RecordedCase, call: RecordedCall): number {
  const lane = laneOf(call);
  if (lane === undefined) return call.turn;
  const before = calls.filter((other) => other.n < call.n && other.agent === call.agent && laneOf(other) === lane);
  // A place that comes again is a step that was repeated.
  return new Set([...before, call].map(({ where }) => where)).size;
}

function laneOf({ where }: RecordedCall): string | undefined {
  return /^(?:branches\.[^.]+|tasks\..+|workers\[\d+\])/.exec(where)?.[0];
}
