import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Child, type ChildEnd, launcher } from "./support/child.js";
import { Workplace } from "./support/test-io.js";
import { chainYaml, reviewYaml, scriptYaml } from "./support/workflows.js";

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("chain.yaml", chainYaml);
  place.write("review.yaml", reviewYaml);
  place.write("script.yaml", scriptYaml);
});
afterEach(() => place.remove());

const child = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Child =>
  new Child(args, { cwd: place.folder, env: { STRANDS_SESSION_DIR: place.path("sessions"), ...env } });

/** Starts a run that waits in its first step: each piece of its text takes an hour. */
const stuckRun = (): Child =>
  child(["run", "chain.yaml", "--script", "script.yaml"], { STRANDS_OFFLINE_LATENCY_MS: "3600000" });

/** Takes no byte: writing to it fails with ENOSPC. */
const full = "/dev/full";

describe.skipIf(!existsSync(full))("a full disk", () => {
  let disk: number;
  beforeEach(() => {
    disk = openSync(full, "w");
  });
  afterEach(() => closeSync(disk));

  const onto = async (target: { readonly stdout?: number; readonly stderr?: number }, ...args: readonly string[]) =>
    new Child(args, { cwd: place.folder, env: { STRANDS_SESSION_DIR: place.path("sessions") }, ...target }).ended;

  it("under stdout: the run ends, says where its answer is, exit 12", async () => {
    const { code, stderr } = await onto({ stdout: disk }, "run", "chain.yaml", "--offline");
    const id = await place.onlySession();
    expect(stderr).toContain("[OK] Workflow completed");
    expect(stderr).toMatch(/^the result could not be written \(ENOSPC\); strands sessions show \S+ --json has it\n$/m);
    expect(stderr).toContain(`strands sessions show ${id} --json has it`);
    expect(code).toBe(12);
  });

  it.each([[["version"]], [["--help"]], [["doctor", "--json"]]])(
    "under stdout of %j: one line, exit 12",
    async (args) => {
      const { code, stderr } = await onto({ stdout: disk }, ...args);
      expect([code, stderr]).toEqual([12, "the result could not be written (ENOSPC)\n"]);
    },
  );

  it("under stderr: the run goes on", async () => {
    const { code, stdout } = await onto({ stderr: disk }, "run", "chain.yaml", "--script", "script.yaml");
    expect([code, stdout]).toEqual([0, "A second answer\n"]);
  });
});

describe.skipIf(process.platform === "win32")("a session that can grow no more", () => {
  it("is named with the command that goes on with it: exit 17", async () => {
    place.write("long.yaml", `steps/0: "${"long ".repeat(20_000)}"\nsteps/1: The end\n`);
    const limited = ["-c", 'ulimit -f 8 && exec "$@"', "sh", process.execPath, launcher];
    const { status, stderr } = spawnSync("sh", [...limited, "run", "chain.yaml", "--script", "long.yaml"], {
      cwd: place.folder,
      env: { PATH: process.env["PATH"], NO_COLOR: "1", STRANDS_SESSION_DIR: place.path("sessions") },
      encoding: "utf8",
    });
    const id = await place.onlySession();
    expect(stderr).toContain("(EFBIG)");
    expect(stderr).toContain(`Session ID: ${id}\nResume with: strands run --resume ${id}\n`);
    expect(status).toBe(17);
    expect(await child(["run", "-r", id]).ended).toMatchObject({ code: 0, stdout: "The end\n" });
  });
});

describe("the process", () => {
  it.each<[number, readonly string[]]>([
    [0, ["--version"]],
    [0, ["run", "chain.yaml", "--offline"]],
    [2, ["run"]],
    [3, ["run", "none.yaml"]],
    [17, ["run", "-r", "none"]],
    [18, ["run", "chain.yaml"]],
    [19, ["run", "review.yaml"]],
  ])("exits %i", async (code, args) => {
    expect(await child(args).ended).toMatchObject({ code });
  });

  it("stops cleanly on the first Ctrl-C: exit 130, and the session can go on", async () => {
    const run = stuckRun();
    await run.untilStderr("Running workflow");
    run.process.kill("SIGINT");
    const { code, stderr } = await run.ended;
    expect(stderr).toContain("Stopped: Interrupted from the keyboard.");
    expect(code).toBe(130);
    const id = await place.onlySession();
    expect(await child(["run", "-r", id]).ended).toMatchObject({ code: 0, stdout: "A second answer\n" });
  });

  it("does the same when the system asks: exit 143", async () => {
    const run = stuckRun();
    await run.untilStderr("Running workflow");
    run.process.kill("SIGTERM");
    expect(await run.ended).toMatchObject({ code: 143, stderr: expect.stringContaining("Resume with:") });
  });

  it.skipIf(process.platform === "win32")("does the same when its terminal is closed: exit 129", async () => {
    const run = stuckRun();
    await run.untilStderr("Running workflow");
    run.process.kill("SIGHUP");
    expect(await run.ended).toMatchObject({ code: 129, stderr: expect.stringContaining("Resume with:") });
  });

  it("lives through kill -9: the session can go on at once", async () => {
    const run = stuckRun();
    await run.untilStderr("Running workflow");
    run.process.kill("SIGKILL");
    expect(await run.ended).toMatchObject({ code: null, signal: "SIGKILL" });
    const id = await place.onlySession();
    expect((await child(["sessions", "show", id]).ended).stdout).toContain("Status: running");
    expect(await child(["run", "-r", id]).ended).toMatchObject({ code: 0, stdout: "A second answer\n" });
  });

  it("does not run a session that another process is running: exit 17, and --auto-resume begins a new one", async () => {
    const run = stuckRun();
    await run.untilStderr("Running workflow");
    const id = await place.onlySession();
    const second = await child(["run", "-r", id]).ended;
    expect(second).toMatchObject({ code: 17, stderr: expect.stringContaining("is being run") });
    const other = await child(["run", "chain.yaml", "--script", "script.yaml", "--auto-resume"]).ended;
    expect(other).toMatchObject({ code: 0, stdout: "A second answer\n" });
    run.process.kill("SIGKILL");
    await run.ended;
  });

  it("keeps an answer for the session that somebody runs: exit 17, and an older question stays open", async () => {
    const asked = async (): Promise<string> => {
      const { stdout } = await child(["run", "review.yaml", "--script", "script.yaml", "--json"]).ended;
      return (JSON.parse(stdout) as { readonly sessionId: string }).sessionId;
    };
    const older = await asked();
    const newer = await asked();
    const run = child(["run", "-r", newer, "--hitl-response", "yes"], { STRANDS_OFFLINE_LATENCY_MS: "3600000" });
    await run.untilStderr("Resuming workflow");
    const argv = ["run", "review.yaml", "--script", "script.yaml", "--auto-resume", "--hitl-response", "yes"];
    expect(await child(argv).ended).toMatchObject({ code: 17, stderr: expect.stringContaining("is being run") });
    const { stdout } = await child(["sessions", "list", "--status", "paused", "--json"]).ended;
    expect(JSON.parse(stdout)).toMatchObject({ sessions: [{ id: older }] });
    run.process.kill("SIGKILL");
    await run.ended;
  });

  it("does not mind a reader that goes away", async () => {
    await child(["run", "chain.yaml", "--offline"]).ended;
    const list = child(["sessions", "list"]);
    list.process.stdout?.destroy();
    list.process.stderr?.destroy();
    expect(await list.ended).toMatchObject({ code: 0, signal: null });
    const run = child(["run", "chain.yaml", "--offline", "--force"]);
    run.process.stdout?.destroy();
    const { code, stderr }: ChildEnd = await run.ended;
    expect(stderr).toContain("[OK] Workflow completed");
    expect(code).toBe(0);
  });
});
