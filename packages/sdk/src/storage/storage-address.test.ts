import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { storageAddress } from "./session-location.js";
import { describeStorage, parseStorage, storageSecrets } from "./storage-address.js";

/** The error of something that has to fail. */
function errorOf(work: () => unknown): { readonly code: string; readonly message: string; readonly hint: string } {
  try {
    work();
  } catch (error) {
    return error as ReturnType<typeof errorOf>;
  }
  throw new Error("Nothing was thrown");
}

describe("parseStorage", () => {
  it.each([
    ["file:some/dir", { type: "file", directory: "some/dir" }],
    ["file:///abs/dir", { type: "file", directory: "/abs/dir" }],
    ["sqlite:sessions.db", { type: "sqlite", file: "sessions.db" }],
    ["postgres://u:p@host/db", { type: "postgres", connectionString: "postgres://u:p@host/db" }],
    ["PostgreSQL://host/db", { type: "postgres", connectionString: "PostgreSQL://host/db" }],
    ["s3://my-bucket/a/b/", { type: "s3", bucket: "my-bucket", prefix: "a/b/" }],
    ["s3://my-bucket", { type: "s3", bucket: "my-bucket", prefix: "" }],
  ])("reads %s", (text, address) => {
    expect(parseStorage(text)).toEqual(address);
  });

  it.each([
    "file:",
    "sqlite: ",
    "file://host/dir",
    "postgres:",
    "postgres://user:hunter2/secret@host/db",
    "s3://Bucket_Bad/x",
    "s3://b",
    "mysql://user:hunter2@host/db",
    "user:hunter2@host",
    "hunter2",
    "",
  ])("refuses %j, and quotes nothing of it", (text) => {
    const { code, message, hint } = errorOf(() => parseStorage(text, "--storage"));
    expect([code, message]).toEqual(["INPUT_INVALID", expect.stringContaining("`--storage`")]);
    expect(message + hint).not.toContain("hunter2");
    expect(hint).not.toBe("");
  });
});

describe("describeStorage and storageSecrets", () => {
  it("shows no user, password or parameter", () => {
    const address = parseStorage("postgres://ann:hun%40ter@db.example:5433/prod?password=other1&sslmode=require");
    expect(describeStorage(address)).toBe("postgres://db.example:5433/prod");
    expect(storageSecrets(address)).toEqual(expect.arrayContaining(["hun%40ter", "hun@ter", "other1"]));
    expect(storageSecrets(address)).not.toContain("require");
    expect(describeStorage(parseStorage("s3://my-bucket/"))).toBe("s3://my-bucket");
    expect(describeStorage(parseStorage("s3://my-bucket/a"))).toBe("s3://my-bucket/a");
    expect(storageSecrets(parseStorage("file:x"))).toEqual([]);
  });
});

describe("storageAddress", () => {
  const cwd = "/work";
  it("takes the option, then the variable, then the directory", () => {
    const env = { STRANDS_STORAGE: "sqlite:a.db" };
    expect(storageAddress({ storage: "file:b", cwd, env })).toEqual({ type: "file", directory: resolve(cwd, "b") });
    expect(storageAddress({ cwd, env })).toEqual({ type: "sqlite", file: resolve(cwd, "a.db") });
    expect(storageAddress({ sessionDirectory: "c", cwd, env })).toEqual({ type: "file", directory: resolve(cwd, "c") });
    expect(storageAddress({ cwd, env: { STRANDS_STORAGE: "", STRANDS_SESSION_DIR: "/d" } })).toMatchObject({
      directory: resolve("/d"),
    });
  });

  it("refuses two places", () => {
    expect(errorOf(() => storageAddress({ storage: "file:a", sessionDirectory: "b", env: {} })).code).toBe(
      "INPUT_INVALID",
    );
    const env = { STRANDS_STORAGE: "file:a", STRANDS_SESSION_DIR: "b" };
    expect(errorOf(() => storageAddress({ env })).message).toContain("`STRANDS_STORAGE`");
    expect(errorOf(() => storageAddress({ env: { STRANDS_STORAGE: "x" } })).message).toContain("`STRANDS_STORAGE`");
  });
});
