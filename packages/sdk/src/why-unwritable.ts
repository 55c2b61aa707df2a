import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Why nothing can be made at a path: the error of the nearest directory above it that exists, or `undefined` when that
 * one may be written to.
 *
 * @param probe rejects when a path may not be written to; tests bring their own
 */
export async function whyUnwritable(
  path: string,
  probe: (path: string) => Promise<void> = async (place) => access(place, constants.W_OK),
): Promise<NodeJS.ErrnoException | undefined> {
  for (let place = path; ; place = dirname(place)) {
    try {
      await probe(place);
      return undefined;
    } catch (error) {
      const reason = error as NodeJS.ErrnoException;
      if (reason.code !== "ENOENT") return reason;
      if (dirname(place) === place) return undefined;
    }
  }
}
