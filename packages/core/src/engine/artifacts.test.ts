import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { crashOnKind } from "../../test/support/faulty-repository.js";
import { ask, type BenchOptions, bench, chainSpec } from "../../test/support/workflows.js";
import type { RunOptions } from "../client.js";
import { ArtifactError } from "../error/errors.js";
import type { ArtifactStore } from "../session/artifact-store.js";
import type { ArtifactSpec, Spec } from "../spec/spec.js";

interface MemoryStore extends ArtifactStore {
  readonly files: Map<string, string>;
  readonly writes: readonly string[];
}

function memoryStore(files = new Map<string, string>()): MemoryStore {
  const writes: string[] = [];
  return {
    files,
    writes,
    async write({ path, content }, { ifExists }) {
      writes.push(`${ifExists} ${path}`);
      const existing = files.get(path);
      const fine = existing === undefined || ifExists === "replace" || (ifExists === "same" && existing === content);
      if (!fine) throw new ArtifactError("ARTIFACT_EXISTS", `\`${path}\` exists already`, { path });
      files.set(path, content);
      return { location: `/out/${path}` };
    },
  };
}

const spec = (artifacts: readonly ArtifactSpec[]) => chainSpec(["one", "two"], { outputs: { artifacts } });
const two = spec([
  { path: "a.md", from: "{{ last_response }}" },
  { path: "{{ steps[0].response | length }}.md", from: "{{ steps[0].response }}\n" },
]);

describe("artifacts of a run", () => {
  it("are written in order, with names of the pattern, and reported", async () => {
    const store = memoryStore();
    const { client, sessions, of } = bench({ artifacts: store }).listen();
    const result = await client.run(two);
    expect(result.status === "completed" && result.artifacts).toEqual([
      { path: "a.md", content: "steps/1: two\n", location: "/out/a.md" },
      { path: "12.md", content: "steps/0: one\n", location: "/out/12.md" },
    ]);
    expect([...store.files]).toEqual([
      ["a.md", "steps/1: two\n"],
      ["12.md", "steps/0: one\n"],
    ]);
    expect(store.writes).toEqual(["fail a.md", "fail 12.md"]);
    expect(of("artifact_written").map(({ path, location }) => [path, location])).toEqual([
      ["a.md", "/out/a.md"],
      ["12.md", "/out/12.md"],
    ]);
    expect((await sessions.journal()).slice(-4)).toEqual([
      "artifacts.intent artifacts",
      "artifact.written artifacts/0",
      "artifact.written artifacts/1",
      "run.completed run/run-1/end",
    ]);
    const intent = (await sessions.entries()).find((entry) => entry.kind === "artifacts.intent");
    expect(intent?.body).toEqual({
      files: [
        { path: "a.md", bytes: 13, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        { path: "12.md", bytes: 13, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
    });
  });

  it("are in the result without a store, and nothing about them is recorded", async () => {
    const { client, sessions } = bench();
    const result = await client.run(two);
    expect(result.status === "completed" && result.artifacts).toEqual([
      { path: "a.md", content: "steps/1: two\n" },
      { path: "12.md", content: "steps/0: one\n" },
    ]);
    expect((await sessions.journal()).filter((line) => line.startsWith("artifact"))).toEqual([]);
  });

  it("see the workflow's name, runtime and context policy under any variable, and the pattern's names as a whole", async () => {
    const from =
      "{{ name }} {{ runtime.provider }} {{ context_policy is defined }} {{ execution_context.steps | length }}";
    const flow = chainSpec(["one", "two"], { outputs: { artifacts: [{ path: "a.md", from }] } });
    const written = async (options: RunOptions): Promise<string | undefined> => {
      const result = await bench().client.run(flow, options);
      return result.status === "completed" ? result.artifacts[0]?.content : undefined;
    };
    expect(await written({})).toBe(`${flow.name} ${flow.runtime.provider} False 2`);
    expect(await written({ variables: { name: "mine", runtime: { provider: "p" }, context_policy: 1 } })).toBe(
      "mine p True 2",
    );
  });

  it("see variables and step records, not the vars of steps", async () => {
    const { client } = bench();
    const flow = chainSpec([{ agent: "writer", input: "x", vars: { hidden: 1 } }], {
      inputs: { values: { topic: "tea" } },
      outputs: {
        artifacts: [
          {
            path: "{{ topic }}.md",
            from: "{{ topic }} {{ extra }} {{ hidden is defined }} {{ TRACE }}|{{ steps | length }}",
          },
        ],
      },
    });
    const result = await client.run(flow, { variables: { extra: "green" } });
    expect(result.status === "completed" && result.artifacts).toEqual([
      { path: "tea.md", content: "tea green False |1" },
    ]);
  });

  it("show the trace as `TRACE` and `$TRACE` where telemetry is asked for, without a word of prompts and answers", async () => {
    const shown = {
      artifacts: [
        { path: "t", from: "$TRACE" },
        { path: "u", from: "{{ $TRACE }}|{{ '$TRACE' | length }}" },
      ],
    };
    const flow = (more: Partial<Spec>) =>
      chainSpec(["secret question", ask("Fine?"), "two"], { outputs: shown, ...more });
    const handled = { onInterrupt: () => "secret answer" };
    const silent = await bench().client.run(flow({}), handled);
    expect(silent.status === "completed" && silent.artifacts.map(({ content }) => content)).toEqual(["", "|6"]);
    const result = await bench().client.run(flow({ telemetry: { otel: {} } }), handled);
    const [bare, tag] = result.status === "completed" ? result.artifacts.map(({ content }) => content) : [];
    expect(tag).toBe(`${bare}|6`);
    expect(bare).not.toContain("secret");
    expect(JSON.parse(bare ?? "")).toMatchObject({
      trace_id: "session-1",
      spec_name: "test-flow",
      pattern: "chain",
      span_count: 3,
      spans: [
        { name: "model", attributes: { key: "steps/0/model/0", agent: "writer" }, status: { status_code: "OK" } },
        { name: "interrupt", attributes: { key: "steps/1/answer", source: "person" } },
        { name: "model", attributes: { key: "steps/2/model/0" } },
      ],
    });
  });

  it("do not replace a file unless that is asked for", async () => {
    const files = new Map([["a.md", "mine"]]);
    const first = bench({ artifacts: memoryStore(files) });
    const refused = await first.client.run(two);
    expect(refused).toMatchObject({ status: "failed", error: { code: "ARTIFACT_EXISTS", path: "a.md" } });
    expect(files.get("a.md")).toBe("mine");

    const store = memoryStore(files);
    const again = first.again({ artifacts: store });
    const result = await again.client.resume(refused.sessionId, { overwriteArtifacts: true }).result;
    expect(result.status).toBe("completed");
    expect(store.writes).toEqual(["replace a.md", "replace 12.md"]);
    expect(files.get("a.md")).toBe("steps/1: two\n");
  });

  it("are found again by a run that goes on after a crash between writing and recording", async () => {
    const files = new Map<string, string>();
    const first = bench({ artifacts: memoryStore(files) });
    first.sessions.onAppend(crashOnKind("run.completed"));
    expect((await errorOf(first.client.run(two))).code).toBe("SESSION_STORAGE");
    expect(files.size).toBe(2);

    first.sessions.onAppend(() => "works");
    const store = memoryStore(files);
    const { client, sessions } = first.again({ artifacts: store, model: neverAsked });
    expect(await client.resume("session-1").result).toMatchObject({ status: "completed" });
    expect(store.writes).toEqual(["same a.md", "same 12.md"]);
    expect((await sessions.journal()).filter((line) => line.startsWith("artifacts.intent"))).toHaveLength(1);
  });

  it("do not take over somebody else's file after a crash", async () => {
    const files = new Map<string, string>();
    const first = bench({ artifacts: memoryStore(files) });
    first.sessions.onAppend(crashOnKind("run.completed"));
    await errorOf(first.client.run(two));
    first.sessions.onAppend(() => "works");
    files.set("a.md", "edited by hand");
    const { client } = first.again({ artifacts: memoryStore(files) });
    expect(await client.resume("session-1").result).toMatchObject({
      status: "failed",
      error: { code: "ARTIFACT_EXISTS" },
    });
    expect(files.get("a.md")).toBe("edited by hand");
  });

  it("fail when two have one path, before anything is written", async () => {
    const store = memoryStore();
    const { client } = bench({ artifacts: store });
    const result = await client.run(
      spec([
        { path: "{{ 'a' if steps }} b.md", from: "1" },
        { path: "a?b.md", from: "2" },
      ]),
    );
    expect(result).toMatchObject({ status: "failed", error: { code: "ARTIFACT_EXISTS", path: "a_b.md" } });
    expect(store.writes).toEqual([]);
  });

  it("fail when the rendered path leaves the directory", async () => {
    const store = memoryStore();
    const { client } = bench({ artifacts: store });
    const flow = chainSpec(["x"], { outputs: { artifacts: [{ path: "{{ where }}/x.md", from: "1" }] } });
    const result = await client.run(flow, { variables: { where: ".." } });
    expect(result).toMatchObject({ status: "failed", error: { code: "ARTIFACT_PATH_ESCAPE" } });
    expect(store.writes).toEqual([]);
  });

  it("that a store cannot write can be written by a resume, without the steps", async () => {
    const broken: ArtifactStore = {
      async write() {
        throw new Error("disk on fire");
      },
    };
    const first = bench({ artifacts: broken });
    const flow = chainSpec(["one"], { outputs: { artifacts: [{ path: "x.md", from: "text" }] } });
    const failed = await first.client.run(flow);
    expect(failed).toMatchObject({ status: "failed", error: { code: "ARTIFACT_WRITE", path: "x.md" } });
    const again = first.again({ artifacts: memoryStore(), model: neverAsked });
    expect(await again.client.resume(failed.sessionId).result).toMatchObject({
      status: "completed",
      artifacts: [{ path: "x.md", content: "text" }],
    });
  });

  it("fail with their template's error, and a resume repeats no step", async () => {
    const options: BenchOptions = { artifacts: memoryStore() };
    const first = bench(options);
    const flow = chainSpec(["one"], { outputs: { artifacts: [{ path: "x.md", from: "{{ missing }}" }] } });
    const failed = await first.client.run(flow);
    expect(failed).toMatchObject({
      status: "failed",
      error: { code: "ARTIFACT_TEMPLATE", path: "x.md", cause: { code: "TEMPLATE_UNDEFINED" } },
    });
    const again = first.again({ ...options, model: neverAsked });
    expect(await again.client.resume(failed.sessionId).result).toMatchObject({
      status: "failed",
      error: { code: "ARTIFACT_TEMPLATE", path: "x.md", cause: { code: "TEMPLATE_UNDEFINED" } },
    });
  });
});

// biome-ignore lint/correctness/useYield: it must not be asked at all
const neverAsked: BenchOptions["model"] = async function* () {
  throw new Error("A recorded step was run again");
};
