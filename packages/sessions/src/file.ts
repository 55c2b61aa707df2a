export { defaultSessionDirectory } from "./file/default-directory.js";
export { createFileRepository, type Durability, type FileRepositoryOptions } from "./file/file-repository.js";
