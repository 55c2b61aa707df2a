import { InputError, redact, type SessionRepository, StrandsError } from "@strands/core";
import { createFileRepository, type Durability } from "@strands/sessions/file";
import { lazyRepository } from "./lazy-repository.js";
import { describeStorage, type StorageAddress, storageSecrets } from "./storage-address.js";

/** What opening a storage takes besides its address. */
export interface OpenStorageOptions {
  readonly durability?: Durability | undefined;
  /** Makes the repositories that bring a library of their own. @defaultValue those of `@strands/sessions` */
  readonly factories?: StorageFactories | undefined;
}

type Place<T extends StorageAddress["type"]> = Omit<Extract<StorageAddress, { type: T }>, "type">;

/** The kinds that bring a library of their own. Loaded with the first use. */
export interface StorageFactories {
  sqlite(place: Place<"sqlite"> & { readonly durability?: Durability }): Promise<SessionRepository>;
  postgres(place: Place<"postgres">): Promise<SessionRepository>;
  s3(place: Place<"s3">): Promise<SessionRepository>;
}

const ownFactories: StorageFactories = {
  sqlite: async (place) => (await import("@strands/sessions/sqlite")).createSqliteRepository(place),
  postgres: async (place) => (await import("@strands/sessions/postgres")).createPostgresRepository(place),
  s3: async (place) => (await import("@strands/sessions/s3")).createS3Repository(place),
};

/**
 * The repository at an address. Touches nothing before its first use; what keeps it from being used is then an error of
 * that use, and no other repository takes its place.
 */
export function openStorage(address: StorageAddress, options: OpenStorageOptions = {}): SessionRepository {
  const { durability, factories = ownFactories } = options;
  const more = durability === undefined ? {} : { durability };
  if (address.type === "file") return createFileRepository({ directory: address.directory, ...more });
  return lazyRepository(describeStorage(address), async () => {
    try {
      return await make(address, factories, more);
    } catch (error) {
      throw StrandsError.isInstance(error) ? error : unusable(address, error);
    }
  });
}

function make(
  address: Exclude<StorageAddress, { type: "file" }>,
  factories: StorageFactories,
  more: { readonly durability?: Durability },
): Promise<SessionRepository> {
  switch (address.type) {
    case "sqlite":
      return factories.sqlite({ file: address.file, ...more });
    case "postgres":
      return factories.postgres({ connectionString: address.connectionString });
    case "s3":
      return factories.s3({ bucket: address.bucket, prefix: address.prefix });
  }
}

/** The cause is left out: it may quote the address. */
function unusable(address: StorageAddress, error: unknown): InputError {
  let reason = redact(error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  for (const secret of storageSecrets(address)) reason = reason.replaceAll(secret, "[redacted]");
  return new InputError(`The storage \`${describeStorage(address)}\` cannot be used: ${reason}`, {
    hint: `Install what \`@strands/sessions/${address.type}\` needs, or choose another storage.`,
  });
}
