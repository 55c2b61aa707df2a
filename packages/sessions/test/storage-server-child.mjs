// A server that sessions are kept in, as a process of its own: `storage-server-child.mjs postgres` or `s3`. It says where it
// is, and ends with its input.
import { startPostgres } from "./support/postgres-server.js";
import { startS3 } from "./support/s3-server.js";

const server = await (process.argv[2] === "s3" ? startS3("sessions") : startPostgres({ fsync: true }));
process.stdout.write(`${server.endpoint ?? server.url}\n`);
process.stdin.resume().once("end", () => server.stop());
