import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArtifactError, type ArtifactStore } from "@strands/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFileArtifactStore } from "./file-artifact-store.js";

let root: string;
let out: string;
let store: ArtifactStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "strands-artifacts-"));
  out = join(root, "out");
  store = createFileArtifactStore({ directory: out });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ArtifactError);
  const { code, hint } = error as ArtifactError;
  expect(hint).toMatch(/[a-z].*\.$/);
  return code;
};

const read = (...parts: readonly string[]): string => readFileSync(join(out, ...parts), "utf8");

describe("createFileArtifactStore", () => {
  it("writes below its directory, makes what is missing, and leaves nothing else", async () => {
    const { location } = await store.write({ path: "a/b/c.md", content: "né" }, { ifExists: "fail" });
    expect(location).toBe(join(out, "a", "b", "c.md"));
    expect(read("a", "b", "c.md")).toBe("né");
    expect(readdirSync(join(out, "a", "b"))).toEqual(["c.md"]);
  });

  it("does not touch a file that is there, unless it may be replaced", async () => {
    await store.write({ path: "x.md", content: "one" }, { ifExists: "fail" });
    expect(await codeOf(store.write({ path: "x.md", content: "two" }, { ifExists: "fail" }))).toBe("ARTIFACT_EXISTS");
    expect(await codeOf(store.write({ path: "x.md", content: "one" }, { ifExists: "fail" }))).toBe("ARTIFACT_EXISTS");
    expect(read("x.md")).toBe("one");
    await store.write({ path: "x.md", content: "two" }, { ifExists: "replace" });
    expect(read("x.md")).toBe("two");
    expect(readdirSync(out)).toEqual(["x.md"]);
  });

  it("takes the very same bytes for its own with `same`", async () => {
    await store.write({ path: "x.md", content: "one" }, { ifExists: "same" });
    await store.write({ path: "x.md", content: "one" }, { ifExists: "same" });
    expect(await codeOf(store.write({ path: "x.md", content: "two" }, { ifExists: "same" }))).toBe("ARTIFACT_EXISTS");
    expect(await codeOf(store.write({ path: "x.md", content: "onf" }, { ifExists: "same" }))).toBe("ARTIFACT_EXISTS");
  });

  it("lets exactly one of many writers win", async () => {
    const writers = Array.from({ length: 20 }, (_, index) =>
      store.write({ path: "x", content: `${index}` }, { ifExists: "fail" }),
    );
    const results = await Promise.allSettled(writers);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  });

  it.each(["fail", "replace", "same"] as const)("refuses links with %s", async (ifExists) => {
    mkdirSync(out);
    mkdirSync(join(root, "elsewhere"));
    writeFileSync(join(root, "elsewhere", "mine.md"), "mine");
    symlinkSync(join(root, "elsewhere"), join(out, "away"));
    symlinkSync("..", join(out, "up"));
    symlinkSync(join(root, "elsewhere", "mine.md"), join(out, "last.md"));
    symlinkSync(join(root, "none"), join(out, "dangling.md"));
    for (const path of ["away/mine.md", "away/new.md", "up/new.md", "last.md", "dangling.md"]) {
      expect([path, await codeOf(store.write({ path, content: "x" }, { ifExists }))]).toEqual([
        path,
        "ARTIFACT_PATH_ESCAPE",
      ]);
    }
    expect(readFileSync(join(root, "elsewhere", "mine.md"), "utf8")).toBe("mine");
    expect(readdirSync(root).sort()).toEqual(["elsewhere", "out"]);
    expect(readdirSync(join(root, "elsewhere"))).toEqual(["mine.md"]);
  });

  it("follows links that stay inside, and a directory that is a link itself", async () => {
    mkdirSync(join(root, "real", "folder"), { recursive: true });
    symlinkSync(join(root, "real"), out);
    symlinkSync("folder", join(root, "real", "link"));
    const { location } = await store.write({ path: "link/x.md", content: "x" }, { ifExists: "fail" });
    expect(location).toBe(join(out, "link", "x.md"));
    expect(readFileSync(join(root, "real", "folder", "x.md"), "utf8")).toBe("x");
  });

  it.each(["", ".", "..", "../x", "/x", "a//b", "a/../b", "a\\b", "c:x", "a\0b"])(
    "refuses the path %j",
    async (path) => {
      expect(await codeOf(store.write({ path, content: "x" }, { ifExists: "replace" }))).toBe("ARTIFACT_PATH_ESCAPE");
    },
  );

  it.each(["fail", "replace", "same"] as const)("says what stands in the way, with %s", async (ifExists) => {
    mkdirSync(join(out, "folder.md"), { recursive: true });
    writeFileSync(join(out, "file"), "");
    symlinkSync("file", join(out, "link"));
    const refusal = async (path: string): Promise<string> => {
      const error: unknown = await store.write({ path, content: "x" }, { ifExists }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "ARTIFACT_WRITE", path, hint: expect.stringMatching(/\.$/) });
      return (error as ArtifactError).message;
    };
    const at = (name: string): string => `\`${join(out, name)}\``;
    expect(await refusal("folder.md")).toBe(
      `${at("folder.md")} is a directory, and the artifact \`folder.md\` needs a file there`,
    );
    for (const [name, path] of [
      ["file", "file/x.md"],
      ["file", "file/x/y.md"],
      ["link", "link/x.md"],
    ] as const)
      expect(await refusal(path)).toBe(`${at(name)} is a file, and the artifact \`${path}\` needs a directory there`);
    expect(await refusal("n".repeat(300))).toContain("ENAMETOOLONG");
    expect(readdirSync(out).sort()).toEqual(["file", "folder.md", "link"]);
  });
});
