export { createS3Repository, type S3RepositoryOptions } from "./s3/s3-repository.js";
