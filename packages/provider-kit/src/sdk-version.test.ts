import { describe, expect, it } from "vitest";
import { identity } from "./__fixtures__/identity.js";
import { sdkVersion } from "./sdk-version.js";

describe("sdkVersion", () => {
  it("reads the version of a package, exported or not", () => {
    expect(sdkVersion({ ...identity, sdk: "@strands/core" }, import.meta.url)).toMatch(/^\d+\.\d+\.\d+/);
    expect(sdkVersion({ ...identity, sdk: "vitest" }, import.meta.url)).toMatch(/^4\./);
  });

  it("gives nothing for a package that is not there", () => {
    expect(sdkVersion({ ...identity, sdk: "@strands/no-such-sdk" }, import.meta.url)).toBeUndefined();
  });
});
