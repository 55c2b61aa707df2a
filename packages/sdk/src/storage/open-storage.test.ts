import { createMemoryRepository, type SessionRepository } from "@strands/core";
import { describe, expect, it } from "vitest";
import { createClient } from "../create-client.js";
import { openStorage } from "./open-storage.js";
import { parseStorage } from "./storage-address.js";

const withAll = (open: (kind: string) => (place: object) => Promise<SessionRepository>) => ({
  factories: { sqlite: open("sqlite"), postgres: open("postgres"), s3: open("s3") },
});

describe("openStorage", () => {
  it.each([
    ["sqlite:/a.db", "sqlite", { file: "/a.db", durability: "process" }],
    ["postgres://u:p@h/d", "postgres", { connectionString: "postgres://u:p@h/d" }],
    ["s3://bucket/x", "s3", { bucket: "bucket", prefix: "x/" }],
  ])("makes what %s needs with the first use, once, and closes it", async (text, kind, given) => {
    const made: unknown[] = [];
    let closed = 0;
    const close = async (): Promise<void> => {
      closed += 1;
    };
    const all = withAll((name) => async (place) => {
      made.push(name, place);
      return { ...createMemoryRepository(), close };
    });
    const repository = openStorage(parseStorage(text), { ...all, durability: "process" });
    await repository.close?.();
    expect(made).toEqual([]);
    expect((await repository.list()).sessions).toEqual([]);
    await expect(repository.load("x")).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    await expect(repository.delete("x")).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    await repository.close?.();
    expect([made, closed]).toEqual([[kind, given], 1]);
  });

  it("says what is missing, without the address's password, and tries again", async () => {
    let tries = 0;
    const all = withAll(() => async () => {
      tries += 1;
      throw new Error(
        "Cannot find package 'pg' for postgres://ann:hunter2secret@db/prod, hunter2secret\nRequire stack",
      );
    });
    const repository = openStorage(parseStorage("postgres://ann:hunter2secret@db/prod"), all);
    const error = await repository.list().catch((reason: unknown) => reason as Error & { readonly hint: string });
    expect(error).toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringMatching(/^The storage `postgres:\/\/db\/prod` cannot be used: Cannot find package 'pg'/),
    });
    expect(JSON.stringify(error) + String((error as Error).cause)).not.toContain("hunter2");
    await expect(repository.load("x")).rejects.toMatchObject({ code: "INPUT_INVALID" });
    expect(tries).toBe(2);
    await repository.close?.();
  });

  it("never runs a workflow on another storage than the one that was asked for", async () => {
    let asked = 0;
    const model = async function* () {
      asked += 1;
      yield "x";
    };
    const down = withAll(() => () => Promise.reject(new Error("down")));
    await using client = createClient({
      env: {},
      model,
      sessions: openStorage(parseStorage("s3://bucket/none"), down),
    });
    const spec = {
      version: 1,
      name: "n",
      runtime: { provider: "p" },
      agents: { a: { prompt: "p" } },
      pattern: { type: "chain" as const, config: { steps: [{ agent: "a", input: "x" }] } },
    };
    await expect(client.run(spec)).rejects.toMatchObject({ message: expect.stringContaining("s3://bucket/none") });
    expect(asked).toBe(0);
  });
});
