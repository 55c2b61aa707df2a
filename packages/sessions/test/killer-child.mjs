// Waits for a sign, lets a little time go by, and kills the process it is a thread of, wherever that is by then.
import { workerData } from "node:worker_threads";

const { flag, afterUs } = workerData;
Atomics.wait(flag, 0, 0);
const due = performance.now() + afterUs / 1000;
while (performance.now() < due);
process.kill(process.pid, "SIGKILL");
