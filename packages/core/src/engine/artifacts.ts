import { ArtifactError, TemplateError } from "../error/errors.js";
import { StrandsError } from "../error/strands-error.js";
import { messageOf } from "../error/wrap-unknown.js";
import { byteLength, sha256 } from "../platform/sha256.js";
import { artifactPath } from "../program/artifact-path.js";
import type { LazyTemplate } from "../program/lazy-template.js";
import type { Program, ProgramArtifact } from "../program/program.js";
import type { ArtifactFile, ArtifactStore, ArtifactWriteOptions } from "../session/artifact-store.js";
import type { EntryDraft } from "../session/entry.js";
import { redact } from "./redact.js";
import type { PatternOutcome } from "./run-context.js";
import type { RunServices } from "./run-services.js";
import { traceOf } from "./trace.js";

/** An output file of a run. */
export interface Artifact {
  /** Path below the output directory. */
  readonly path: string;
  readonly content: string;
  /** Where the file is; absent when the client has no artifact store and nothing was written. */
  readonly location?: string;
}

/**
 * Renders the output files of a finished pattern and puts them in place. What is about to be written is recorded
 * first, so that a run that goes on after a crash can tell its own files from others.
 *
 * @returns the files, and the entries that say they are in place, to be recorded together with the end of the run
 */
export async function writeArtifacts(
  services: RunServices,
  outcome: PatternOutcome,
  store: ArtifactStore | undefined,
  overwrite: boolean,
): Promise<{ readonly artifacts: readonly Artifact[]; readonly entries: readonly EntryDraft[] }> {
  if (services.program.artifacts.length === 0) return { artifacts: [], entries: [] };
  const files = renderArtifacts(services.program, services.variables, outcome, await traceFor(services));
  if (store === undefined) return { artifacts: files, entries: [] };

  const { journal, emitter } = services;
  const intended = journal.find("artifacts", "artifacts.intent") !== undefined;
  if (!intended) {
    const records = files.map(({ path, content }) => ({ path, sha256: sha256(content), bytes: byteLength(content) }));
    await journal.append({ key: "artifacts", kind: "artifacts.intent", body: { files: records } });
  }
  const ifExists = overwrite ? "replace" : intended ? "same" : "fail";
  const artifacts: Artifact[] = [];
  for (const file of files) {
    const { location } = await write(store, file, ifExists);
    artifacts.push({ ...file, location });
    emitter.emit("artifact_written", { path: file.path, location });
  }
  const entries = files.map(
    ({ path }, index): EntryDraft => ({ key: `artifacts/${index}`, kind: "artifact.written", body: { path } }),
  );
  return { artifacts, entries };
}

async function write(
  store: ArtifactStore,
  file: ArtifactFile,
  ifExists: ArtifactWriteOptions["ifExists"],
): Promise<{ readonly location: string }> {
  try {
    return await store.write(file, { ifExists });
  } catch (cause) {
    if (StrandsError.isInstance(cause)) throw cause;
    const { path } = file;
    throw new ArtifactError(
      "ARTIFACT_WRITE",
      `The artifact \`${path}\` could not be written: ${redact(messageOf(cause))}`,
      {
        path,
        hint: "Mend the cause, then resume the session: the steps are not run again.",
        cause,
      },
    );
  }
}

/** The trace, where telemetry is asked for and an artifact shows it; empty otherwise. */
async function traceFor({ program, sessionId, journal }: RunServices): Promise<string> {
  const shown = (template: LazyTemplate): boolean => template.parse().names.some(({ name }) => name === "TRACE");
  const wanted = program.spec.telemetry !== undefined && program.artifacts.some(({ content }) => shown(content));
  return wanted ? traceOf(sessionId, program, await journal.entries()) : "";
}

function renderArtifacts(
  program: Program,
  variables: Readonly<Record<string, unknown>>,
  outcome: PatternOutcome,
  trace: string,
): readonly ArtifactFile[] {
  const { name, runtime, context_policy } = program.spec;
  const context = Object.assign(
    Object.create(null),
    { name, runtime, context_policy, execution_context: outcome.context },
    { last_response: outcome.lastResponse, TRACE: trace },
    variables,
    outcome.context,
  );
  const files = program.artifacts.map((artifact) => renderArtifact(artifact, context, outcome.responses));
  const seen = new Set<string>();
  for (const { path } of files) {
    if (seen.has(path)) {
      throw new ArtifactError("ARTIFACT_EXISTS", `Two artifacts have the path \`${path}\``, {
        path,
        hint: "Give each artifact a path of its own. Characters that file names cannot hold become `_`.",
      });
    }
    seen.add(path);
  }
  return files;
}

function renderArtifact(
  { path, content }: ProgramArtifact,
  context: Readonly<Record<string, unknown>>,
  responses: readonly string[],
): ArtifactFile {
  try {
    return { path: artifactPath(path.render(context)), content: withFinalNewline(content.render(context), responses) };
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    const { source } = path;
    throw new ArtifactError("ARTIFACT_TEMPLATE", `The artifact \`${source}\` cannot be rendered: ${cause.message}`, {
      path: source,
      hint: cause.hint ?? "Mend the template in `outputs.artifacts` and start a new run.",
      cause,
    });
  }
}

/** A file that ends with what an agent said ends with a newline; models rarely write it. Other files are left as they are. */
function withFinalNewline(content: string, responses: readonly string[]): string {
  if (content.endsWith("\n")) return content;
  return responses.some((response) => response !== "" && content.endsWith(response)) ? `${content}\n` : content;
}
