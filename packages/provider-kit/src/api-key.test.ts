import { describe, expect, it } from "vitest";
import { identity } from "./__fixtures__/identity.js";
import { ApiKey } from "./api-key.js";

const two = { ...identity, keyVariables: ["FIRST_KEY", "SECOND_KEY"] };

describe("ApiKey", () => {
  it("takes the option before the environment, without the space around it", async () => {
    const key = new ApiKey(two, " given\n", { FIRST_KEY: "of the environment" });
    key.check();
    expect(await key.get()).toBe("given");
  });

  it("takes the first variable that is not blank", async () => {
    const key = new ApiKey(two, undefined, { FIRST_KEY: "  ", SECOND_KEY: "second" });
    key.check();
    expect(await key.get()).toBe("second");
  });

  it("asks a function at every call, and not before", async () => {
    let asked = 0;
    const key = new ApiKey(two, async () => `key ${++asked}`, {});
    key.check();
    expect(asked).toBe(0);
    expect([await key.get(), await key.get()]).toEqual(["key 1", "key 2"]);
  });

  it.each([
    [" ", {}, false],
    [undefined, { FIRST_KEY: " " }, false],
    [" ", { SECOND_KEY: "k" }, true],
    ["k", {}, true],
    [() => "", {}, true],
  ])("knows whether one is given: %s, %j", (option, env, given) => {
    expect(new ApiKey(two, option, env).given).toBe(given);
  });

  it("says what to set when there is none", () => {
    const key = new ApiKey(two, " ", {});
    expect(() => key.check()).toThrow(
      expect.objectContaining({
        code: "PROVIDER_NOT_CONFIGURED",
        provider: two.name,
        hint: "Set `FIRST_KEY` or `SECOND_KEY` in the environment, or give the provider an `apiKey`.",
      }),
    );
  });

  it("says so when the function gives none", async () => {
    const key = new ApiKey(two, () => "", { FIRST_KEY: "not this one" });
    await expect(key.get()).rejects.toMatchObject({
      code: "PROVIDER_NOT_CONFIGURED",
      message: `${two.title} needs a key, and \`apiKey\` gave none`,
    });
  });

  it("says so when the function fails", async () => {
    const cause = new Error("the vault is sealed");
    const key = new ApiKey(two, () => Promise.reject(cause), {});
    await expect(key.get()).rejects.toMatchObject({
      code: "PROVIDER_NOT_CONFIGURED",
      message: `${two.title} needs a key, and \`apiKey\` failed to give one`,
      cause,
    });
  });
});
