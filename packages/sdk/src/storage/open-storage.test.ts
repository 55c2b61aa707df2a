import { createMemoryRepository } from "@strands/core";
import { describe, expect, it } from "vitest";
import { createClient } from "../create-client.js";
import { openStorage } from "./open-storage.js";
import { parseStorage } from "./storage-address.js";

describe("openStorage", () => {
  it.each([
    ["sqlite:/a.db", "sqlite", "createSqliteRepository", { file: "/a.db", durability: "process" }],
    ["postgres://u:p@h/d", "postgres", "createPostgresRepository", { connectionString: "postgres://u:p@h/d" }],
    ["s3://bucket/x", "s3", "createS3Repository", { bucket: "bucket", prefix: "x/" }],
  ])("loads what %s needs with the first use, once, and closes it", async (text, module, factory, given) => {
    const loaded: string[] = [];
    let closed = 0;
    const options: unknown[] = [];
    const load = async (specifier: string) => {
      loaded.push(specifier);
      const create = (place: unknown) => {
        options.push(place);
        return {
          ...createMemoryRepository(),
          close: async () => {
            closed += 1;
          },
        };
      };
      return { [factory]: create };
    };
    const repository = openStorage(parseStorage(text), { load, durability: "process" });
    await repository.close?.();
    expect(loaded).toEqual([]);
    expect((await repository.list()).sessions).toEqual([]);
    await expect(repository.load("x")).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    await expect(repository.delete("x")).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    await repository.close?.();
    expect([loaded, options, closed]).toEqual([[`@strands/sessions/${module}`], [given], 1]);
  });

  it("says what is missing, without the address's password, and tries again", async () => {
    let tries = 0;
    const load = async (): Promise<never> => {
      tries += 1;
      throw new Error(
        "Cannot find package 'pg' for postgres://ann:hunter2secret@db/prod and hunter2secret\nRequire stack",
      );
    };
    const repository = openStorage(parseStorage("postgres://ann:hunter2secret@db/prod"), { load });
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

  it("refuses a module without the factory", async () => {
    const repository = openStorage(parseStorage("sqlite:x"), { load: async () => ({}) });
    await expect(repository.list()).rejects.toMatchObject({
      message: expect.stringContaining("createSqliteRepository"),
    });
  });

  it("never runs a workflow on another storage than the one that was asked for", async () => {
    let asked = 0;
    const model = async function* () {
      asked += 1;
      yield "x";
    };
    const load = async () => Promise.reject(new Error("down"));
    await using client = createClient({
      env: {},
      model,
      sessions: openStorage(parseStorage("s3://bucket/none"), { load }),
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
