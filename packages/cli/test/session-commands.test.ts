import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Ended, Workplace, type World } from "./support/test-io.js";
import { chainYaml, questionsYaml, reviewYaml, scriptYaml } from "./support/workflows.js";

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("chain.yaml", chainYaml);
  place.write("review.yaml", reviewYaml);
  place.write("questions.yaml", questionsYaml);
  place.write("script.yaml", scriptYaml);
});
afterEach(() => {
  vi.useRealTimers();
  place.remove();
});

const run = (file: string): Promise<Ended> => place.strands(["run", file, "--script", "script.yaml"]);
const sessions = (...argv: readonly string[]): Promise<Ended> => place.strands(["sessions", ...argv]);
const json = async (...argv: readonly string[]) => JSON.parse((await sessions(...argv, "--json")).stdout);

/** A session that waits for an answer. */
async function paused(): Promise<string> {
  await run("review.yaml");
  return place.onlySession();
}

describe("sessions approve, reject and modify", () => {
  it("records an answer, which another command goes on with", async () => {
    const id = await paused();
    const { code, stdout, stderr } = await sessions("approve", id.slice(0, 6));
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toBe(`✓ steps/1 answered: approved\nResume with: strands run --resume ${id}\n`);
    expect((await sessions("list")).stdout).toContain("paused, answered");
    const resumed = await place.strands(["run", "--resume", id]);
    expect([resumed.code, resumed.stdout]).toEqual([0, "A last answer\n"]);
  });

  it("takes the same answer twice as one, and says who was first with another: exit 17", async () => {
    const id = await paused();
    expect(await json("approve", id, "good", "--by", "ann")).toMatchObject({
      status: "recorded",
      sessionId: id,
      answer: { response: "good", by: "ann" },
    });
    const again = await sessions("approve", id, "good");
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringMatching(/answered by ann at .*: good\. Nothing was added/s),
    ]);
    const late = await sessions("reject", id, "no");
    expect([late.code, late.stderr]).toEqual([17, expect.stringContaining("That answer stands.")]);
    const document = await sessions("approve", id, "--json");
    expect([document.code, JSON.parse(document.stdout)]).toEqual([
      17,
      expect.objectContaining({ status: "lost", answer: expect.objectContaining({ response: "good" }) }),
    ]);
  });

  it("rejects with a reason, and sends back with feedback", async () => {
    const id = await paused();
    expect((await sessions("modify", id, "shorter")).stderr).toContain("shorter");
    expect((await place.strands(["run", "-r", id])).code).toBe(19);
    expect((await sessions("reject", id, "too late")).code).toBe(0);
    expect((await place.strands(["run", "-r", id])).code).toBe(10);
    expect((await json("show", id)).status).toBe("cancelled");
  });

  it("asks which question is meant when several are open: exit 2", async () => {
    await place.strands(["run", "questions.yaml", "--offline"]);
    const id = await place.onlySession();
    const { code, stderr } = await sessions("approve", id);
    expect(code).toBe(2);
    const [, interrupt = ""] = /`--interrupt (\S+)`/.exec(stderr) ?? [];
    expect((await sessions("approve", id, "--interrupt", interrupt)).code).toBe(0);
    expect((await sessions("approve", id, "--interrupt", "other")).stderr).toContain("has no question `other`");
    expect((await sessions("approve", "none")).code).toBe(2);
  });
});

describe("sessions steps and events", () => {
  it("tell what happened", async () => {
    const id = await paused();
    const steps = await sessions("steps", id);
    expect(steps.stdout).toMatch(
      /^✓ steps\/0 author {2}.*token.*\n {2}asked: Write\.\n {2}answered: A first answer\n$/,
    );
    expect(await json("steps", id)).toMatchObject({ steps: [{ stepKey: "steps/0", response: "A first answer" }] });
    const events = await json("events", id);
    expect(events.events.map(({ event }: { event: { type: string } }) => event.type)).toEqual([
      "workflow_start",
      "step_complete",
      "interrupt_pending",
      "workflow_paused",
    ]);
    const { stdout } = await sessions("events", id, "--from-seq", "3");
    expect(stdout).toMatch(
      /^ {4}3 {2}\S+ {2}interrupt_pending {2}steps\/1: Is \[this\] fine\? <\/b>\n {4}4 .*workflow_paused\n$/,
    );
    expect((await sessions("events", id, "--from-seq", "0")).code).toBe(2);
    expect((await sessions("events", id, "--from-seq", "99")).stderr).toContain("Nothing has happened there");
  });
});

describe("sessions cancel", () => {
  it("cancels for good until it is resumed by its id", async () => {
    const id = await paused();
    expect((await sessions("cancel", id, "not needed")).code).toBe(0);
    expect(await json("show", id)).toMatchObject({ status: "cancelled" });
    const auto = await place.strands(["run", "review.yaml", "--script", "script.yaml", "--auto-resume"]);
    expect(auto.stderr).toContain("It was cancelled: it stays as it is.");
    expect(await json("list")).toMatchObject({ sessions: [{ status: "paused" }, { status: "cancelled" }] });
    const resumed = await place.strands(["run", "-r", id, "--hitl-response", "yes"]);
    expect(resumed.code).toBe(0);
    const { code, stderr } = await sessions("cancel", id);
    expect([code, stderr]).toEqual([17, expect.stringContaining("there is nothing to cancel")]);
  });
});

describe("sessions fork", () => {
  it("goes on differently from an entry on", async () => {
    const id = await paused();
    await place.strands(["run", "-r", id, "--hitl-response", "yes"]);
    const { code, stdout, stderr } = await sessions("fork", id.slice(0, 8), "--at-seq", "3");
    const fork = stdout.trim();
    expect([code, fork]).toEqual([0, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(stderr).toContain(`Resume with: strands run --resume ${fork}`);
    expect(await json("show", fork)).toMatchObject({ status: "paused", labels: { forkedFrom: `${id}/3` } });
    expect((await place.strands(["run", "-r", fork, "--hitl-response", "no", "--force"])).code).toBe(0);
    expect((await sessions("fork", id)).code).toBe(17);
    expect((await sessions("fork", id, "--at-seq", "x")).code).toBe(2);
  });
});

describe("sessions export and import", () => {
  it("carries a session to another storage", async () => {
    const id = await paused();
    expect((await sessions("export", id, "--out", "session.json")).stderr).toContain(place.path("session.json"));
    expect(statSync(place.path("session.json")).mode & 0o777).toBe(0o600);
    expect((await sessions("export", id, "--out", "session.json")).code).toBe(2);
    expect((await sessions("export", id, "--out", "session.json", "--force")).code).toBe(0);
    expect((await sessions("import", "session.json")).code).toBe(17);
    const there = ["--storage", "file:elsewhere"];
    expect((await sessions("import", "session.json", ...there)).stderr).toContain(`Imported session ${id}`);
    expect(existsSync(place.path("elsewhere"))).toBe(true);
    const resumed = await place.strands(["run", "-r", id, "--hitl-response", "yes", ...there]);
    expect([resumed.code, resumed.stdout]).toEqual([0, "A last answer\n"]);
    expect((await json("show", id)).status).toBe("paused");
  });

  it("writes what import takes on stdout, without the values of secrets", async () => {
    const secret = "a-value-nobody-may-see";
    place.write("script.yaml", `steps/0: It is ${secret}\n`);
    place.write("review.yaml", `${reviewYaml}env:\n  secrets:\n    - { source: env, key: MY_KEY }\n`);
    const world: World = { env: { MY_KEY: secret } };
    await place.strands(["run", "review.yaml", "--script", "script.yaml"], world);
    const id = await place.onlySession();
    const { stdout } = await place.strands(["sessions", "export", id], world);
    expect(stdout).not.toContain(secret);
    place.write("out.json", stdout);
    expect((await sessions("import", "out.json", "--session-dir", "b")).code).toBe(0);
  });

  it("refuses a damaged file, with the place: exit 17", async () => {
    const id = await paused();
    await sessions("export", id, "--out", "session.json");
    const text = readFileSync(place.path("session.json"), "utf8");
    writeFileSync(place.path("session.json"), text.replace('"seq": 2', '"seq": 7').replace('"seq":2', '"seq":7'));
    const { code, stderr } = await sessions("import", "session.json", "--session-dir", "b");
    expect([code, stderr]).toEqual([17, expect.stringContaining("`/entries/1/seq`")]);
    expect((await sessions("import", "none.json")).code).toBe(2);
  });
});

describe("sessions cleanup", () => {
  it("deletes old ones after asking, and keeps the completed", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const id = await paused();
    await run("chain.yaml");
    expect((await sessions("cleanup", "--force")).stderr).toContain("There is nothing to clean up.");
    vi.setSystemTime(Date.now() + 8 * 86_400_000);
    expect(await json("cleanup", "--dry-run")).toEqual({ dryRun: true, deleted: [id], failed: [] });
    expect((await sessions("cleanup")).code).toBe(2);
    const kept = await place.strands(["sessions", "cleanup"], { typed: ["n"] });
    expect([kept.code, kept.stderr]).toEqual([0, "Nothing was deleted.\n"]);
    const { code, stdout, stderr } = await place.strands(["sessions", "cleanup"], { typed: ["y"] });
    expect([code, stdout]).toEqual([0, expect.stringContaining(id)]);
    expect(stderr).toContain("Deleted 1 session.");
    expect((await json("list")).sessions).toMatchObject([{ status: "completed" }]);
    expect((await json("cleanup", "--no-keep-completed", "--force")).deleted).toHaveLength(1);
    expect((await sessions("cleanup", "--max-age-days", "x")).code).toBe(2);
  });
});

describe("sessions list", () => {
  it("filters by workflow, pattern and time, page by page", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    await run("review.yaml");
    vi.setSystemTime(Date.now() + 3_600_000);
    await run("chain.yaml");
    await place.strands(["run", "questions.yaml", "--offline"]);
    const names = async (...argv: readonly string[]) =>
      (await json("list", ...argv)).sessions.map(({ workflowName }: { workflowName: string }) => workflowName);
    expect(await names("--workflow", "review")).toEqual(["review"]);
    expect((await names("--pattern", "chain")).sort()).toEqual(["review", "two-steps"]);
    expect(await names("--pattern", "chain", "--since", "30m")).toEqual(["two-steps"]);
    expect(await names("--since", "2h")).toHaveLength(3);
    expect(await names("--since", "2000-01-01")).toHaveLength(3);
    const { next } = await json("list", "--pattern", "chain", "--limit", "1");
    expect(await names("--pattern", "chain", "--cursor", next)).toEqual(["review"]);
    expect((await sessions("list", "--workflow", "other")).stderr).toBe("No sessions are like that.\n");
    for (const mistake of [
      ["--pattern", "chian"],
      ["--since", "yesterday"],
      ["--cursor", "x"],
    ]) {
      expect((await sessions("list", ...mistake)).code).toBe(2);
    }
  });
});
