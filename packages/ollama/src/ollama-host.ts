import { ProviderError } from "@strands/core";
import { ollamaIdentity } from "./ollama-identity.js";

/** The server to talk to. */
export interface OllamaHost {
  /** Base URL, without credentials. */
  readonly url: string;
  /** Name and password that stood in the URL, encoded for a header: `fetch` takes no URL that has them. */
  readonly basic: string | undefined;
}

const defaultPort = "11434";

/**
 * The server that the first of these names: a URL, or `host:port` as OLLAMA_HOST has it.
 *
 * @throws ProviderError `PROVIDER_NOT_CONFIGURED` when it names none
 */
export function ollamaHost(candidates: readonly (string | undefined)[]): OllamaHost {
  const text = candidates.find((candidate) => candidate?.trim())?.trim() ?? `127.0.0.1:${defaultPort}`;
  const url = parse(text);
  const basic =
    url.username === "" ? undefined : btoa(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
  // Servers bind to this address; nobody can connect to it everywhere.
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  return { url: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, "")}`, basic };
}

function parse(text: string): URL {
  const hasScheme = text.includes("://");
  const full = hasScheme ? text : `http://${text.startsWith(":") ? "127.0.0.1" : ""}${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ProviderError("PROVIDER_NOT_CONFIGURED", `The host of ${ollamaIdentity.title} is no URL`, {
      provider: ollamaIdentity.name,
      hint: "Set `host` under `runtime`, the option `host` or OLLAMA_HOST to the server, such as http://localhost:11434.",
    });
  }
  if (!hasScheme && url.port === "") url.port = defaultPort;
  return url;
}
