import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Workplace } from "./support/test-io.js";
import { reviewYaml, scriptYaml } from "./support/workflows.js";

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("review.yaml", reviewYaml);
  place.write("script.yaml", scriptYaml);
});
afterEach(() => place.remove());

const begin = ["run", "review.yaml", "--script", "script.yaml"];

describe("--storage", () => {
  it("is where sessions are, for every command, and printed commands name it", async () => {
    const there = ["--storage", "file:my store"];
    const { code, stderr } = await place.strands([...begin, ...there]);
    expect(code).toBe(19);
    expect(stderr).toContain(`--storage 'file:${place.path("my store")}'`);
    expect((await place.strands(["sessions", "list"])).stderr).toBe("No sessions yet.\n");
    const { stdout } = await place.strands(["sessions", "list", "--json", ...there]);
    const [{ id }] = JSON.parse(stdout).sessions;
    expect((await place.strands(["sessions", "approve", id, ...there])).code).toBe(0);
    expect((await place.strands(["run", "-r", id, ...there])).code).toBe(0);
  });

  it("can come from the environment; the option wins", async () => {
    const world = { env: { STRANDS_STORAGE: "file:one", STRANDS_SESSION_DIR: "" } };
    const { stderr } = await place.strands(begin, world);
    expect(existsSync(place.path("one"))).toBe(true);
    expect(stderr).not.toContain("--storage");
    expect((await place.strands(["sessions", "list", "--session-dir", "two"], world)).stderr).toBe(
      "No sessions yet.\n",
    );
  });

  it("may be a database", async () => {
    const there = ["--storage", "sqlite:sessions.db"];
    expect((await place.strands([...begin, ...there])).code).toBe(19);
    const { stdout } = await place.strands(["sessions", "list", "--json", ...there]);
    const [{ id }] = JSON.parse(stdout).sessions;
    expect((await place.strands(["sessions", "approve", id.slice(0, 8), ...there])).code).toBe(0);
    const auto = await place.strands([...begin, "--auto-resume", ...there]);
    expect([auto.code, auto.stdout]).toEqual([0, "A last answer\n"]);
    const fork = (await place.strands(["sessions", "fork", id, "--at-seq", "3", ...there])).stdout.trim();
    expect((await place.strands(["run", "-r", fork, "--hitl-response", "x", "--force", ...there])).code).toBe(0);
    expect((await place.strands(["doctor", ...there])).stdout).toContain(
      `session storage: sqlite:${place.path("sessions.db")}`,
    );
    expect(existsSync(place.path("sessions"))).toBe(false);
  });

  it.each([
    ["two places", ["--storage", "file:a", "--session-dir", "b"], {}, "Both a storage and a session directory"],
    ["two variables", [], { STRANDS_STORAGE: "file:a" }, "Both `STRANDS_STORAGE` and `STRANDS_SESSION_DIR`"],
    ["an empty address", ["--storage", " "], {}, "`--storage` needs an address"],
    ["an unknown kind", ["--storage", "redis://me:hunter2@host"], {}, "unknown kind of storage, `redis`"],
    ["a bad server", ["--storage", "postgres://me:hunter2/x@host/db"], {}, "not a usable address"],
  ])("refuses %s before anything runs: exit 2", async (_, argv, env, message) => {
    for (const command of [begin, ["sessions", "list"], ["sessions", "show", "abcd"], ["sessions", "cleanup"]]) {
      for (const manner of [[], ["--json"]]) {
        const { code, stdout, stderr } = await place.strands([...command, ...argv, ...manner], { env });
        expect(code).toBe(2);
        expect(stdout + stderr).toContain(message);
        expect(stdout + stderr).not.toContain("hunter2");
      }
    }
    expect(existsSync(place.path("sessions"))).toBe(false);
  });

  it("that cannot be reached is an error at once, without its password", async () => {
    const there = ["--storage", "postgres://me:hunter2hunter2@127.0.0.1:1/db"];
    for (const command of [begin, ["sessions", "list"]]) {
      const { code, stdout, stderr } = await place.strands([...command, ...there]);
      expect([code, stdout]).toEqual([17, ""]);
      expect(stderr).not.toContain("hunter2");
      expect(stderr).not.toContain("A first answer");
    }
    expect(existsSync(place.path("sessions"))).toBe(false);
  });

  it("has its password shown nowhere, whatever else holds the same word", async () => {
    const there = ["--storage", "postgres://me:hunter2hunter2@127.0.0.1:1/db"];
    const { code, stderr } = await place.strands(["run", "hunter2hunter2.yaml", ...there]);
    expect([code, stderr]).toEqual([3, expect.stringContaining("[secret].yaml")]);
    expect(stderr).not.toContain("hunter2");
  });

  it("never falls back to another when it cannot be used", async () => {
    place.write("blocked", "");
    const { code, stderr } = await place.strands([...begin, "--storage", "file:blocked/x"]);
    expect(code).toBe(17);
    expect(stderr).not.toContain("A first answer");
    expect(existsSync(place.path("sessions"))).toBe(false);
  });
});

describe("a workflow file that has changed", () => {
  const changed = reviewYaml
    .replace("You write.", "You write well.")
    .replace("  - agent: author\n        input: Write.", "  - agent: author\n        input: Write!");

  it("is reported with what differs, and the session goes on with its own", async () => {
    await place.strands(begin);
    const id = await place.onlySession();
    expect((await place.strands(["sessions", "show", id])).stdout).not.toContain("has changed");
    place.write("review.yaml", changed);
    const { stdout } = await place.strands(["sessions", "show", id]);
    expect(stdout).toContain("review.yaml has changed since the session began");
    expect(stdout).toContain("~ /agents/author/prompt: You write. -> You write well.");
    const shown = JSON.parse((await place.strands(["sessions", "show", id, "--json"])).stdout);
    expect(shown.file.changes).toContainEqual({
      pointer: "/pattern/config/steps/0/input",
      change: "changed",
      before: "Write.",
      after: "Write!",
    });
    place.write("other.yaml", `${reviewYaml}inputs:\n  optional:\n    more: string\n`);
    const resumed = await place.strands(["run", "other.yaml", "--resume", id, "--hitl-response", "yes"]);
    expect([resumed.code, resumed.stdout]).toEqual([0, "A last answer\n"]);
    expect(resumed.stderr).toContain("other.yaml has changed since the session began");
    expect(resumed.stderr).toContain("  + /inputs: ");
  });

  it("is said to be gone or broken, and refused when it was named", async () => {
    await place.strands(begin);
    const id = await place.onlySession();
    place.write("review.yaml", "a: [");
    expect((await place.strands(["sessions", "show", id])).stdout).toContain("cannot be run as it is now");
    expect((await place.strands(["run", "review.yaml", "-r", id, "--hitl-response", "x"])).code).toBe(3);
    expect((await place.strands(["run", "none.yaml", "-r", id, "--hitl-response", "x"])).code).toBe(3);
    const { code, stderr } = await place.strands(["run", "-r", id, "--hitl-response", "x"]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("cannot be run as it is now")]);
  });
});
