import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { patterns } from "./support/patterns.js";
import { Workplace } from "./support/test-io.js";
import { chainYaml, scriptYaml } from "./support/workflows.js";

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("chain.yaml", chainYaml);
  place.write("script.yaml", scriptYaml);
});
afterEach(() => place.remove());

const steady = (text: string): string =>
  text
    .replace(/\d+(\.\d)? m?s\b/g, "N ms")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replace(/show [0-9a-f]{8}/, "show ID")
    .replace(/\d+ tokens/g, "N tokens")
    .replace(/Tokens: .*/, "Tokens: N");

describe("strands run", () => {
  it("prints the answer alone on stdout and tells the rest on stderr", async () => {
    const { code, stdout, stderr } = await place.strands(["run", "chain.yaml", "--script", "script.yaml"]);
    expect(code).toBe(0);
    expect(stdout).toBe("A second answer\n");
    expect(steady(stderr).replaceAll(place.folder, "/here")).toMatchInlineSnapshot(`
      "! the answer for \`steps/2\` is never used: no step and no agent has this key. Did you mean \`steps/0\`?
      Running workflow: two-steps
      Simulated: the offline model answers; it knows nothing.
      ✓ [1/2] first  N ms  N tokens
      ✓ [2/2] second  N ms  N tokens

      [OK] Workflow completed successfully  (simulated)
      Artifacts written:
        • /here/artifacts/report.md
      Duration: N ms
      Tokens: N
      Session ID: ID
      Next: strands sessions show ID
      "
    `);
    expect(readFileSync(place.path("artifacts", "report.md"), "utf8")).toBe("A second answer\n");
  });

  it("streams to a terminal and does not repeat the answer there", async () => {
    const { stdout, stderr } = await place.strands(["run", "chain.yaml", "--script", "script.yaml"], {
      stdoutTTY: true,
      stderrTTY: true,
    });
    expect(stdout).toBe("");
    expect(steady(stderr)).toContain(
      "▸ [1/2] first …\nA first answer\n✓ [1/2] first  N ms  N tokens\n▸ [2/2] second …\nA second answer\n✓",
    );
  });

  it("still prints the answer when only progress is on a terminal", async () => {
    const { stdout } = await place.strands(["run", "chain.yaml", "--script", "script.yaml"], { stderrTTY: true });
    expect(stdout).toBe("A second answer\n");
  });

  it("says nothing but the answer with --quiet", async () => {
    const { stdout, stderr } = await place.strands(["run", "chain.yaml", "--script", "script.yaml", "--quiet"], {
      stdoutTTY: true,
      stderrTTY: true,
    });
    expect([stdout, stderr]).toEqual(["A second answer\n", ""]);
  });

  it("gives one JSON document with --json", async () => {
    const { code, stdout } = await place.strands(["run", "chain.yaml", "--script", "script.yaml", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "completed",
      exitCode: 0,
      workflowName: "two-steps",
      simulated: true,
      lastResponse: "A second answer",
      agentId: "second",
      artifacts: [{ path: "report.md", location: place.path("artifacts", "report.md") }],
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
    });
  });

  it("answers by itself with --offline, with STRANDS_OFFLINE, and the same each time", async () => {
    const one = await place.strands(["run", "chain.yaml", "--offline"]);
    const two = await place.strands(["run", "chain.yaml", "--force"], { env: { STRANDS_OFFLINE: "1" } });
    expect(one.code).toBe(0);
    expect(one.stdout).toContain("[simulated]");
    expect(two.stdout).toBe(one.stdout);
  });

  it("takes variables, the last one of a name", async () => {
    const { stderr } = await place.strands([
      "run",
      "chain.yaml",
      "--offline",
      "-v",
      "--var",
      "topic=salt",
      "--var",
      " topic = a=b ",
    ]);
    expect(stderr).toContain("Variable: topic = a=b");
  });

  it("says which accepted switches do nothing yet", async () => {
    const { stderr } = await place.strands(["run", "chain.yaml", "--offline", "--trace", "--bypass-tool-consent"]);
    expect(stderr).toContain("! --trace has no effect yet\n! --bypass-tool-consent has no effect yet\n");
  });

  it("keeps no session with --no-save-session", async () => {
    const { code, stderr } = await place.strands(["run", "chain.yaml", "--offline", "--no-save-session"]);
    expect(code).toBe(0);
    expect(stderr).not.toContain("Session ID");
    expect(existsSync(place.path("sessions"))).toBe(false);
  });
});

describe("what goes wrong in a run", () => {
  it.each<[string, number, readonly string[], string]>([
    ["nothing to run", 2, ["run"], "There is nothing to run"],
    ["an answer without a session", 2, ["run", "chain.yaml", "--hitl-response", "x"], "An answer needs the session"],
    ["an interrupt without an answer", 2, ["run", "--resume", "x", "--interrupt", "i"], "--hitl-response"],
    ["a variable without =", 2, ["run", "chain.yaml", "--var", "topic"], "`--var topic` is not of the form name=value"],
    ["a variable without a name", 2, ["run", "chain.yaml", "--var", "=x"], "name=value"],
    ["an unknown budget", 2, ["run", "chain.yaml", "--budget", "max_token=1"], "Did you mean `max_tokens`?"],
    ["a bad budget", 2, ["run", "chain.yaml", "--budget", "max_tokens=lots"], "above 0"],
    ["half a token", 2, ["run", "chain.yaml", "--budget", "max_tokens=1.5"], "a whole number above 0"],
    ["no time", 2, ["run", "chain.yaml", "--budget", "max_duration_s="], "a number above 0"],
    ["an unknown option", 2, ["run", "chain.yaml", "--forse"], "Did you mean --force?"],
    ["an unknown command", 2, ["rnu"], "Did you mean run?"],
    ["an empty session directory", 2, ["run", "chain.yaml", "--session-dir", ""], "`--session-dir` needs a directory"],
    ["an empty output directory", 2, ["run", "chain.yaml", "--out", " "], "`--out` needs a directory"],
    [
      "an empty directory of sessions",
      2,
      ["sessions", "list", "--session-dir", ""],
      "`--session-dir` needs a directory",
    ],
    ["two files", 2, ["run", "chain.yaml", "chain.yaml"], "too many arguments"],
    ["a bad choice", 2, ["run", "chain.yaml", "--durability", "some"], "Allowed choices are full, process, none"],
    ["no script", 2, ["run", "chain.yaml", "--script", "none.yaml"], "none.yaml` cannot be read (ENOENT)"],
    ["no file", 3, ["run", "none.yaml"], "none.yaml"],
    ["a folder", 3, ["run", "folder.yaml"], "folder.yaml"],
    ["another kind of file", 3, ["run", "script.txt"], "neither YAML nor JSON"],
    ["no key", 18, ["run", "chain.yaml"], "OpenAI needs a key, and none is set"],
    ["an unknown session", 17, ["run", "--resume", "no-such-session"], "There is no session"],
    ["an unusable session id", 17, ["run", "--resume", "../../etc"], "There is no session"],
  ])("%s: exit %i", async (_, code, argv, message) => {
    mkdirSync(place.path("folder.yaml"));
    place.write("script.txt", "");
    const ended = await place.strands(argv);
    expect(ended.stderr).toContain(message);
    expect(ended.stdout).toBe("");
    expect(ended.code).toBe(code);
    expect(existsSync(place.path("sessions"))).toBe(false);
    const json = await place.strands([...argv, "--json"]);
    expect(json.code).toBe(code);
    expect(JSON.parse(json.stdout)).toMatchObject({
      status: "error",
      exitCode: code,
      error: { message: expect.any(String) },
    });
  });

  it("refuses a value that is not of the declared type: exit 2", async () => {
    place.write("typed.yaml", chainYaml.replace("type: string", "type: integer").replace("topic: tea", "topic: 1"));
    const { code, stderr } = await place.strands(["run", "typed.yaml", "--offline", "--var", "topic=many"]);
    expect(code).toBe(2);
    expect(stderr).toContain("`integer`");
  });

  it("shows every problem of a file with its place: exit 3", async () => {
    place.write(
      "bad.yaml",
      chainYaml.replace("agent: first", "agent: frist").replace("prompt: You end.", "promt: You end."),
    );
    const { code, stderr } = await place.strands(["run", "bad.yaml", "--offline"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/bad\.yaml:10:5 .*promt/);
    expect(stderr).toMatch(/bad\.yaml:15:16 .*frist/);
    expect(stderr).toContain("did you mean `first`?");
  });

  it("reports a failing step, keeps the rest, and goes on with it: exit 10, then 0", async () => {
    place.write("broken.yaml", "steps/0: A first answer\nsteps/1: { error: PROVIDER_AUTH }\n");
    const failed = await place.strands(["run", "chain.yaml", "--script", "broken.yaml"]);
    expect(failed.code).toBe(10);
    expect(failed.stdout).toBe("");
    expect(failed.stderr).toContain("Execution failed:");
    expect(failed.stderr.match(/finished steps are not run again/gi)).toHaveLength(1);
    const id = await place.onlySession();
    expect(failed.stderr).toContain(`Resume with: strands run --resume ${id}`);
    const resumed = await place.strands(["run", "--resume", id, "--script", "script.yaml"]);
    expect(resumed).toMatchObject({ code: 0, stdout: "A second answer\n" });
    expect(resumed.stderr).toContain("· 1 step done before, not run again");
  });

  it("fails when a template has no value: exit 10, after a warning that says how to give it", async () => {
    place.write("missing.yaml", chainYaml.replace("  values:\n    topic: tea\n", ""));
    const { code, stderr } = await place.strands(["run", "missing.yaml", "--offline"]);
    expect(code).toBe(10);
    expect(stderr).toContain("! no value for topic: add --var topic=<value> to the command, or use --ask\n");
    expect(stderr).toContain("Start a new run, for example with `--var topic=<value>`.");
    expect(stderr).not.toContain("Resume with");
  });

  it("stops at a budget and goes on with a raised one: exit 20, then 0", async () => {
    const spent = await place.strands(["run", "chain.yaml", "--offline", "--budget", "steps=1"]);
    expect(spent.code).toBe(20);
    expect(spent.stderr).toContain("Budget exceeded:");
    const id = await place.onlySession();
    const command = `strands run --resume ${id} --budget max_steps=<higher>`;
    expect(spent.stderr).toContain(`Resume with: ${command}\n`);
    expect((await place.strands(["sessions", "show", id])).stdout).toContain(`go on with: ${command}\n`);
    const again = await place.strands(["run", "--resume", id, "--budget", "steps=1", "--json"]);
    expect([again.code, JSON.parse(again.stdout).resume]).toEqual([20, command]);
    expect((await place.strands(["run", "--resume", id, "--budget", "max_steps=5"])).code).toBe(0);
  });

  it("does not overwrite files without --force: exit 12, and the session can go on", async () => {
    mkdirSync(place.path("artifacts"));
    place.write("artifacts/report.md", "mine");
    const refused = await place.strands(["run", "chain.yaml", "--script", "script.yaml"]);
    expect(refused.code).toBe(12);
    expect(refused.stderr).toContain("Failed to write artifacts:");
    expect(readFileSync(place.path("artifacts", "report.md"), "utf8")).toBe("mine");
    const id = await place.onlySession();
    expect((await place.strands(["run", "--resume", id, "--force"])).code).toBe(0);
    expect(readFileSync(place.path("artifacts", "report.md"), "utf8")).toBe("A second answer\n");
  });

  it("does not follow a link out of the output folder: exit 12", async () => {
    mkdirSync(place.path("artifacts"));
    symlinkSync(place.write("elsewhere.md", "mine"), place.path("artifacts", "report.md"));
    const { code } = await place.strands(["run", "chain.yaml", "--script", "script.yaml", "--force"]);
    expect(code).toBe(12);
    expect(readFileSync(place.path("elsewhere.md"), "utf8")).toBe("mine");
  });

  it.each([
    ["runtime:", "env: { secrets: [{ name: K, source: ssm, key: k }] }\nruntime:", 18, "secrets cannot come from"],
    ["path: report.md", "path: ../report.md", 3, "leaves the output directory"],
    ["agent: second", "agent: third", 3, "no agent is called"],
  ])("tells what cannot run here from what breaks the format: %s", async (good, bad, exit, said) => {
    place.write("other.yaml", chainYaml.replace(good, bad));
    const { code, stderr } = await place.strands(["run", "other.yaml"]);
    expect(stderr).toMatch(new RegExp(`other\\.yaml:\\d+:\\d+.*${said}`));
    expect(code).toBe(exit);
    expect((await place.strands(["sessions", "list"])).stdout).not.toContain("two-steps");
  });

  it("needs no region and no host where the offline model answers", async () => {
    for (const provider of ["bedrock", "ollama"]) {
      place.write("other.yaml", chainYaml.replace("openai", provider).replace("report.md", `${provider}.md`));
      expect((await place.strands(["run", "other.yaml", "--offline"])).code).toBe(0);
      expect((await place.strands(["run", "other.yaml", "--script", "script.yaml", "--force"])).code).toBe(0);
      const env = { STRANDS_OFFLINE: "1" };
      expect((await place.strands(["run", "other.yaml", "--force"], { env })).code).toBe(0);
      expect((await place.strands(["plan", "other.yaml"], { env })).stdout).toContain("[OK] MVP Compatible");
    }
  });

  it("refuses a provider it does not have: exit 18, without a session", async () => {
    place.write(
      "chain.yaml",
      "version: 1\nname: g\nruntime: { provider: openai }\nagents: { a: { prompt: p } }\npattern: { type: chain, config: { steps: [{ agent: a }] } }\n",
    );
    const { code, stderr } = await place.strands(["run", "chain.yaml"]);
    expect(code).toBe(18);
    expect(stderr).toContain("Cannot run here: OpenAI needs a key, and none is set");
    expect(existsSync(place.path("sessions"))).toBe(false);
  });
});

describe("a script", () => {
  it("has keys that no step asks for named before the run, not with --quiet", async () => {
    place.write("odd.yaml", "step/0: x\nsteps/1: A second answer\nthird: x\n");
    const { code, stdout, stderr } = await place.strands(["run", "chain.yaml", "--script", "odd.yaml"]);
    expect([code, stdout]).toEqual([0, "A second answer\n"]);
    expect(stderr.split("\n").filter((line) => line.startsWith("!"))).toEqual([
      "! the answer for `step/0` is never used: no step and no agent has this key. Did you mean `steps/0`?",
      "! the answer for `third` is never used: no step and no agent has this key. `strands plan` shows the key of every step.",
    ]);
    const quiet = await place.strands(["run", "chain.yaml", "--script", "odd.yaml", "--force", "-q"]);
    expect(quiet.stderr).toBe("");
  });
});

describe("a loop without a draft that is good enough", () => {
  const argv = ["run", "loop.yaml", "--script", "script.json"];
  beforeEach(() => {
    place.write(
      "loop.yaml",
      patterns["evaluator_optimizer"]?.replace(/^ {4}(?:review_gate|revise_prompt).*$/gm, "") ?? "",
    );
    const scores = [40, 70, 65, 10].map((score) => JSON.stringify({ score }));
    place.write("script.json", JSON.stringify({ a: ["one", "two", "three", "four"], b: scores }));
  });

  it("tells the scores, and how to read the best draft: exit 10", async () => {
    const { code, stderr } = await place.strands([...argv, "--var", "topic=tea", "--var", "who=x"]);
    const id = (await place.onlySession()).slice(0, 8);
    expect(code).toBe(10);
    expect(stderr).toContain("the best had 70\n");
    expect(stderr).toMatch(/The best draft is the\sanswer of the step `draft\/2`\./);
    const command = `strands sessions show ${id} -v`;
    expect(stderr).toContain(`Scores: 40, 70, 65, 10. The best, 70, is draft/2. Read it with: ${command}\n`);
    expect((await place.strands(command.split(" ").slice(1))).stdout).toMatch(/draft\/2 a .*\n {6}two\n/);
  });

  it("names no session when none was kept", async () => {
    const { stderr } = await place.strands([...argv, "--var", "topic=tea", "--no-save-session"]);
    expect(stderr).toContain("the best had 70\n");
    expect(stderr).not.toContain("sessions show");
  });
});

describe("Ctrl-C", () => {
  it("stops cleanly, says how to resume, exits 130, and the rest runs later", async () => {
    let pressed = false;
    const stopped = await place.strands(["run", "chain.yaml", "--script", "script.yaml"], {
      onStderr: (text, stop) => {
        if (pressed || !text.includes("✓ [1/2]")) return;
        pressed = true;
        stop("SIGINT");
      },
    });
    expect(stopped.code).toBe(130);
    const id = await place.onlySession();
    expect(stopped.stderr).toContain(
      `Stopped: Interrupted from the keyboard.\nSession ID: ${id}\nResume with: strands run --resume ${id}\n`,
    );
    const resumed = await place.strands(["run", "--resume", id.slice(0, 8)]);
    expect(resumed).toMatchObject({ code: 0, stdout: "A second answer\n" });
  });

  it("exits 143 when the system asks", async () => {
    const { code } = await place.strands(["run", "chain.yaml", "--offline"], {
      onStderr: (text, stop) => {
        if (text.startsWith("Running")) stop("SIGTERM");
      },
    });
    expect(code).toBe(143);
  });
});
