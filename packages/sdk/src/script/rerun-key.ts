/** A step that runs again, or asks again, in the conversation of the step it repeats. */
export interface Rerun {
  /** Key of the step that is repeated. */
  readonly base: string;
  /** Turns of the conversation since that step began. */
  readonly turns: number;
}

/**
 * What the key of a step says of a repeat: `steps/0@1.2` and `orchestrator/1@2` were sent back by a person, a key that ends in
 * `clarified` asks for a readable answer.
 */
export function rerunOf(stepKey: string): Rerun | undefined {
  const [, base = "", revision = "1", clarified, times = "1"] =
    /^([^@]*?)(?:@(?:\d+\.)?(\d+))?(\/clarified(?:\/(\d+))?)?$/.exec(stepKey) ?? [];
  const turns = Number(revision) - 1 + (clarified === undefined ? 0 : Number(times));
  return turns < 1 || base === "" ? undefined : { base, turns };
}
