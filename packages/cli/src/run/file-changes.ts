import { resolve } from "node:path";
import { loadWorkflow, type SessionRecord, StrandsError, specChanges } from "@strands/sdk";
import type { Io } from "../io.js";
import type { FileChanges } from "../render/file-change-text.js";

/**
 * How the file of a workflow is to what a session keeps of it; `undefined` when they mean the same, or no file is known.
 *
 * @param file the one named on the command line; else the one the session began with
 * @throws SpecError when a file that was named cannot be loaded
 */
export async function fileChanges(
  record: SessionRecord,
  file: string | undefined,
  io: Pick<Io, "cwd">,
): Promise<FileChanges | undefined> {
  const path = file === undefined ? record.labels?.["specPath"] : resolve(io.cwd, file);
  if (path === undefined) return undefined;
  try {
    const { spec, specHash } = await loadWorkflow(path, { offline: true });
    return specHash === record.specHash ? undefined : { path, changes: specChanges(record.spec, spec) };
  } catch (error) {
    if (file !== undefined || !StrandsError.isInstance(error)) throw error;
    // The session does not need it: whoever moved the file on knows.
    return { path, problem: error.code === "SPEC_NOT_FOUND" ? "is not there any more" : "cannot be run as it is now" };
  }
}
