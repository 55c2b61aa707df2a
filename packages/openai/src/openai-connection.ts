import type { ModelRequest, ProviderDiagnosis } from "@strands/core";
import type { GuardedFetch, ProviderIdentity } from "@strands/provider-kit";
import { expectContentType, follow, guardedFetch } from "@strands/provider-kit";
import type { OpenAI } from "openai";
import { EndMarks } from "./end-marks.js";
import { type CallFacts, mapOpenAIError } from "./map-openai-error.js";
import { streamOfWhole } from "./whole-completion.js";

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly identity: ProviderIdentity;
  /** Base URL in use. */
  readonly host: string;
  readonly official: boolean;
  readonly fetch: typeof globalThis.fetch | undefined;
  /** The key, asked for at every call. Throws when there has to be one and is none. */
  key(): string | undefined | Promise<string | undefined>;
  /** The headers that carry it; `null` leaves a header of the SDK's out. */
  authorize(key: string | undefined): Readonly<Record<string, string | null>>;
  makeClient(fetch: typeof globalThis.fetch): Promise<OpenAI>;
}

/** All that a call needs. */
export interface PreparedCall {
  readonly client: OpenAI;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly facts: CallFacts;
}

/** One base URL with its SDK client, which is made on first use. */
export class OpenAIConnection {
  readonly identity: ProviderIdentity;
  readonly #options: ConnectionOptions;
  readonly #ends = new EndMarks();
  readonly #guarded: GuardedFetch;
  #client: Promise<OpenAI> | undefined;

  constructor(options: ConnectionOptions) {
    const { identity, fetch } = options;
    this.identity = identity;
    this.#options = options;
    this.#guarded = guardedFetch(identity, {
      fetch,
      observe: (response) => this.#ends.observe(response),
      inspect: (response, request) => inspect(identity, response, request),
    });
  }

  async prepare(call: { readonly modelId?: string; readonly request?: ModelRequest } = {}): Promise<PreparedCall> {
    const { identity, host, official, authorize, makeClient } = this.#options;
    this.#client ??= makeClient(this.#guarded.fetch).catch((error: unknown) => {
      // What is missing now may be there the next time.
      this.#client = undefined;
      throw error;
    });
    const client = await this.#client;
    const key = await this.#options.key();
    return { client, headers: authorize(key), facts: { identity, host, official, key, ...call } };
  }

  /** Whether the server has said that this stream is complete. */
  cameToItsEnd(response: Response): boolean {
    return this.#ends.has(response);
  }

  /** Looks whether the service answers, by asking for its list of models. */
  async reach(signal: AbortSignal): Promise<NonNullable<ProviderDiagnosis["reachable"]>> {
    const { identity, host, official } = this.#options;
    let facts: CallFacts = { identity, host, official, key: undefined };
    const call = new AbortController();
    const unfollow = follow(signal, call);
    try {
      const { client, headers, ...prepared } = await this.prepare();
      facts = prepared.facts;
      await client.models.list({ headers, signal: call.signal });
      return { ok: true };
    } catch (error) {
      return { ok: false, error: mapOpenAIError(error, facts).toJSON() };
    } finally {
      unfollow();
    }
  }

  close(): void {
    this.#guarded.close();
  }
}

/** The connections of a provider, one for each base URL. */
export class OpenAIConnections {
  readonly #make: (host: string) => OpenAIConnection;
  readonly #made = new Map<string, OpenAIConnection>();
  #closed = false;

  constructor(make: (host: string) => OpenAIConnection) {
    this.#make = make;
  }

  get(host: string): OpenAIConnection {
    let connection = this.#made.get(host);
    if (connection === undefined) {
      connection = this.#make(host);
      if (this.#closed) connection.close();
      this.#made.set(host, connection);
    }
    return connection;
  }

  /** Fails all calls under way and all later ones. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#made.values()) connection.close();
  }
}

/** Answers to model calls have to be streams. Errors and lists of models are read by the SDK as they are. */
function inspect(
  identity: ProviderIdentity,
  response: Response,
  request: Request | URL | string,
): Response | Promise<Response> {
  const url = request instanceof Request ? request.url : String(request);
  if (!response.ok || !url.includes("/chat/completions")) return response;
  expectContentType(identity, response, ["text/event-stream", "json"]);
  const whole = response.headers.get("content-type")?.includes("json") === true;
  return whole ? streamOfWhole(identity, response) : response;
}
