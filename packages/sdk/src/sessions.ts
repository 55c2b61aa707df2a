import { SessionError, SessionManager, type SessionView, StrandsError, type WorkflowClient } from "@strands/core";
import { createClient, type StrandsClientOptions } from "./create-client.js";

/** A {@link SessionManager} with a client of its own, that takes the beginning of an id for the id. */
export class Sessions extends SessionManager implements AsyncDisposable {
  /** The client the sessions are run with. */
  readonly client: WorkflowClient;

  constructor(client: WorkflowClient) {
    super(client);
    this.client = client;
  }

  /**
   * Reads a session by its id, or by the beginning of it (four characters or more) when only one session begins so.
   *
   * @throws SessionError `SESSION_NOT_FOUND`, `SESSION_CORRUPT`, `SESSION_VERSION_UNKNOWN`
   */
  override async get(idOrPrefix: string): Promise<SessionView> {
    try {
      return await super.get(idOrPrefix);
    } catch (error) {
      if (!StrandsError.isInstance(error) || error.code !== "SESSION_NOT_FOUND") throw error;
      return super.get(await this.resolveId(idOrPrefix));
    }
  }

  /**
   * The full id of a session, from its id or the beginning of it. Reads no journal, so it works for damaged sessions.
   *
   * @throws SessionError `SESSION_NOT_FOUND`
   */
  async resolveId(idOrPrefix: string): Promise<string> {
    const found: string[] = [];
    let notice: string | undefined;
    let cursor: string | undefined;
    do {
      const page = await this.list({ limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
      for (const { id } of page.sessions) {
        if (id === idOrPrefix) return id;
        if (idOrPrefix.length >= shortestPrefix && id.startsWith(idOrPrefix)) found.push(id);
      }
      notice ??= page.notices.find((text) => idOrPrefix !== "" && text.includes(`\`${idOrPrefix}\``));
      cursor = page.next;
    } while (cursor !== undefined);
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    throw notFound(idOrPrefix, found, notice);
  }

  /** Closes the client. */
  close(): Promise<void> {
    return this.client.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Opens the sessions of a storage, a directory or a repository; with the options of a client they can be resumed too. */
export function openSessions(options: StrandsClientOptions = {}): Sessions {
  return new Sessions(createClient(options));
}

const shortestPrefix = 4;
const listHint = "List the sessions to see their ids: `strands sessions list`.";

function notFound(id: string, candidates: readonly string[], notice: string | undefined): SessionError {
  const shown = candidates.slice(0, 5).join(", ");
  if (id.length < shortestPrefix) {
    return new SessionError(
      "SESSION_NOT_FOUND",
      `There is no session \`${id}\`: the beginning of an id needs at least four characters`,
      { sessionId: id, hint: listHint },
    );
  }
  return candidates.length > 1
    ? new SessionError("SESSION_NOT_FOUND", `${candidates.length} sessions begin with \`${id}\``, {
        sessionId: id,
        hint: `Give more of the id: ${shown}${candidates.length > 5 ? ", …" : ""}.`,
      })
    : new SessionError("SESSION_NOT_FOUND", `There is no session \`${id}\``, {
        sessionId: id,
        hint: notice === undefined ? listHint : `${notice}.`,
      });
}
