import { expect, it } from "vitest";
import { identity } from "./__fixtures__/identity.js";
import { loadSdk } from "./load-sdk.js";

it("gives the module", async () => {
  expect(await loadSdk(identity, async () => ({ Client: 1 }))).toEqual({ Client: 1 });
});

it("says how to install a package that is missing", async () => {
  const name = "no-such-package-here";
  await expect(loadSdk(identity, () => import(/* @vite-ignore */ name))).rejects.toMatchObject({
    code: "PROVIDER_NOT_CONFIGURED",
    provider: "acme",
    message: "Acme AI needs the package `acme-sdk`, which is not installed",
    hint: expect.stringContaining("npm install acme-sdk"),
  });
});

it("names all packages where the SDK alone does not do", async () => {
  const both = { ...identity, install: "acme-sdk acme-http" };
  const missing = Object.assign(new Error("gone"), { code: "ERR_MODULE_NOT_FOUND" });
  await expect(loadSdk(both, () => Promise.reject(missing))).rejects.toMatchObject({
    message: "Acme AI needs the package `acme-sdk`, which is not installed",
    hint: expect.stringContaining("npm install acme-sdk acme-http"),
  });
});

it("passes on any other failure of the package", async () => {
  const broken = new SyntaxError("it is broken");
  await expect(loadSdk(identity, () => Promise.reject(broken))).rejects.toBe(broken);
});
