import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory and those it is in, readable by nobody else. Node's own way (`recursive`) never ends where a file system
 * answers that a name does not exist and cannot be made, as `/proc` does.
 */
export function makeDirectories(directory: string): void {
  try {
    makeOne(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    makeDirectories(dirname(directory));
    makeOne(directory);
  }
}

function makeOne(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Where it cannot be looked at either, that is the cause.
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
