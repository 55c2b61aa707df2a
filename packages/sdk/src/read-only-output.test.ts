import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { createFileArtifactStore } from "./file-artifact-store.js";

// What Node says on a read-only file system, which a test cannot bring along.
vi.mock("node:fs/promises", async (original) => {
  const failing = (code: string) => async () => Promise.reject(Object.assign(new Error(code), { code }));
  return { ...(await original<object>()), mkdir: failing("ENOENT"), access: failing("EROFS") };
});

it("says that the file system of the output directory is read-only", async () => {
  const store = createFileArtifactStore({ directory: join(tmpdir(), "read-only", "out") });
  await expect(store.write({ path: "a.md", content: "" }, { ifExists: "fail" })).rejects.toMatchObject({
    code: "ARTIFACT_WRITE",
    message: expect.stringContaining("(EROFS)"),
    hint: expect.stringContaining("read-only file system"),
  });
});
