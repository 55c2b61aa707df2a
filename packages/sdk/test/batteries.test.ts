import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  compileSpec,
  createClient,
  createMemoryRepository,
  InputError,
  loadScript,
  loadWorkflow,
  openSessions,
  parseScript,
  SpecError,
  secretValues,
  storageAddress,
  timelineOf,
} from "@strands/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const yaml = `version: 1
name: two
runtime: { provider: openai }
agents:
  a: { prompt: p }
pattern:
  type: chain
  config:
    steps:
      - { agent: a, input: "Say {{ count }}" }
      - { agent: a, input: again }
inputs:
  required:
    count: integer
  optional:
    colour: string
outputs:
  artifacts:
    - { path: out.md, from: "{{ last_response }}" }
`;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "strands-sdk-"));
  file = join(folder, "two.yaml");
  writeFileSync(file, yaml);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const location = () => ({ sessionDirectory: join(folder, "sessions"), env: {} });
const script = parseScript({ "steps/0": "One", "steps/1": "Two" }, "script");

describe("createClient", () => {
  it("keeps sessions and output files, and resumes in another client", async () => {
    const { program } = await loadWorkflow(file);
    let sessionId: string;
    {
      await using client = createClient({
        ...location(),
        script: parseScript({ "steps/0": "One", "steps/1": { error: "PROVIDER_AUTH" } }, "s"),
      });
      const result = await client.run(program, { variables: { count: 1 } });
      expect(result.status).toBe("failed");
      sessionId = result.sessionId;
    }
    await using client = createClient({ ...location(), script, outDir: join(folder, "out") });
    expect(await client.resume(sessionId).result).toMatchObject({ status: "completed", lastResponse: "Two" });
    expect(readFileSync(join(folder, "out", "out.md"), "utf8")).toBe("Two\n");
    await using sessions = openSessions(location());
    const view = await sessions.get(sessionId.slice(0, 6));
    expect(view.summary).toMatchObject({ id: sessionId, status: "completed" });
    expect(timelineOf(view.entries).map((item) => (item.type === "run" ? item.status : item.type))).toEqual([
      "started",
      "step",
      "failed",
      "started",
      "step",
      "artifact",
      "completed",
    ]);
    await sessions.delete(await sessions.resolveId(sessionId));
    expect((await sessions.list()).sessions).toEqual([]);
  });

  it("answers offline when asked to, by option, by environment or by the workflow itself", async () => {
    const { spec } = await loadWorkflow(file);
    const run = async (options: Parameters<typeof createClient>[0], provider = "openai") => {
      await using client = createClient({ env: {}, sessions: createMemoryRepository(), ...options });
      const result = await client.run(compileSpec({ ...spec, runtime: { provider } }), { variables: { count: 1 } });
      return result.status === "completed" ? result.lastResponse : result.status;
    };
    const own = async function* () {
      yield "own";
    };
    expect(await run({ offline: true })).toContain("[simulated]");
    expect(await run({ env: { STRANDS_OFFLINE: "1" } })).toBe(await run({ offline: true }));
    expect(await run({}, "offline")).toContain("[simulated]");
    const seeds = Array.from({ length: 10 }, (_, seed) => run({ offline: true, seed }));
    expect(new Set(await Promise.all(seeds)).size).toBeGreaterThan(1);
    expect(await run({ offline: true, model: own })).toContain("[simulated]");
    expect(await run({ env: { STRANDS_OFFLINE: "1" }, model: own })).toBe("own");
    await expect(run({})).rejects.toMatchObject({ code: "PROVIDER_NOT_CONFIGURED" });
    await expect(run({ offline: false, env: { STRANDS_OFFLINE: "1" } })).rejects.toMatchObject({
      code: "PROVIDER_NOT_CONFIGURED",
    });
  });

  it("refuses an environment it does not understand", () => {
    expect(() => createClient({ env: { STRANDS_OFFLINE: "perhaps" } })).toThrow(InputError);
  });

  it("finds the directory of sessions", () => {
    expect(storageAddress({ env: { STRANDS_SESSION_DIR: "/data/s" } })).toEqual({ type: "file", directory: "/data/s" });
    expect(storageAddress({ sessionDirectory: "/mine", env: { STRANDS_SESSION_DIR: "/data/s" } })).toMatchObject({
      directory: "/mine",
    });
  });
});

describe("loadWorkflow", () => {
  it("converts variables and says which are missing or unknown", async () => {
    const { variables } = await loadWorkflow("two.yaml", { cwd: folder });
    expect(variables({})).toEqual({ given: {}, missing: ["count"], undeclared: [] });
    expect(variables({ count: "3", other: "x" })).toEqual({
      given: { count: 3, other: "x" },
      missing: [],
      undeclared: ["other"],
    });
    expect(() => variables({ count: "many" })).toThrow(InputError);
  });

  it("gives the hash that sessions record", async () => {
    const { program, specHash } = await loadWorkflow(file);
    const sessions = createMemoryRepository();
    await using client = createClient({ env: {}, sessions, script });
    const { sessionId } = await client.run(program, { variables: { count: 1 } });
    expect((await sessions.load(sessionId)).record.specHash).toBe(specHash);
  });

  it("places the problems a compiler finds", async () => {
    writeFileSync(file, yaml.replace("{{ count }}", "{{ count"));
    const error: unknown = await loadWorkflow(file).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SpecError);
    expect((error as SpecError).issues).toMatchObject([{ file, line: 10, severity: "error" }]);
  });
});

describe("openSessions", () => {
  it("takes the beginning of an id only when it is clear", async () => {
    await using client = createClient({ ...location(), script });
    const { program } = await loadWorkflow(file);
    await client.run(program, { variables: { count: 1 }, sessionId: "abcd-1" });
    await client.run(program, { variables: { count: 1 }, sessionId: "abcd-2" });
    await using sessions = openSessions(location());
    await expect(sessions.get("abcd")).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
      message: "2 sessions begin with `abcd`",
    });
    await expect(sessions.get("abc")).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    expect((await sessions.get("abcd-2")).record.id).toBe("abcd-2");
  });
});

describe("loadScript", () => {
  it("reads YAML and JSON", async () => {
    writeFileSync(join(folder, "s.json"), '{"a": ["x", "y"]}');
    expect((await loadScript(join(folder, "s.json"))).answers.get("a")).toHaveLength(2);
  });

  it.each(["a: [", "a: 1", "- x", ""])("refuses %j and says where", async (text) => {
    const path = join(folder, "s.yaml");
    writeFileSync(path, text);
    const error: unknown = await loadScript(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toContain(path);
  });

  it.each([
    ["a: *x", ": Unresolved alias (the anchor must be set before the alias): x"],
    [
      `x: &x [${"y,".repeat(9)}]\na: [${"*x,".repeat(101)}]`,
      ": Excessive alias count indicates a resource exhaustion attack",
    ],
    ["a: 'b", ":1:6: Missing closing 'quote"],
    ["a: x\n---\nb: y", ":2:1: Source contains multiple documents"],
  ])("says what is wrong with %j, in one sentence", async (text, message) => {
    const path = join(folder, "s.yaml");
    writeFileSync(path, text);
    await expect(loadScript(path)).rejects.toMatchObject({ code: "INPUT_INVALID", message: `${path}${message}` });
  });

  it("takes merge keys, as workflow files do", async () => {
    const path = join(folder, "s.yaml");
    writeFileSync(path, "a: &a { text: hi }\nb: { <<: *a, usage: { inputTokens: 2 } }");
    expect((await loadScript(path)).answers.get("b")).toMatchObject([{ text: "hi", usage: { inputTokens: 2 } }]);
  });
});

describe("secretValues", () => {
  it("gives those the environment has", () => {
    const env = {
      secrets: [
        { key: "A", source: "env" as const },
        { key: "B", source: "env" as const },
        { key: "C", source: "ssm" as const },
      ],
    };
    expect(secretValues({ env }, { A: "one", C: "three" })).toEqual(["one"]);
  });
});
