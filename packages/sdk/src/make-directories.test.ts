import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeDirectories } from "./make-directories.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "strands-directories-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("makeDirectories", () => {
  it("makes a directory and those it is in, and takes what is there", async () => {
    const deep = join(root, "a", "b", "c");
    await makeDirectories(deep, 0o700);
    await makeDirectories(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
    if (process.platform !== "win32") expect(statSync(join(root, "a")).mode & 0o777).toBe(0o700);
    mkdirSync(join(root, "real"));
    symlinkSync(join(root, "real"), join(root, "link"), "junction");
    await makeDirectories(join(root, "link", "x"));
    await makeDirectories(join(root, "link"));
    expect(existsSync(join(root, "real", "x"))).toBe(true);
  });

  it("may be asked by several at once", async () => {
    await Promise.all(Array.from({ length: 8 }, async () => makeDirectories(join(root, "a", "b", "c", "d"))));
    expect(existsSync(join(root, "a", "b", "c", "d"))).toBe(true);
  });

  it("fails where a file stands, be it last or on the way", async () => {
    writeFileSync(join(root, "file"), "");
    await expect(makeDirectories(join(root, "file"))).rejects.toMatchObject({ code: "EEXIST" });
    await expect(makeDirectories(join(root, "file", "x"))).rejects.toThrow();
  });

  it.skipIf(!existsSync("/proc/self"))("fails where nothing can be made, and does not try for ever", async () => {
    await expect(makeDirectories("/proc/strands/x/y")).rejects.toThrow();
  });
});
