import { join } from "node:path";
import { expect, it } from "vitest";
import { whyUnwritable } from "./why-unwritable.js";

const root = join("/", "disk");

/** A probe of a disk where only the root exists. */
const probe = (code: string | undefined) => async (path: string) => {
  const found = path === root ? code : "ENOENT";
  if (found !== undefined) throw Object.assign(new Error(found), { code: found });
};

it.each(["EROFS", "EACCES", undefined])("gives %s of the nearest directory that exists", async (code) => {
  expect((await whyUnwritable(join(root, "a", "b"), probe(code)))?.code).toBe(code);
});

it("gives nothing when nothing at all exists", async () => {
  expect(await whyUnwritable(join("/", "none", "a"), probe("EROFS"))).toBeUndefined();
});
