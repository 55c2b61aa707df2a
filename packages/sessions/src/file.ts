export { defaultSessionDirectory } from "./file/default-directory.js";
export { createFileRepository, type FileRepositoryOptions } from "./file/file-repository.js";
export type { Durability } from "./storage/durability.js";
