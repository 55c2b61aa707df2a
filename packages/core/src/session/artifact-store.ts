/** A file to put in place. */
export interface ArtifactFile {
  /** Relative path with `/` between parts that have been sanitised; no part is `.` or `..`. */
  readonly path: string;
  readonly content: string;
}

export interface ArtifactWriteOptions {
  /**
   * What to do when the file is there: `fail`, `replace`, or `same`: fine when it holds these very bytes, because an
   * earlier run of this session wrote it before it was stopped; otherwise as `fail`.
   */
  readonly ifExists: "fail" | "replace" | "same";
}

/** Where the output files of a workflow go. */
export interface ArtifactStore {
  /**
   * Writes one file, whole or not at all, and gives its place for people to find. Rejects with `ARTIFACT_EXISTS`,
   * `ARTIFACT_PATH_ESCAPE` (a symbolic link leads out) or `ARTIFACT_WRITE`.
   */
  write(file: ArtifactFile, options: ArtifactWriteOptions): Promise<{ readonly location: string }>;
}
