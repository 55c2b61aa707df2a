// Opens a repository whose tables it has to bring forward, in a process of its own. It waits to be told, and dies by
// SIGKILL at a chosen call to the storage.
import { Socket } from "node:net";
import { openPostgresRepository } from "../dist/postgres/postgres-repository.js";
import { postgresSteps } from "../dist/postgres/postgres-schema.js";
import { findSqliteDriver } from "../dist/sqlite/sqlite-driver.js";
import { openSqliteRepository } from "../dist/sqlite/sqlite-repository.js";
import { sqliteSteps } from "../dist/sqlite/sqlite-schema.js";

const { kind, place, steps, dieAt } = JSON.parse(process.argv[2]);
let points = 0;

function point() {
  points += 1;
  if (points === dieAt) process.kill(process.pid, "SIGKILL");
}

function watched(call) {
  return function (...args) {
    point();
    const result = call.apply(this, args);
    point();
    return result;
  };
}

async function findDriver() {
  const open = await findSqliteDriver(place.driver);
  return (file) => {
    const database = open(file);
    for (const name of ["exec", "all", "run"]) database[name] = watched(database[name]);
    return database;
  };
}

function openRepository() {
  if (kind === "sqlite") return openSqliteRepository(place, { findDriver, steps: [...sqliteSteps, ...steps] });
  Socket.prototype.write = watched(Socket.prototype.write);
  const more = steps.map((step) => (schema) => step.replaceAll("$schema", schema));
  return openPostgresRepository({ ...place, maxConnections: 1 }, { steps: [...postgresSteps, ...more] });
}

process.stdout.write("ready\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
process.stdin.destroy();
points = 0;
const repository = openRepository();
const said = await repository.list().then(
  ({ sessions }) => `${sessions.length} sessions`,
  (error) => `${error.code} ${error.message}`,
);
await repository.close();
process.stdout.write(`${said}\n${points}\n`);
