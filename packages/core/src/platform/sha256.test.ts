import { expect, it } from "vitest";
import { byteLength, sha256 } from "./sha256.js";

it("is SHA-256 of the UTF-8 bytes, in lower-case hex", () => {
  expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(sha256("ü")).toBe("607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f");
});

it("is what the platform says, at every length around a block and for long texts", async () => {
  const texts = [
    ...Array.from({ length: 130 }, (_, length) => "aü😀".repeat(length).slice(0, length)),
    "é".repeat(99_999),
  ];
  for (const text of texts) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    expect(sha256(text)).toBe(Buffer.from(digest).toString("hex"));
  }
});

it("counts UTF-8 bytes", () => {
  expect([byteLength(""), byteLength("abc"), byteLength("ü"), byteLength("日"), byteLength("😀")]).toEqual([
    0, 3, 2, 3, 4,
  ]);
});
