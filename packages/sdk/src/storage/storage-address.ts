import { fileURLToPath } from "node:url";
import { InputError } from "@strands/core";

/** Where sessions are kept. */
export type StorageAddress =
  | { readonly type: "file"; readonly directory: string }
  | { readonly type: "sqlite"; readonly file: string }
  | { readonly type: "postgres"; readonly connectionString: string }
  /** The prefix is empty or ends in `/`: keys of objects begin with it. */
  | { readonly type: "s3"; readonly bucket: string; readonly prefix: string };

const hint = "Use one of: file:DIR, sqlite:FILE, postgres://USER:PASSWORD@HOST/DATABASE, s3://BUCKET/PREFIX.";

/**
 * Reads an address such as `sqlite:sessions.db`. What is wrong with it is said without it: it may hold a password.
 *
 * @param name of the option or variable it came from
 * @throws InputError `INPUT_INVALID`
 */
export function parseStorage(text: string, name = "storage"): StorageAddress {
  const [, scheme = "", place = ""] = /^([A-Za-z][A-Za-z0-9+.]*):(.*)$/s.exec(text.trim()) ?? [];
  switch (scheme.toLowerCase()) {
    case "file":
      return { type: "file", directory: pathOf(place, name, "file:DIR") };
    case "sqlite":
      return { type: "sqlite", file: pathOf(place, name, "sqlite:FILE") };
    case "postgres":
    case "postgresql":
      return { type: "postgres", connectionString: postgresUrl(text.trim(), name) };
    case "s3":
      return bucketOf(place, name);
    case "":
      throw new InputError(`\`${name}\` does not say what kind of storage it is`, { hint });
    default:
      throw new InputError(`\`${name}\` names an unknown kind of storage, \`${scheme.slice(0, 20)}\``, { hint });
  }
}

/** An address for people: without user, password and parameters. */
export function describeStorage(address: StorageAddress): string {
  switch (address.type) {
    case "file":
      return `file:${address.directory}`;
    case "sqlite":
      return `sqlite:${address.file}`;
    case "postgres": {
      const { host, pathname } = new URL(address.connectionString);
      return `postgres://${host}${pathname}`;
    }
    case "s3":
      return `s3://${address.bucket}/${address.prefix}`.replace(/\/$/, "");
  }
}

/** What of an address must never be shown. */
export function storageSecrets(address: StorageAddress): readonly string[] {
  if (address.type !== "postgres") return [];
  const { password, searchParams } = new URL(address.connectionString);
  const named = [...searchParams].flatMap(([key, value]) => (/pass|secret|token|key/i.test(key) ? [value] : []));
  return [address.connectionString, password, decoded(password), ...named].filter((secret) => secret !== "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function pathOf(place: string, name: string, form: string): string {
  if (place.trim() === "") throw new InputError(`\`${name}\` names no place`, { hint: `Write ${form}.` });
  if (!place.startsWith("//")) return place;
  try {
    return fileURLToPath(`file:${place}`);
  } catch (cause) {
    throw new InputError(`\`${name}\` is not a place on this machine`, { hint: `Write ${form}.`, cause });
  }
}

function postgresUrl(text: string, name: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && url.host !== "") return text;
  throw new InputError(`\`${name}\` is not a usable address of a PostgreSQL server`, {
    hint: "Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with `%40` for `@` and `%2F` for `/` in the password.",
  });
}

function bucketOf(place: string, name: string): StorageAddress {
  const [, bucket, prefix = ""] = /^\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^?#]*))?$/.exec(place) ?? [];
  const folder = prefix.replace(/^\/+|\/+$/g, "");
  if (bucket !== undefined) return { type: "s3", bucket, prefix: folder === "" ? "" : `${folder}/` };
  throw new InputError(`\`${name}\` is not a usable address of a bucket`, {
    hint: "Write s3://BUCKET/PREFIX; keys and region come from the environment.",
  });
}
