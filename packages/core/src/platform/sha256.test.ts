import { expect, it } from "vitest";
import { byteLength, sha256 } from "./sha256.js";

it("is SHA-256 of the UTF-8 bytes, in lower-case hex", async () => {
  expect(await sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(await sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(await sha256("ü")).toBe("607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f");
});

it("counts UTF-8 bytes", () => {
  expect([byteLength(""), byteLength("abc"), byteLength("ü"), byteLength("日"), byteLength("😀")]).toEqual([
    0, 3, 2, 3, 4,
  ]);
});
