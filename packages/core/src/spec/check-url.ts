import { addressKind } from "./check-address.js";
import type { CheckReport, SpecPath } from "./check-report.js";

/**
 * Which addresses a URL of the spec may name: `private_allowed` refuses only link-local and metadata services (a model
 * server may run on this machine or next door), `public_only` also loopback, private and reserved ranges.
 */
export type AddressRule = "private_allowed" | "public_only";

/** Checks a URL of the spec. No part of it is shown: it may hold credentials. */
export function checkUrl(text: string, path: SpecPath, rule: AddressRule, report: CheckReport): void {
  const url = parseUrl(text, rule);
  const name = `\`${path[path.length - 1]}\``;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "") {
    report.error("invalid_url", path, `${name} is not an http or https URL`, "write it as `https://host/path`");
    return;
  }
  if (url.username !== "" || url.password !== "") {
    const suggestion = "take the user name and password out; pass credentials in the environment";
    report.error("url_credentials", path, `${name} holds credentials`, suggestion);
  }
  const kind = addressKind(url.hostname);
  if (kind === "metadata") {
    report.error("blocked_address", path, `${name} points at a link-local address or a cloud metadata service`);
  } else if (kind === "private" && rule === "public_only") {
    report.error("blocked_address", path, `${name} points at a loopback, private or reserved address`);
  }
}

function parseUrl(text: string, rule: AddressRule): URL | undefined {
  // The WHATWG parser forgives spaces, line ends, backslashes and missing slashes; a spec has no need of that.
  if (/[\s\\`{}<>"|^]/.test(text)) return undefined;
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (!hasScheme && rule === "public_only") return undefined;
  try {
    // `host: localhost:11434` is common; the parser would take `localhost:` for the scheme.
    const url = new URL(hasScheme ? text : `http://${text}`);
    return /[^.-]/.test(url.hostname) ? url : undefined;
  } catch {
    return undefined;
  }
}
