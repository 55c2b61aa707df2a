import { createFileRepository } from "@strands/sessions/file";
import { sessionRepositoryContract } from "@strands/testing";
import { describe, expect, it, vi } from "vitest";
import { temporaryDirectory } from "./support/session-directory.js";

// Some file systems have no hard links: FAT, a few network and phone ones.
vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  linkSync: () => {
    throw Object.assign(new Error("operation not permitted"), { code: "EPERM" });
  },
}));

sessionRepositoryContract({
  name: "file, without hard links",
  describe,
  it,
  expect,
  create: () => {
    const directory = temporaryDirectory();
    const open = (): ReturnType<typeof createFileRepository> =>
      createFileRepository({ directory, durability: "process" });
    return { repository: open(), reopen: open };
  },
});
