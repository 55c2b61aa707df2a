import {
  foldSummary,
  type InterruptState,
  interruptsOf,
  newSummary,
  SessionError,
  type SessionPage,
  type SessionQuery,
  type SessionSummary,
  type StoredSession,
  StrandsError,
} from "@strands/core";
import { repositoryFor, type SessionLocation } from "./create-client.js";

/** A session with what its journal says about it. */
export interface SessionView extends StoredSession {
  readonly summary: SessionSummary;
  readonly interrupts: readonly InterruptState[];
}

/** Looks at stored sessions without running anything. */
export interface Sessions extends AsyncDisposable {
  /** One page, newest first. */
  list(query?: SessionQuery): Promise<SessionPage>;
  /**
   * Reads a session by its id, or by the beginning of it (four characters or more) when only one session begins so.
   *
   * @throws SessionError `SESSION_NOT_FOUND`, `SESSION_CORRUPT`, `SESSION_VERSION_UNKNOWN`
   */
  get(idOrPrefix: string): Promise<SessionView>;
  /**
   * The full id of a session, from its id or the beginning of it. Reads no journal, so it works for damaged sessions.
   *
   * @throws SessionError `SESSION_NOT_FOUND`
   */
  resolveId(idOrPrefix: string): Promise<string>;
  /** @throws SessionError `SESSION_NOT_FOUND`, and `SESSION_LEASED` while it is being run */
  delete(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the sessions of a directory or repository. */
export function openSessions(location: SessionLocation = {}): Sessions {
  const repository = repositoryFor(location);
  const close = async (): Promise<void> => repository.close?.();
  const pages = async function* (): AsyncGenerator<SessionPage> {
    let cursor: string | undefined;
    do {
      const page = await repository.list({ limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
      yield page;
      cursor = page.next;
    } while (cursor !== undefined);
  };
  const resolveId = async (idOrPrefix: string): Promise<string> => {
    const found: string[] = [];
    let notice: string | undefined;
    for await (const { sessions, notices } of pages()) {
      for (const { id } of sessions) {
        if (id === idOrPrefix) return id;
        if (idOrPrefix.length >= shortestPrefix && id.startsWith(idOrPrefix)) found.push(id);
      }
      notice ??= notices.find((text) => idOrPrefix !== "" && text.includes(`\`${idOrPrefix}\``));
    }
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    throw notFound(idOrPrefix, found, notice);
  };
  return {
    list: (query) => repository.list(query),
    resolveId,
    delete: (id) => repository.delete(id),
    close,
    [Symbol.asyncDispose]: close,
    async get(idOrPrefix) {
      const stored = await repository.load(idOrPrefix).catch(async (error: unknown) => {
        if (!StrandsError.isInstance(error) || error.code !== "SESSION_NOT_FOUND") throw error;
        return repository.load(await resolveId(idOrPrefix));
      });
      return {
        ...stored,
        summary: foldSummary(newSummary(stored.record), stored.entries),
        interrupts: interruptsOf(stored.entries),
      };
    },
  };
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
