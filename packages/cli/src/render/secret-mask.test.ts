import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SecretMask } from "./secret-mask.js";

describe("SecretMask", () => {
  it("hides whole secrets and leaves the rest", () => {
    const mask = new SecretMask(["hunter22", "abc", ""]);
    expect(mask.hide("key=hunter22; abc")).toBe("key=[secret]; abc");
  });

  it("hides the longer of two secrets", () => {
    expect(new SecretMask(["token", "token-of-mine"]).hide("a token-of-mine")).toBe("a [secret]");
  });

  it("hides a secret that a stream cuts anywhere", () => {
    const secret = "s3cr3t-s3cr3t-value";
    const text = `before ${secret} s3cr3t- after`;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 40 }), (sizes) => {
        const mask = new SecretMask([secret]);
        let out = "";
        let at = 0;
        for (const size of sizes) {
          out += mask.push(text.slice(at, at + size));
          at += size;
        }
        out += mask.push(text.slice(at)) + mask.end();
        expect(out).toBe("before [secret] s3cr3t- after");
      }),
    );
  });
});
