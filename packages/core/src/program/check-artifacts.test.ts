import { describe, expect, it } from "vitest";
import { chainSpec } from "../../test/support/workflows.js";
import type { Spec } from "../spec/spec.js";
import { validateSpec } from "./compile-spec.js";

const ofPaths = (...paths: readonly string[]): Partial<Spec> => ({
  outputs: { artifacts: paths.map((path) => ({ path, from: "x" })) },
});
/** What is said of artifacts: the code, where, and what the message quotes. */
const issuesOf = (more: Partial<Spec>): readonly string[] =>
  validateSpec(chainSpec(["one"], { inputs: { values: { x: "1", y: "2" } }, ...more })).flatMap(
    ({ code, severity, pointer, message }) =>
      pointer.startsWith("/outputs/artifacts/") && code !== "undeclared_name"
        ? [`${severity} ${code} ${pointer.slice("/outputs/artifacts/".length)}: ${message}`]
        : [],
  );
const errorsOf = (...paths: readonly string[]): readonly string[] =>
  issuesOf(ofPaths(...paths)).filter((issue) => issue.startsWith("error"));

describe("paths of artifacts", () => {
  it.each([
    "../x",
    "../{{ x }}.md",
    "{{ x }}/../y",
    "{{ x }}/..",
    "a/../b",
    "/etc/x",
    " /etc/x",
    "/{{ x }}",
    "//server/{{ x }}",
    "./../x",
    "..\u0000/x",
    "{{ '..' }}/y",
    "{# where #}../x",
    "{% raw %}../{% endraw %}{{ x }}",
  ])("are refused when they can only lead out: %j", (path) => {
    expect(validateSpec(chainSpec(["one"], ofPaths("fine.md", path)))).toContainEqual({
      code: "artifact_path",
      severity: "error",
      pointer: "/outputs/artifacts/1/path",
      message: expect.stringMatching(/^the artifact path `.+` leaves the output directory$/),
      suggestion: "Use a relative path without `..`; choose the directory itself with the output option.",
    });
  });

  it.each([
    "out.md",
    "./out.md",
    "./a//b/./c.md",
    "a..b/c.md",
    "{{ x }}/{{ y }}.md",
    "..{{ x }}/y",
    "{% if x %}../{% endif %}y",
    "{{ x }}-{{ y }}.md",
    "  out.md",
  ])("are no error when they may work: %j", (path) => {
    expect(errorsOf(path)).toEqual([]);
  });

  it.each([
    ["report 1.md", "`report 1.md` is written as `report_1.md`"],
    ["C:\\x", "`C:\\x` is written as `C_x`"],
    ["..\\x", "`..\\x` is written as `x`"],
    ["", "`` is written as `unnamed`"],
    [".", "`.` is written as `unnamed`"],
    [".hidden", "`.hidden` is written as `hidden`"],
    ["nul.md", "`nul.md` is written as `nul_.md`"],
    ["a b/{{ x }}.md", "`a b/{{ x }}.md` is written as `a_b/….md`"],
  ])("that are written under another name are a warning: %j", (path, said) => {
    expect(issuesOf(ofPaths(path))).toEqual([`warning artifact_name 0/path: ${said}`]);
  });

  it.each([
    ["a.md", "./a.md"],
    ["a b.md", "a?b.md"],
    ["{{ x }}.md", "{{ x }}.md"],
  ])("are refused when two are one: %j and %j", (one, two) => {
    expect(errorsOf(one, "between.md", two)).toEqual([
      expect.stringMatching(/^error artifact_conflict 2\/path: two artifacts have the path `.+`$/),
    ]);
  });

  it.each([
    ["a", "a/b.md"],
    ["a", "a/b/c/{{ x }}.md"],
    ["a", "a/{{ x }}"],
    ["a/b", "./a/b/{{ x }}/c"],
  ])("are refused when one is a file where the other needs a directory: %j and %j", (file, needs) => {
    const message = `\`${file}\` is to be a file, and \`${needs}\` needs a directory of this name`;
    expect(errorsOf(file, needs)).toEqual([`error artifact_conflict 1/path: ${message}`]);
    expect(errorsOf(needs, file)).toEqual([`error artifact_conflict 1/path: ${message}`]);
  });

  it("may lie side by side", () => {
    const paths = [
      "a.md",
      "a/b.md",
      "a/c.md",
      "ab/{{ x }}",
      "{{ x }}",
      "{{ y }}",
      "{{ x }}/b",
      "a{{ x }}/b",
      "a/{{ x }}",
    ];
    expect(errorsOf(...paths)).toEqual([]);
  });

  it("that do not parse are reported as templates", () => {
    expect(issuesOf(ofPaths("../{{ x"))).toEqual([expect.stringContaining("error template_syntax 0/path")]);
  });

  it("of any length are judged at once", () => {
    expect(errorsOf("a/".repeat(50_000), "a/".repeat(50_000))).toHaveLength(1);
  });
});

describe("`TRACE` in artifacts", () => {
  const shown = (from: string, more: Partial<Spec> = {}): readonly string[] =>
    issuesOf({ outputs: { artifacts: [{ path: "t.json", from }] }, ...more });
  const warning = "warning empty_trace 0/from: `TRACE` is empty: the workflow does not ask for telemetry";

  it.each(["$TRACE", "{{ TRACE }}", "{{ $TRACE }}", "before $TRACE"])("is a warning without telemetry: %j", (from) => {
    expect(shown(from)).toEqual([warning]);
  });

  it("is none with telemetry, where it is a variable, where its absence is minded, and in plain text", () => {
    expect(shown("$TRACE", { telemetry: { otel: {} } })).toEqual([]);
    expect(shown("{{ TRACE }}", { inputs: { values: { TRACE: "mine" } } })).toEqual([]);
    expect(shown("{{ TRACE | default('none') }}")).toEqual([]);
    expect(shown("TRACE, $TRACES and {% raw %}$TRACE{% endraw %}")).toEqual([]);
  });
});
