import type { ArtifactError, SpecIssue } from "../error/errors.js";
import { TemplateError } from "../error/errors.js";
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
  const check = pathCheck(report);
  const hasTrace = telemetry !== undefined || [inputs?.values, inputs?.required, inputs?.optional].some(namesTrace);
  for (const [index, { path, from }] of (outputs?.artifacts ?? []).entries()) {
    const at = ["outputs", "artifacts", index];
    const name = parsed(templates, path);
    if (name !== undefined) check(path, literalText(name, mark), [...at, "path"]);
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

/** Gives the function that judges one path after the other. */
function pathCheck(report: CheckReport): (source: string, text: string, at: SpecPath) => void {
  /** Files by their path, or by their template where something is filled in: the same template gives the same path. */
  const files = new Map<string, string>();
  /** Directories that are surely needed, with the file that needs them. */
  const directories = new Map<string, string>();
  return (source, text, at) => {
    const conflict = (message: string): void =>
      report.error("artifact_conflict", at, message, "give each artifact a path of its own");
    const inTheWay = (file: string | undefined, needs: string | undefined): void => {
      if (file !== undefined && needs !== undefined)
        conflict(`${quoteValue(file)} is to be a file, and ${quoteValue(needs)} needs a directory of this name`);
    };
    const path = pathOf(source, text, at, report);
    if (path === undefined) return;
    const isLiteral = !text.includes(mark);
    const own = isLiteral ? path : source;
    if (files.has(own)) {
      conflict(`two artifacts have the path ${quoteValue(own)}`);
      return;
    }
    files.set(own, source);
    if (isLiteral) inTheWay(source, directories.get(path));
    // Of a template only the directories before what is filled in are known.
    const known = isLiteral ? path : path.slice(0, Math.max(0, path.indexOf(mark)));
    for (
      let slash = known.indexOf("/");
      slash >= 0 && slash < longestDirectory;
      slash = known.indexOf("/", slash + 1)
    ) {
      const directory = known.slice(0, slash);
      directories.set(directory, source);
      inTheWay(files.get(directory), source);
    }
  };
}

/** The path below the output directory, with marks; `undefined` when it can only lead out. */
function pathOf(source: string, text: string, at: SpecPath, report: CheckReport): string | undefined {
  let path: string;
  try {
    path = artifactPath(text);
  } catch (error) {
    // The only error there is; its text may hold characters that act on a terminal.
    const { hint } = error as ArtifactError;
    report.error("artifact_path", at, `the artifact path ${quoteValue(source)} leaves the output directory`, hint);
    return undefined;
  }
  const parts = text.trim().split("/");
  if (parts.filter((part) => part !== "" && part !== ".").join("/") !== path) {
    const message = `${quoteValue(source)} is written as ${quoteValue(path.replaceAll(mark, "…"))}`;
    report.warn("artifact_name", at, message, "use letters, digits, `-`, `_`, `.` and `/`");
  }
  return path;
}
