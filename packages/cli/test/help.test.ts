import { afterAll, describe, expect, it } from "vitest";
import { Workplace } from "./support/test-io.js";

const place = new Workplace();
afterAll(() => place.remove());

describe("help", () => {
  it.each([
    ["strands", ["--help"]],
    ["run", ["run", "--help"]],
    ["validate", ["validate", "--help"]],
    ["plan", ["plan", "--help"]],
    ["explain", ["explain", "--help"]],
    ["graph", ["graph", "--help"]],
    ["eject", ["eject", "--help"]],
    ["list-supported", ["list-supported", "--help"]],
    ["sessions", ["sessions", "--help"]],
    ["sessions-list", ["sessions", "list", "--help"]],
    ["sessions-show", ["sessions", "show", "-h"]],
    ["sessions-steps", ["sessions", "steps", "--help"]],
    ["sessions-events", ["sessions", "events", "--help"]],
    ["sessions-approve", ["sessions", "approve", "--help"]],
    ["sessions-reject", ["sessions", "reject", "--help"]],
    ["sessions-modify", ["sessions", "modify", "--help"]],
    ["sessions-cancel", ["sessions", "cancel", "--help"]],
    ["sessions-fork", ["sessions", "fork", "--help"]],
    ["sessions-export", ["sessions", "export", "--help"]],
    ["sessions-import", ["sessions", "import", "--help"]],
    ["sessions-cleanup", ["sessions", "cleanup", "--help"]],
    ["sessions-expire", ["sessions", "expire", "--help"]],
    ["sessions-delete", ["sessions", "delete", "--help"]],
    ["doctor", ["doctor", "--help"]],
    ["version", ["version", "--help"]],
  ])("of %s is as agreed", async (name, argv) => {
    const { code, stdout, stderr } = await place.strands(argv);
    expect([code, stderr]).toEqual([0, ""]);
    await expect(stdout).toMatchFileSnapshot(`golden/help-${name}.txt`);
  });

  it("is the same as a command", async () => {
    expect((await place.strands(["help", "run"])).stdout).toBe((await place.strands(["run", "--help"])).stdout);
    expect((await place.strands(["help"])).stdout).toBe((await place.strands(["--help"])).stdout);
  });

  it("goes to stderr when no command was named: exit 2", async () => {
    const { code, stdout, stderr } = await place.strands([]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: strands");
    expect((await place.strands(["sessions"])).code).toBe(2);
  });

  it("fits the terminal", async () => {
    const { stdout } = await place.strands(["run", "--help"], { stdoutTTY: true, columns: 90 });
    const options = stdout.slice(stdout.indexOf("Options:"), stdout.indexOf("Examples:")).split("\n");
    expect(Math.max(...options.map((line) => line.length))).toBeLessThanOrEqual(90);
  });
});

describe("mistakes", () => {
  it.each([
    [["rnu"], "Error: unknown command 'rnu'. Did you mean run?\nSee `strands --help`.\n"],
    [["sessions", "lst"], "Error: unknown command 'lst'. Did you mean list?\nSee `strands sessions --help`.\n"],
    [["run", "--offlien"], "Error: unknown option '--offlien'. Did you mean --offline?\nSee `strands run --help`.\n"],
    [["validate"], "Error: missing required argument 'file'\nSee `strands validate --help`.\n"],
    [["run", "--out"], "Error: option '--out <dir>' argument missing\nSee `strands run --help`.\n"],
  ])("%j is explained: exit 2", async (argv, message) => {
    expect(await place.strands(argv)).toEqual({ code: 2, stdout: "", stderr: message });
  });

  it("is JSON with --json", async () => {
    const { code, stdout, stderr } = await place.strands(["run", "--offlien", "--json"]);
    expect([code, stderr]).toEqual([2, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ status: "error", exitCode: 2, error: { code: "INPUT_INVALID" } });
  });
});

describe("version and doctor", () => {
  it("print the version", async () => {
    expect((await place.strands(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await place.strands(["version"])).stdout).toMatch(/^strands-cli version \d+\.\d+\.\d+\n$/);
    expect(JSON.parse((await place.strands(["version", "--json"])).stdout)).toMatchObject({ name: "strands-cli" });
  });

  it("finds a healthy machine healthy", async () => {
    const { code, stdout } = await place.strands(["doctor"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^✓ Node: .*\n✓ workflow schema: .* loads\n✓ session directory: .*\n✓ offline model: answers\n\nProviders\n/,
    );
  });

  it("says of every provider whether its package and its configuration are there, and no value", async () => {
    const key = "sk-value-of-the-key-1234567890";
    const env = { OPENAI_API_KEY: key };
    const { code, stdout, stderr } = await place.strands(["doctor"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ openai: openai \d+\.\d+\.\d+; OPENAI_API_KEY found; ready$/m);
    expect(stdout).toMatch(/^· anthropic: @anthropic-ai\/sdk \d+\.\d+\.\d+; .*ANTHROPIC_API_KEY/m);
    const json = await place.strands(["doctor", "--json"], { env });
    const { providers } = JSON.parse(json.stdout) as { providers: { name: string; ready: boolean; reachable: null }[] };
    expect(providers.map(({ name }) => name).sort()).toEqual(
      ["anthropic", "azure_openai", "bedrock", "gemini", "ollama", "openai"].sort(),
    );
    expect(providers.find(({ name }) => name === "gemini")).toMatchObject({ ready: false, reachable: null });
    expect(stdout + stderr + json.stdout + json.stderr).not.toContain(key);
  });

  it("finds what is wrong: exit 10", async () => {
    const blocked = place.write("file", "");
    const { code, stdout } = await place.strands(["doctor", "--session-dir", blocked, "--json"]);
    expect(code).toBe(10);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false });
  });
});
