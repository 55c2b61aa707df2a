import { randomUUID } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { StrandsError } from "@strands/core";
import type { LeaseTime } from "../storage/lease.js";
import { systemTime } from "../storage/system-time.js";
import { isPassing, statusOf } from "./explain-s3.js";
import type { S3RepositoryOptions } from "./s3-options.js";

type Library = typeof import("@aws-sdk/client-s3");

/** How long to wait before the second and the third try of a request, in milliseconds. */
const pausesMs: readonly number[] = [50, 400];

/** Requests under way at once when many objects are read or removed: as many as the client has connections, unless told. */
const atOnce = 50;

/** The objects of a bucket as texts. */
export class S3Objects {
  readonly #options: S3RepositoryOptions;
  readonly #sleep: LeaseTime["sleep"];
  #opening: Promise<Opened> | undefined;

  constructor(options: S3RepositoryOptions, { sleep }: Pick<LeaseTime, "sleep"> = systemTime) {
    this.#options = options;
    this.#sleep = sleep;
  }

  /**
   * Puts an object where none is. `false` when there is another one; the same text there counts as put, because an answer
   * may have been lost: so a text has to be of its writer alone.
   */
  async putNew(key: string, text: string): Promise<boolean> {
    const taken = await this.#try(async (opened) => {
      try {
        await this.#put(opened, key, text, true);
        return false;
      } catch (error) {
        if (statusOf(error) === 412) return true;
        throw error;
      }
    });
    return !taken || (await this.get(key)) === text;
  }

  async put(key: string, text: string): Promise<void> {
    await this.#try((opened) => this.#put(opened, key, text, false));
  }

  /** `undefined` when there is no such object. */
  get(key: string): Promise<string | undefined> {
    return this.#try(async ({ client, library }) => {
      try {
        const { Body } = await client.send(new library.GetObjectCommand({ Bucket: this.#options.bucket, Key: key }));
        return await Body?.transformToString();
      } catch (error) {
        if (statusOf(error) === 404 && (error as Error).name !== "NoSuchBucket") return undefined;
        throw error;
      }
    });
  }

  getAll(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return inTurns(keys, (key) => this.get(key));
  }

  /** The keys behind one, in order; at most `limit` of them. */
  async list(
    prefix: string,
    after: string | undefined,
    limit: number = Number.POSITIVE_INFINITY,
  ): Promise<readonly string[]> {
    const keys: string[] = [];
    let behind = after;
    for (;;) {
      const wanted = Math.min(1000, limit - keys.length);
      const page = await this.#try(({ client, library }) =>
        client.send(
          new library.ListObjectsV2Command({
            Bucket: this.#options.bucket,
            Prefix: prefix,
            MaxKeys: wanted,
            ...(behind === undefined ? {} : { StartAfter: behind }),
          }),
        ),
      );
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
      if (page.IsTruncated !== true || keys.length >= limit) return keys;
      behind = keys.at(-1);
    }
  }

  async remove(keys: readonly string[]): Promise<void> {
    await inTurns(keys, (key) =>
      this.#try(({ client, library }) =>
        client.send(new library.DeleteObjectCommand({ Bucket: this.#options.bucket, Key: key })),
      ),
    );
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    if (opening === undefined || this.#options.client !== undefined) return;
    const opened = await opening.catch(() => undefined);
    opened?.client.destroy();
  }

  async #put({ client, library }: Opened, key: string, text: string, isNew: boolean): Promise<void> {
    await client.send(
      new library.PutObjectCommand({
        Bucket: this.#options.bucket,
        Key: key,
        Body: text,
        // Of an empty text the client does not find it out, and complains on the console.
        ContentLength: Buffer.byteLength(text),
        ContentType: "application/json",
        ...(isNew ? { IfNoneMatch: "*" } : {}),
      }),
    );
  }

  async #try<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
    this.#opening ??= this.#open();
    let opened: Opened;
    try {
      opened = await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
    return this.#again(() => work(opened));
  }

  async #open(): Promise<Opened> {
    const library = await import("@aws-sdk/client-s3").catch((cause: unknown) => {
      throw new StrandsError("SESSION_STORAGE", "The package `@aws-sdk/client-s3` could not be loaded", {
        cause,
        hint: "Install `@aws-sdk/client-s3` next to `@strands/sessions`.",
      });
    });
    const client = this.#options.client ?? new library.S3Client(this.#options.clientOptions ?? {});
    const opened = { client, library };
    await this.#probe(opened);
    return opened;
  }

  /** Sees whether the store refuses to write over an object when asked to: everything rests on it. */
  async #probe(opened: Opened): Promise<void> {
    const key = `${this.#options.prefix ?? ""}probe/${randomUUID()}`;
    const put = (): Promise<number> =>
      this.#again(() => this.#put(opened, key, "probe", true)).then(
        () => 200,
        (error: unknown) => {
          const status = statusOf(error);
          if (status === 412 || status === 501) return status;
          throw error;
        },
      );
    const first = await put();
    const second = first === 501 ? first : await put();
    const { client, library } = opened;
    await client.send(new library.DeleteObjectCommand({ Bucket: this.#options.bucket, Key: key })).catch(() => {});
    if (second === 412) return;
    throw new StrandsError("SESSION_STORAGE", "The store ignores `If-None-Match: *` when it writes", {
      hint: "Sessions would not be safe in it. Use a store with conditional writes, as Amazon S3 has them, or another repository.",
    });
  }

  async #again<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        const pauseMs = pausesMs[tries];
        if (pauseMs === undefined || !isPassing(error)) throw error;
        await this.#sleep(pauseMs, undefined);
      }
    }
  }
}

interface Opened {
  readonly client: S3Client;
  readonly library: Library;
}

/** Works on many things, so many at once, and gives the results in order. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const i = next;
      next += 1;
      if (i >= items.length) return;
      results[i] = await work(items[i] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
