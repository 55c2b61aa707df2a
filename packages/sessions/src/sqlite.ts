export type { SqliteDriver } from "./sqlite/sqlite-driver.js";
export {
  createSqliteRepository,
  type SqliteRepositoryOptions,
} from "./sqlite/sqlite-repository.js";
export type { Durability } from "./storage/durability.js";
