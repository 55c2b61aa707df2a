import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Workplace } from "./support/test-io.js";
import { chainYaml, questionsYaml, reviewYaml, scriptYaml } from "./support/workflows.js";

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("chain.yaml", chainYaml);
  place.write("review.yaml", reviewYaml);
  place.write("script.yaml", scriptYaml);
});
afterEach(() => place.remove());

const run = async (file: string) => place.strands(["run", file, "--script", "script.yaml"]);

describe("strands sessions list", () => {
  it("is friendly when there are none", async () => {
    expect(await place.strands(["sessions", "list"])).toEqual({ code: 0, stdout: "", stderr: "No sessions yet.\n" });
  });

  it("lists them with whole ids, and filters", async () => {
    await run("chain.yaml");
    await run("review.yaml");
    const { stdout } = await place.strands(["sessions", "list"]);
    expect(stdout).toMatch(/^Session ID\s+Workflow\s+Pattern\s+Status\s+Updated\n/);
    expect(stdout).toMatch(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} {2}two-steps {2}chain {4}completed {2}\d{4}-/);
    const paused = await place.strands(["sessions", "list", "--status", "PAUSED"]);
    expect(paused.stdout).toContain("review");
    expect(paused.stdout).not.toContain("two-steps");
    expect((await place.strands(["sessions", "list", "--status", "failed"])).stderr).toBe("No sessions are failed.\n");
    const first = await place.strands(["sessions", "list", "--limit", "1"]);
    expect(first.stdout.trim().split("\n")).toHaveLength(2);
    expect(first.stderr).toContain("`--limit` shows more");
  });

  it("refuses a directory that is a file: exit 17", async () => {
    const { code, stderr } = await place.strands(["sessions", "list", "--session-dir", place.path("script.yaml")]);
    expect([code, stderr]).toEqual([17, expect.stringContaining("script.yaml` is not a directory")]);
  });

  it.each(["120", "80", "60", "40"])("fits a terminal of %s columns", async (columns) => {
    place.write("chain.yaml", chainYaml.replace("name: two-steps", "name: a-workflow-with-a-rather-long-name"));
    await run("chain.yaml");
    const { stdout } = await place.strands(["sessions", "list"], { stdoutTTY: true, columns: Number(columns) });
    const widest = Math.max(...stdout.split("\n").map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(Number(columns));
  });

  it("refuses filters that cannot be: exit 2", async () => {
    expect((await place.strands(["sessions", "list", "--status", "sleeping"])).code).toBe(2);
    expect((await place.strands(["sessions", "list", "--limit", "0"])).code).toBe(2);
  });
});

describe("strands sessions show", () => {
  it("tells the story of a session and what to do next", async () => {
    await run("review.yaml");
    const id = await place.onlySession();
    await place.strands(["run", "-r", id, "--hitl-response", "fine"]);
    const { code, stdout } = await place.strands(["sessions", "show", id.slice(0, 6)]);
    expect(code).toBe(0);
    const story = stdout
      .split("\n")
      .slice(stdout.split("\n").indexOf("Timeline") + 1)
      .map((line) => line.replace(/^ {2}\S+Z {2}/, "").replace(/\d+ tokens/, "N tokens"));
    expect(story).toEqual([
      "run started",
      "✓ steps/0 author  N tokens",
      "      A first answer",
      "? steps/1 asks: Is [this] fine? </b>",
      "run paused",
      "✓ steps/1 answered by ada: fine",
      "run started",
      "✓ steps/2 author  N tokens",
      "      A last answer",
      "✓ wrote final.md",
      "run completed",
      "",
      "It is complete; there is nothing to resume.",
      "",
    ]);
    expect(stdout).toContain(`  Artifacts:\n    ${place.path("artifacts", "final.md")}\n`);
    expect(stdout).toContain(`  Output: ${place.path("artifacts")}\n  Script: ${place.path("script.yaml")}\n`);
    expect(stdout).toContain("everything it says is simulated");
  });

  it("offers no resume where that would fail in the same way", async () => {
    place.write("chain.yaml", chainYaml.replace("{{ last_response }}", "{{ nowhere }}"));
    expect((await run("chain.yaml")).code).toBe(12);
    const { stdout } = await place.strands(["sessions", "show", await place.onlySession()]);
    expect(stdout).toContain("Start a new run once that is mended.");
    expect(stdout).not.toContain("--resume");
  });

  it("offers to resume once a symbolic link is out of the way", async () => {
    mkdirSync(place.path("artifacts"));
    symlinkSync(place.path("elsewhere.md"), place.path("artifacts", "report.md"));
    const { code, stderr } = await run("chain.yaml");
    const id = await place.onlySession();
    expect([code, stderr]).toEqual([12, expect.stringContaining(`Resume with: strands run --resume ${id}`)]);
    expect(stderr).not.toContain("Start a new run");
    expect((await place.strands(["sessions", "show", id])).stdout).toContain(`strands run --resume ${id}`);
    rmSync(place.path("artifacts", "report.md"));
    expect((await place.strands(["run", "--resume", id])).code).toBe(0);
  });

  it("shows the question and the command of a paused one", async () => {
    await run("review.yaml");
    const id = await place.onlySession();
    const { stdout } = await place.strands(["sessions", "show", id]);
    expect(stdout).toMatch(new RegExp(`strands run --resume ${id} --interrupt \\S+ --hitl-response 'your response'`));
  });

  it("gives the last answer of a completed one with --json", async () => {
    const { stdout: answer } = await run("chain.yaml");
    const { stdout } = await place.strands(["sessions", "show", await place.onlySession(), "--json"]);
    expect(JSON.parse(stdout).lastResponse.trim()).toBe(answer.trim());
  });

  it("gives everything with --json", async () => {
    await run("review.yaml");
    const id = await place.onlySession();
    const { stdout } = await place.strands(["sessions", "show", id, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      id,
      status: "paused",
      workflowName: "review",
      labels: { offline: "true", outDir: place.path("artifacts"), script: place.path("script.yaml") },
      interrupts: [{ interrupt: { prompt: "Is [this] fine? </b>" } }],
      timeline: [
        { type: "run" },
        { type: "step", stepKey: "steps/0" },
        { type: "interrupt" },
        { type: "run", status: "paused" },
      ],
    });
  });

  it("reports damage instead of hiding it: exit 17", async () => {
    await run("chain.yaml");
    const id = await place.onlySession();
    const folder = place.path("sessions", id);
    const journal = readdirSync(folder).find((name) => name.startsWith("journal-")) ?? "";
    const lines = readFileSync(`${folder}/${journal}`, "utf8");
    writeFileSync(`${folder}/${journal}`, lines.replace("A first answer", "A forst answer"));
    const { code, stderr } = await place.strands(["sessions", "show", id]);
    expect([code, stderr]).toEqual([17, expect.stringContaining("is damaged")]);
    expect((await place.strands(["run", "-r", id])).code).toBe(17);
  });

  it("mentions a torn tail", async () => {
    await run("review.yaml");
    const id = await place.onlySession();
    const folder = place.path("sessions", id);
    const journal = readdirSync(folder).find((name) => name.startsWith("journal-")) ?? "";
    appendFileSync(`${folder}/${journal}`, '{"v":1,"seq":');
    expect((await place.strands(["sessions", "show", id])).code).toBe(0);
    expect((await place.strands(["run", "-r", id, "--hitl-response", "x"])).code).toBe(0);
  });
});

describe("strands sessions expire", () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  const begin = async (): Promise<string> => {
    place.write("questions.yaml", questionsYaml);
    const { stdout } = await place.strands(["run", "questions.yaml", "--offline", "--json"]);
    return (JSON.parse(stdout) as { readonly sessionId: string }).sessionId;
  };
  /** Moves the clock of the process; timers stay as they are. */
  const pass = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000);

  it("says so when no time is up, and changes nothing", async () => {
    const id = await begin();
    pass(3590);
    expect(await place.strands(["sessions", "expire"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "No question's time is up.\n",
    });
    const { stdout } = await place.strands(["sessions", "show", id, "--json"]);
    expect(JSON.parse(stdout).interrupts).toHaveLength(2);
    expect(stdout).not.toContain('"timeout"');
  });

  it("records what is due in all paused sessions, and says how to go on", async () => {
    const ids = [await begin(), await begin()];
    await run("review.yaml");
    pass(3600);
    const { code, stderr } = await place.strands(["sessions", "expire"]);
    expect(code).toBe(0);
    expect(stderr.match(/✓ branches\/right\/0: time was up at .*Z, `skip` was taken\n/g)).toHaveLength(2);
    for (const id of ids) expect(stderr).toContain(`Resume with: strands run --resume ${id}\n`);
    expect((await place.strands(["sessions", "expire"])).stderr).toBe("No question's time is up.\n");
    const [id = ""] = ids;
    expect((await place.strands(["sessions", "show", id])).stdout).toContain("answered by the time-out: skip");
    const resumed = await place.strands(["run", "-r", id]);
    expect(resumed.code).toBe(19);
    expect(resumed.stderr).toContain("Is left fine?");
  });

  it("leaves a session that shows as answered when nothing is open in it any more", async () => {
    place.write("one.yaml", questionsYaml.replace(/ {10}- type: hitl\n {12}prompt: Is left fine\?\n.*\n/, ""));
    await place.strands(["run", "one.yaml", "--offline"]);
    const id = await place.onlySession();
    const statuses = async (...more: readonly string[]): Promise<string> =>
      (await place.strands(["sessions", "list", ...more])).stdout;
    expect(await statuses()).toMatch(/ {2}paused {2}/);
    pass(3600);
    await place.strands(["sessions", "expire"]);
    expect(await statuses()).toContain("  paused, answered  ");
    expect(await statuses("--status", "paused")).toContain("  paused, answered  ");
    const listed = JSON.parse(await statuses("--json")) as { readonly sessions: readonly object[] };
    expect(listed.sessions).toMatchObject([{ status: "paused", pending: [] }]);
    const { stdout } = await place.strands(["sessions", "show", id]);
    expect(stdout).toContain("  Status: paused, answered\n");
    expect(stdout).toContain(`Go on with: strands run --resume ${id}`);
    const { stderr } = await place.strands(["run", "one.yaml", "--offline", "--auto-resume"]);
    expect(stderr).toContain("(paused, answered, ");
  });

  it("takes only the sessions that are named, and gives JSON", async () => {
    const [one, two] = [await begin(), await begin()];
    pass(3600);
    const { code, stdout } = await place.strands(["sessions", "expire", two.slice(0, 8), "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      expired: [
        {
          sessionId: two,
          answers: [
            {
              interruptId: expect.any(String),
              stepKey: "branches/right/0",
              expiresAt: expect.any(Number),
              response: "skip",
            },
          ],
          resume: `strands run --resume ${two}`,
        },
      ],
      failed: [],
    });
    expect((await place.strands(["sessions", "show", one])).stdout).not.toContain("the time-out");
    expect((await place.strands(["sessions", "expire", "nowhere"])).code).toBe(2);
  });

  it("goes on past a damaged session: exit 17", async () => {
    const [broken, sound] = [await begin(), await begin()];
    const folder = place.path("sessions", broken);
    const journal = readdirSync(folder).find((name) => name.startsWith("journal-")) ?? "";
    writeFileSync(join(folder, journal), readFileSync(join(folder, journal), "utf8").replace("Is left", "Is loft"));
    pass(3600);
    const { code, stdout } = await place.strands(["sessions", "expire", broken, sound, "--json"]);
    expect(code).toBe(17);
    expect(JSON.parse(stdout)).toMatchObject({
      expired: [{ sessionId: sound }],
      failed: [{ sessionId: broken, error: { code: "SESSION_CORRUPT" } }],
    });
  });
});

describe("strands sessions delete", () => {
  it("asks first", async () => {
    await run("chain.yaml");
    const id = await place.onlySession();
    const no = await place.strands(["sessions", "delete", id], { typed: ["n"] });
    expect(no).toMatchObject({ code: 0, stderr: "Nothing was deleted.\n" });
    expect((await place.strands(["sessions", "delete", id])).code).toBe(2);
    const yes = await place.strands(["sessions", "delete", id.slice(0, 8)], { typed: ["yes"] });
    expect(yes).toMatchObject({ code: 0, stderr: `Deleted session ${id}.\n` });
    expect((await place.strands(["sessions", "list"])).stdout).toBe("");
  });

  it("does not ask with --force", async () => {
    await run("chain.yaml");
    const id = await place.onlySession();
    expect((await place.strands(["sessions", "delete", id, "--force", "--json"])).stdout).toBe(
      `{\n  "deleted": "${id}"\n}\n`,
    );
  });
});

describe("a session without its record", () => {
  it("is named with what to do", async () => {
    await run("chain.yaml");
    const id = await place.onlySession();
    const folder = place.path("sessions", id);
    rmSync(join(folder, "record.json"));
    const { code, stderr } = await place.strands(["sessions", "delete", id, "--force"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("holds no record.json")]);
    expect(stderr.replace(/\s+/g, " ")).toContain(`remove \`${folder}\` if you do not need it`);
  });
});

describe("an id that nobody knows", () => {
  it("may be too short", async () => {
    await run("chain.yaml");
    const { code, stderr } = await place.strands(["sessions", "show", (await place.onlySession()).slice(0, 3)]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("at least four characters")]);
  });

  it.each(["show", "delete"])("exits 2 for sessions %s", async (command) => {
    for (const id of ["no-such-id", "../..", "abc", "\u001b[31m"]) {
      const { code, stderr } = await place.strands(["sessions", command, id]);
      expect(code).toBe(2);
      expect(stderr).toContain("There is no session");
      expect(stderr).not.toContain("\u001b");
    }
  });
});
