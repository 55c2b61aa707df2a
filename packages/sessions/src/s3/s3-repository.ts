import type { SessionRepository } from "@strands/core";
import { InputError } from "@strands/core";
import { leaseRules, type RepositoryInternals } from "../storage/lease-options.js";
import { StoredRepository } from "../storage/stored-repository.js";
import { S3Medium } from "./s3-medium.js";
import { S3Objects } from "./s3-objects.js";
import type { S3RepositoryOptions } from "./s3-options.js";

/**
 * Keeps sessions in a bucket of S3 or of a store that speaks its language, through the optional peer
 * `@aws-sdk/client-s3`. The store has to honour `If-None-Match: *` when it writes: the first use finds out, and refuses
 * one that does not. Nothing is loaded or asked before the first call; the bucket has to be there.
 * @throws `INPUT_INVALID`
 * @example
 * const sessions = createS3Repository({ bucket: "workflows", prefix: "strands/", clientOptions: { region: "eu-west-1" } });
 */
export function createS3Repository(options: S3RepositoryOptions): SessionRepository {
  return openS3Repository(options);
}

/** @internal */
export function openS3Repository(options: S3RepositoryOptions, internals: RepositoryInternals = {}): SessionRepository {
  const { bucket, prefix = "", leaseMs } = options;
  if (typeof bucket !== "string" || bucket === "") {
    throw new InputError("S3 needs a `bucket`", { hint: "Name a bucket that exists." });
  }
  if (prefix.length > 400 || /[^\x21-\x7e]/.test(prefix)) {
    throw new InputError("The `prefix` is not usable", { hint: "Use at most 400 printable ASCII characters." });
  }
  const rules = leaseRules(leaseMs, internals);
  return new StoredRepository(new S3Medium(new S3Objects(options, rules.time), prefix), rules);
}
