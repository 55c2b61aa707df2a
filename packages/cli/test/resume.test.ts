import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Workplace } from "./support/test-io.js";
import { reviewYaml, scriptYaml } from "./support/workflows.js";

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("review.yaml", reviewYaml);
  place.write("script.yaml", scriptYaml);
});
afterEach(() => place.remove());

const answer = async (...more: readonly string[]) =>
  place.strands(["run", "-r", await place.onlySession(), "--hitl-response", "fine", ...more]);

describe("a workflow whose only provider is the offline model", () => {
  it("says that it is simulated, at first and on resume", async () => {
    const begun = await place.strands(["run", "review.yaml"]);
    expect(begun.stderr).toContain("Simulated:");
    const ended = await answer();
    expect(ended.stderr).toContain("Simulated:");
    expect(ended.stderr).toContain("successfully  (simulated)");
  });

  it("says so in JSON", async () => {
    expect(JSON.parse((await place.strands(["run", "review.yaml", "--json"])).stdout).simulated).toBe(true);
    expect(JSON.parse((await answer("--json")).stdout).simulated).toBe(true);
  });
});

describe("the script of a session", () => {
  beforeEach(async () => {
    await place.strands(["run", "review.yaml", "--script", "script.yaml"]);
    rmSync(place.path("script.yaml"));
  });

  it("is named when it is gone: exit 2", async () => {
    const { code, stderr } = await answer();
    const text = stderr.replace(/\s+/g, " ");
    expect(code).toBe(2);
    expect(text).toContain("This session was begun with a script of its own");
    expect(text).toContain("`--script FILE` takes answers from another one, `--offline` from none");
  });

  it("is replaced by --offline", async () => {
    const { code, stderr } = await answer("--offline");
    expect([code, stderr]).toEqual([0, expect.stringContaining("! --offline replaces the session's script")]);
  });

  it("is replaced by another one", async () => {
    place.write("other.yaml", "steps/2: Another answer\nsteps/9: x\n");
    const ended = await answer("--script", "other.yaml");
    expect(ended).toMatchObject({ code: 0, stdout: "Another answer\n" });
    expect(ended.stderr).toContain("! the answer for `steps/9` is never used");
  });
});

describe("a question whose time is over", () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
  afterEach(() => vi.useRealTimers());

  it("says once which answer was taken", async () => {
    const hurried = reviewYaml.replace(
      "context_display:",
      "timeout_seconds: 60\n        default: dflt\n        context_display:",
    );
    place.write("hurried.yaml", hurried);
    expect((await place.strands(["run", "hurried.yaml"])).code).toBe(19);
    vi.setSystemTime(Date.now() + 61_000);
    const { code, stderr } = await place.strands(["run", "-r", await place.onlySession()]);
    expect(code).toBe(0);
    expect(stderr.match(/answered/g)).toHaveLength(1);
    expect(stderr).toContain('! steps/1 was not answered in time: "dflt" was taken\n');
  });
});

describe("the output directory of a session", () => {
  it("is shown when it lies outside the working directory", async () => {
    const elsewhere = `${place.folder}-out`;
    await place.strands(["run", "review.yaml", "--out", elsewhere]);
    const { stderr } = await answer();
    rmSync(elsewhere, { recursive: true });
    expect(stderr).toContain(`Output directory: ${elsewhere}\n`);
    expect(dirname(elsewhere)).toBe(dirname(place.folder));
  });

  it("is not shown when it lies inside", async () => {
    await place.strands(["run", "review.yaml", "--out", "results"]);
    expect((await answer()).stderr).not.toContain("Output directory");
  });
});

/** Lines that a terminal of 40 columns would break; commands, ids and paths may not be broken by us. */
const tooWide = (text: string): readonly string[] =>
  text.split("\n").filter((line) => line.length > 40 && !/^(Resume with|Session ID|Session|\s*\S+$)/.test(line));

describe("a narrow terminal", () => {
  it("gets lines that break at words, and whole commands", async () => {
    place.write("warn.yaml", reviewYaml.replace("outputs:", "inputs:\n  required: { topic: string }\noutputs:"));
    const { stderr } = await place.strands(["run", "warn.yaml"], { stderrTTY: true, columns: 40 });
    const id = await place.onlySession();
    const lines = stderr.split("\n");
    expect(lines).toContain("! no value for topic: add --var");
    expect(tooWide(stderr)).toEqual([]);
    expect(stderr).toContain(`Resume with: strands run --resume ${id} --interrupt `);
    const shown = await place.strands(["sessions", "show", id], { stdoutTTY: true, columns: 40 });
    expect(shown.stdout).toContain("  Created: ");
    expect(tooWide(shown.stdout)).toEqual([]);
    const failed = await place.strands(["run", "-r", id], { stderrTTY: true, columns: 40 });
    expect(failed.stderr).toContain("Resume failed:");
    expect(tooWide(failed.stderr)).toEqual([]);
  });
});
