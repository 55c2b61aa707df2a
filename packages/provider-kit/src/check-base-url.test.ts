import { expect, it } from "vitest";
import { identity } from "./__fixtures__/identity.js";
import { checkBaseUrl } from "./check-base-url.js";

it.each(["http://127.0.0.1:11434", "https://api.acme.example/v1/"])("takes %s", (url) => {
  expect(() => checkBaseUrl(identity, url, "`host`")).not.toThrow();
});

it.each([
  ["localhost:8080", "Acme AI is not configured: `localhost:8080` is no http or https URL"],
  ["", "Acme AI is not configured: `` is no http or https URL"],
  ["file:///etc/passwd", "Acme AI is not configured: `file:///etc/passwd` is no http or https URL"],
  ["https://me:hunter2@acme.example", "Acme AI is not configured: its URL holds credentials"],
])("refuses %j", (url, message) => {
  expect(() => checkBaseUrl(identity, url, "`host` or ACME_URL")).toThrow(
    expect.objectContaining({
      code: "PROVIDER_NOT_CONFIGURED",
      message,
      hint: expect.stringContaining("`host` or ACME_URL"),
    }),
  );
});
