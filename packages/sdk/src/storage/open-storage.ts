import { InputError, redact, type SessionRepository, StrandsError } from "@strands/core";
import { createFileRepository, type Durability } from "@strands/sessions/file";
import { lazyRepository } from "./lazy-repository.js";
import { describeStorage, type StorageAddress, storageSecrets } from "./storage-address.js";

type Importer = (specifier: string) => Promise<Readonly<Record<string, unknown>>>;

/** What opening a storage takes besides its address. */
export interface OpenStorageOptions {
  readonly durability?: Durability | undefined;
  /** Loads a module. @defaultValue `import` */
  readonly load?: Importer | undefined;
}

/** The module and factory of each kind that brings a library of its own; loaded on first use. */
const lazyKinds = {
  sqlite: { module: "@strands/sessions/sqlite", factory: "createSqliteRepository" },
  postgres: { module: "@strands/sessions/postgres", factory: "createPostgresRepository" },
  s3: { module: "@strands/sessions/s3", factory: "createS3Repository" },
} as const;

const importModule: Importer = (specifier) => import(specifier);

/**
 * The repository at an address. Touches nothing before its first use; what keeps it from being used is then an error of
 * that use, and no other repository takes its place.
 */
export function openStorage(address: StorageAddress, options: OpenStorageOptions = {}): SessionRepository {
  const { durability, load = importModule } = options;
  const more = durability === undefined ? {} : { durability };
  if (address.type === "file") return createFileRepository({ directory: address.directory, ...more });
  const { module, factory } = lazyKinds[address.type];
  const { type, ...place } = address;
  return lazyRepository(describeStorage(address), async () => {
    try {
      const create = (await load(module))[factory];
      if (typeof create !== "function") throw new Error(`\`${module}\` has no \`${factory}\``);
      return create(type === "sqlite" ? { ...place, ...more } : place) as SessionRepository;
    } catch (error) {
      throw StrandsError.isInstance(error) ? error : unusable(address, error);
    }
  });
}

/** The cause is left out: it may quote the address. */
function unusable(address: StorageAddress, error: unknown): InputError {
  let reason = redact(error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  for (const secret of storageSecrets(address)) reason = reason.replaceAll(secret, "[redacted]");
  return new InputError(`The storage \`${describeStorage(address)}\` cannot be used: ${reason}`, {
    hint: `Install what \`@strands/sessions/${address.type}\` needs, or choose another storage.`,
  });
}
