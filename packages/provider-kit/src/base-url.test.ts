import { describe, expect, it } from "vitest";
import { identity } from "./__fixtures__/identity.js";
import { baseUrl } from "./base-url.js";

describe("baseUrl", () => {
  it("takes the first that is not blank, without slashes at the end", () => {
    expect(baseUrl(identity, undefined, " ", "http://one/api//", "http://two")).toBe("http://one/api");
    expect(baseUrl(identity, undefined, "")).toBeUndefined();
  });

  it.each([
    "localhost:8080",
    "ftp://models.example",
    "models.example",
    "http://models.example/?key=abc",
    "http://models.example/#part",
    "http://ann:secret-word@models.example",
  ])("refuses %s", (url) => {
    expect(() => baseUrl(identity, url)).toThrow(
      expect.objectContaining({ code: "PROVIDER_NOT_CONFIGURED", provider: identity.name }),
    );
  });

  it("keeps the password of a URL to itself", () => {
    expect(() => baseUrl(identity, "http://ann:secret-word@models.example")).not.toThrow(/secret-word/);
  });
});
