import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a directory and those it is in. Node's own way (`recursive`) never ends where a file system answers that a name
 * does not exist and cannot be made, as `/proc` does.
 */
export async function makeDirectories(directory: string, mode = 0o777): Promise<void> {
  try {
    await makeOne(directory, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await makeDirectories(dirname(directory), mode);
    await makeOne(directory, mode);
  }
}

async function makeOne(directory: string, mode: number): Promise<void> {
  try {
    await mkdir(directory, mode);
  } catch (error) {
    const found = await stat(directory).catch(() => undefined);
    if (found?.isDirectory() !== true) throw error;
  }
}
