export type { PostgresRepositoryOptions } from "./postgres/postgres-options.js";
export { createPostgresRepository } from "./postgres/postgres-repository.js";
