import { expect, it } from "vitest";
import { identity } from "./__fixtures__/identity.js";
import { sdkVersion } from "./sdk-version.js";

it("gives the version of an installed package, and none of one that is not there", () => {
  expect(sdkVersion({ ...identity, sdk: "@strands/core" }, import.meta.url)).toMatch(/^\d+\.\d+\.\d+/);
  expect(sdkVersion({ ...identity, sdk: "not-installed-anywhere" }, import.meta.url)).toBeUndefined();
});
