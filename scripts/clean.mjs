// Removes what builds and tests leave behind; installed packages stay.
import { rmSync } from "node:fs";
import { fromRoot, packageNames } from "./lib/root.mjs";

const leftovers = ["dist", ".types", ".turbo", "coverage"];
for (const home of [fromRoot(), ...packageNames().map((name) => fromRoot("packages", name))]) {
  for (const leftover of leftovers) rmSync(`${home}/${leftover}`, { recursive: true, force: true });
}
