import type { SessionRepository } from "@strands/core";

/** A repository that is loaded with its first use. A load that failed is tried again by the next use. */
export function lazyRepository(name: string, load: () => Promise<SessionRepository>): SessionRepository {
  let loading: Promise<SessionRepository> | undefined;
  const open = (): Promise<SessionRepository> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    name,
    create: async (record) => (await open()).create(record),
    load: async (sessionId) => (await open()).load(sessionId),
    claim: async (sessionId, request) => (await open()).claim(sessionId, request),
    list: async (query) => (await open()).list(query),
    delete: async (sessionId) => (await open()).delete(sessionId),
    async close() {
      // What could not be loaded needs no end.
      const repository = await loading?.catch(() => undefined);
      await repository?.close?.();
    },
  };
}
