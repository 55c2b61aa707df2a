export { createPostgresRepository, type PostgresRepositoryOptions } from "./postgres/postgres-repository.js";
