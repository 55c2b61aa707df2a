import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Workplace, type World } from "./support/test-io.js";
import { reviewYaml } from "./support/workflows.js";

const attack =
  "a\u001b]0;pwned\u0007b\u001b[2Jc\u009b31md\r\ne\rf\u202eg\u200bh\u0000i\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\";
const harmless = "abcd\ne\nfghilink";

/** What may never reach a terminal, whatever it was asked to show. */
const dangerous =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** As a double-quoted scalar of pure ASCII: the loader refuses these characters unescaped. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("script.json", JSON.stringify({ "steps/0": attack, "steps/2": attack }));
  const yaml = reviewYaml
    .replace("name: review", `name: ${quoted(`n${attack}`)}`)
    .replace('"Is [this] fine? </b>"', quoted(attack));
  place.write("review.yaml", yaml);
});
afterEach(() => place.remove());

describe.each<[string, World]>([
  ["a terminal", { stdoutTTY: true, stderrTTY: true }],
  ["a pipe", {}],
])("hostile text on %s", (_, world) => {
  it("is printed as text, everywhere", async () => {
    const shown: string[] = [];
    const strands = async (...argv: readonly string[]) => {
      const ended = await place.strands(argv, world);
      shown.push(ended.stdout, ended.stderr);
      return ended;
    };
    const paused = await strands("run", "review.yaml", "--script", "script.json", "-v", "--var", `x=${attack}`);
    expect(paused).toMatchObject({ code: 19 });
    expect(paused.stderr).toContain("fghilink");
    const id = await place.onlySession();
    await strands("sessions", "list");
    await strands("sessions", "show", id, "-v");
    await strands("run", "-r", id, "--interrupt", attack, "--hitl-response", "x");
    const done = await strands("run", "-r", id, "--hitl-response", attack, "-v");
    expect(done.code).toBe(0);
    expect(`${done.stdout}${done.stderr}`).toContain(harmless);
    await strands("sessions", "show", id);
    await strands("sessions", "show", attack);
    await strands("run", attack);
    await strands("run", `--${attack}`);
    await strands(attack);
    await strands("run", "review.yaml", "--var", attack);
    await strands("run", "review.yaml", "--script", attack);
    await strands("validate", `${attack}.yaml`);
    await strands("sessions", "show", id, "--json");
    await strands("run", "review.yaml", "--script", "script.json", "--json");
    for (const text of shown) expect(text).not.toMatch(dangerous);
  });
});

describe("--json", () => {
  it("loses nothing of it", async () => {
    const id = JSON.parse(
      (await place.strands(["run", "review.yaml", "--script", "script.json", "--json"])).stdout,
    ) as { sessionId: string };
    const { stdout } = await place.strands(["run", "-r", id.sessionId, "--hitl-response", "x", "--json"]);
    expect((JSON.parse(stdout) as { lastResponse: string }).lastResponse).toBe(attack);
  });
});

describe("declared secrets in errors", () => {
  it("are hidden too, in text, in JSON and in stack traces", async () => {
    const secret = "hunter22-hunter22";
    place.write(
      "secret.yaml",
      reviewYaml.replace("agents:", "env:\n  secrets:\n    - { key: API_TOKEN, source: env }\nagents:"),
    );
    const world = { env: { API_TOKEN: secret } };
    for (const switches of [[], ["--debug"], ["--json"]]) {
      const argv = ["run", "secret.yaml", "--script", `${secret}.yaml`, ...switches];
      const { code, stdout, stderr } = await place.strands(argv, world);
      expect(code).toBe(2);
      expect(stdout + stderr).toContain("[secret].yaml");
      expect(stdout + stderr).not.toContain(secret);
    }
  });
});

describe("declared secrets", () => {
  it("are printed nowhere", async () => {
    const secret = "hunter22-hunter22";
    place.write(
      "secret.yaml",
      reviewYaml.replace("agents:", "env:\n  secrets:\n    - { key: API_TOKEN, source: env }\nagents:"),
    );
    place.write("leak.yaml", `steps/0: "I was told ${secret} today"\nsteps/2: "Again ${secret}"\n`);
    const world = { env: { API_TOKEN: secret }, stderrTTY: true };
    const shown: string[] = [];
    const strands = async (...argv: readonly string[]) => {
      const ended = await place.strands(argv, world);
      shown.push(ended.stdout, ended.stderr);
      return ended;
    };
    await strands("run", "secret.yaml", "--script", "leak.yaml", "-v", "--var", `x=${secret}`);
    const id = await place.onlySession();
    await strands("sessions", "show", id, "-v");
    await strands("sessions", "show", id, "--json");
    const { stdout } = await strands("run", "-r", id, "--hitl-response", `use ${secret}`);
    expect(stdout).toBe("Again [secret]\n");
    await strands("sessions", "list");
    for (const text of shown) expect(text).not.toContain(secret);
  });
});
