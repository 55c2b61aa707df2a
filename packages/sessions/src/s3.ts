export type { S3RepositoryOptions } from "./s3/s3-options.js";
export { createS3Repository } from "./s3/s3-repository.js";
