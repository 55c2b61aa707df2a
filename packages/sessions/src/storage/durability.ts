import { InputError } from "@strands/core";

/**
 * When an append counts as done. `full`: the disk has it, it survives a power cut. `process`: the system has it, it
 * survives the end of the process. `none` promises nothing; today it does what `process` does.
 */
export type Durability = "full" | "process" | "none";

/** @throws `INPUT_INVALID` */
export function checkDurability(durability: Durability): void {
  if (["full", "process", "none"].includes(durability)) return;
  throw new InputError(`\`${String(durability)}\` is not a durability`, {
    hint: "Use `full`, `process` or `none`.",
  });
}
