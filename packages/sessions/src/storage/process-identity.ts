import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { performance } from "node:perf_hooks";

/** Names one process for as long as anybody may ask whether it still lives. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Boot id and process namespace: where the pid means something. Known on Linux only. */
  readonly space?: string;
  /** When it started, in the platform's own terms; tells a reused pid. */
  readonly started: string;
}

/** `self` and `alive` are certain, `gone` too; `unknown` can only be told by watching its heartbeat. */
export type Liveness = "self" | "alive" | "gone" | "unknown";

let current: ProcessIdentity | undefined;

/** This process. */
export function currentProcess(): ProcessIdentity {
  current ??= identify();
  return current;
}

/** Whether the process behind an identity still runs, as far as `me` can tell. */
export function livenessOf(other: ProcessIdentity, me: ProcessIdentity): Liveness {
  if (other.host !== me.host || other.space !== me.space) return "unknown";
  if (other.pid === me.pid && other.started === me.started) return "self";
  if (me.space !== undefined) {
    const started = startOf(other.pid);
    return started === other.started ? "alive" : "gone";
  }
  return exists(other.pid) ? "unknown" : "gone";
}

function identify(): ProcessIdentity {
  const { pid } = process;
  const host = hostname();
  const started = startOf(pid);
  const boot = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const namespace = attempt(() => readlinkSync("/proc/self/ns/pid"));
  if (started === undefined || boot === undefined || namespace === undefined) {
    return { pid, host, started: `t${Math.round(performance.timeOrigin)}` };
  }
  return { pid, host, space: `${boot} ${namespace}`, started };
}

/** Start time of a process in clock ticks since boot; absent when there is none, or only what a parent has not collected. */
function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  if (stat === undefined) return undefined;
  // The second field is the command in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return state === "Z" || state === "X" ? undefined : fields[19];
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
