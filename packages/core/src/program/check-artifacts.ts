import type { SpecIssue } from "../error/errors.js";
import { ArtifactError, TemplateError } from "../error/errors.js";
import { quoteValue } from "../spec/check-quote.js";
import { CheckReport, type SpecPath } from "../spec/check-report.js";
import type { Spec } from "../spec/spec.js";
import { literalText } from "../template/literal-text.js";
import type { Template } from "../template/parse-template.js";
import { artifactPath } from "./artifact-path.js";
import type { TemplateTable } from "./template-table.js";

/** Stands for what a template fills in. Paths are cleaned as rendered ones are, and this is a letter that stays. */
const mark = "\u{10400}";

/** No file system takes longer paths. */
const longestDirectory = 4096;

/** Output files that can never be written where they say, and those that end up under another name. */
export function checkArtifacts({ outputs, telemetry, inputs }: Spec, templates: TemplateTable): readonly SpecIssue[] {
  const report = new CheckReport();
  const files = new FilePlaces(report);
  const hasTrace = telemetry !== undefined || [inputs?.values, inputs?.required, inputs?.optional].some(namesTrace);
  for (const [index, { path, from }] of (outputs?.artifacts ?? []).entries()) {
    const at = ["outputs", "artifacts", index];
    const name = parsed(templates, path);
    if (name !== undefined) files.add(path, literalText(name, mark), [...at, "path"]);
    const content = parsed(templates, artifactSource(from));
    if (hasTrace || content?.names.some((read) => read.name === "TRACE" && !read.guarded) !== true) continue;
    report.warn(
      "empty_trace",
      [...at, "from"],
      "`TRACE` is empty: the workflow does not ask for telemetry",
      "add `telemetry` with an `otel` section, or take `TRACE` out",
    );
  }
  return report.issues;
}

/** The text of an artifact; outside of tags `$TRACE` stands for the trace too. */
export function artifactSource(text: string): string {
  return text.replace(/(\{[{%#][\s\S]*?[}%#]\})|\$TRACE\b/g, (_, tag?: string) => tag ?? "{{ TRACE }}");
}

function namesTrace(names: object | undefined): boolean {
  return names !== undefined && Object.hasOwn(names, "TRACE");
}

/** A text that does not parse is reported as a template. */
function parsed(templates: TemplateTable, source: string): Template | undefined {
  try {
    return templates.get(source).parse();
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

/** What is known of the places of files before anything runs. */
class FilePlaces {
  readonly #report: CheckReport;
  /** Files by their path, or by their template where something is filled in: the same template gives the same path. */
  readonly #files = new Map<string, string>();
  /** Directories that are surely needed, with the file that needs them. */
  readonly #directories = new Map<string, string>();
  readonly #folded = new Map<string, string>();

  constructor(report: CheckReport) {
    this.#report = report;
  }

  add(source: string, text: string, at: SpecPath): void {
    const path = this.#checkName(source, text, at);
    if (path === undefined) return;
    const isLiteral = !text.includes(mark);
    const own = isLiteral ? path : source;
    if (this.#files.has(own)) {
      const message = `two artifacts have the path ${quoteValue(own)}`;
      this.#report.error("artifact_conflict", at, message, "give each artifact a path of its own");
      return;
    }
    const known = isLiteral ? path : path.slice(0, Math.max(0, path.indexOf(mark)));
    this.#checkDirectories(known, source, isLiteral, at);
    this.#files.set(own, source);
    if (!isLiteral) return;
    const folded = path.toLowerCase();
    const other = this.#folded.get(folded);
    this.#folded.set(folded, path);
    if (other === undefined) return;
    const message = `${quoteValue(path)} and ${quoteValue(other)} are one file where case does not count, as on macOS and Windows`;
    this.#report.warn("artifact_case", at, message, "give each artifact a path of its own");
  }

  /** The path below the output directory, with marks; `undefined` when it can only lead out. */
  #checkName(source: string, text: string, at: SpecPath): string | undefined {
    let path: string;
    try {
      path = artifactPath(text);
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      const suggestion = "use a relative path without `..`; the directory itself is chosen with `--out`";
      this.#report.error(
        "artifact_path",
        at,
        `the artifact path ${quoteValue(source)} leaves the output directory`,
        suggestion,
      );
      return undefined;
    }
    const plain = text.trim().split("/");
    if (plain.filter((part) => part !== "" && part !== ".").join("/") === path) return path;
    const name = text.includes(mark) ? "with `_` for what file names cannot hold" : `as ${quoteValue(path)}`;
    this.#report.warn(
      "artifact_name",
      at,
      `the artifact ${quoteValue(source)} is written ${name}`,
      "use letters, digits, `-`, `_`, `.` and `/`",
    );
    return path;
  }

  /** A file cannot stand where another needs a directory. Of a template only whole parts before what is filled in are known. */
  #checkDirectories(known: string, source: string, isLiteral: boolean, at: SpecPath): void {
    const conflict = (file: string, needs: string): void => {
      const message = `the artifact ${quoteValue(file)} is a file, and ${quoteValue(needs)} needs a directory of this name`;
      this.#report.error("artifact_conflict", at, message, "give one of the two another path");
    };
    const needing = isLiteral ? this.#directories.get(known) : undefined;
    if (needing !== undefined) conflict(source, needing);
    for (let end = known.indexOf("/"); end >= 0 && end < longestDirectory; end = known.indexOf("/", end + 1)) {
      const directory = known.slice(0, end);
      const file = this.#files.get(directory);
      if (file !== undefined) conflict(file, source);
      this.#directories.set(directory, source);
    }
  }
}
