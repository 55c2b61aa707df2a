import { type Dirent, readdirSync, type Stats, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { SessionPage, SessionQuery, SessionSummary } from "@strands/core";
import { StrandsError } from "@strands/core";
import { cursorBehind, type ListPlace, newestFirst, parseCursor } from "../storage/list-cursor.js";
import { removeAbandoned } from "./durable-files.js";
import { isDirectoryId, recordFile } from "./layout.js";
import { errnoOf, isAbsent, listError, storageError } from "./storage-error.js";

/**
 * One page of the sessions in a directory. The order comes from the times of the record files, so only the summaries of
 * the page are opened. Where those times were lost (a copy that did not keep them), every summary is read once, and
 * the times are put right.
 * @param summaryOf the summary of a session, or why there is none
 */
export async function listSessions(
  root: string,
  query: SessionQuery,
  summaryOf: (sessionId: string) => SessionSummary,
): Promise<SessionPage> {
  const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  const limit = query.limit ?? 100;
  const names = readNames(root);
  const notices: string[] = [];
  let ranks = await rankByFile(root, names, notices);

  for (let trusted = false; ; trusted = true) {
    const page = await collect(ranks, after, limit, query, summaryOf, trusted);
    if (page !== undefined) return { ...page, notices: [...notices, ...page.notices] };
    ranks = await rankBySummary(root, ranks, summaryOf);
  }
}

async function collect(
  ranks: readonly ListPlace[],
  after: ListPlace | undefined,
  limit: number,
  query: SessionQuery,
  summaryOf: (sessionId: string) => SessionSummary,
  trusted: boolean,
): Promise<SessionPage | undefined> {
  const sessions: SessionSummary[] = [];
  const notices: string[] = [];
  let last: ListPlace | undefined;
  let looked = 0;
  for (const rank of ranks) {
    if (after !== undefined && newestFirst(rank, after) <= 0) continue;
    looked += 1;
    if (looked % 200 === 0) await nextTurn();
    let summary: SessionSummary;
    try {
      summary = summaryOf(rank.id);
    } catch (error) {
      notices.push(`The session \`${rank.id}\` is left out: ${reasonOf(error)}`);
      continue;
    }
    if (!trusted && Math.round(summary.createdAt) !== rank.createdAt) return undefined;
    if (query.status !== undefined && summary.status !== query.status) continue;
    if (query.workflowName !== undefined && summary.workflowName !== query.workflowName) continue;
    if (sessions.length === limit) {
      return { sessions, notices, ...(last === undefined ? {} : { next: cursorBehind(last) }) };
    }
    sessions.push(summary);
    last = rank;
  }
  return { sessions, notices };
}

async function rankByFile(root: string, names: readonly Dirent[], notices: string[]): Promise<readonly ListPlace[]> {
  const ranks: ListPlace[] = [];
  const half: string[] = [];
  for (const [i, entry] of names.entries()) {
    if (i % 2000 === 1999) await nextTurn();
    const { name } = entry;
    if (name.startsWith(".")) half.push(name);
    if (!isDirectoryId(name) || !entry.isDirectory()) continue;
    let status: Stats | undefined;
    try {
      status = statSync(`${root}/${name}/${recordFile}`, { throwIfNoEntry: false });
    } catch (error) {
      notices.push(`The session \`${name}\` is left out: ${storageError(name, "read", error).message}`);
      continue;
    }
    if (status === undefined)
      notices.push(
        `\`${name}\` is left out: it holds no ${recordFile}. Nothing can be made of it; remove \`${join(root, name)}\` if you do not need it`,
      );
    else ranks.push({ id: name, createdAt: Math.round(status.mtimeMs) });
  }
  removeAbandoned(root, half);
  return ranks.sort(newestFirst);
}

async function rankBySummary(
  root: string,
  ranks: readonly ListPlace[],
  summaryOf: (sessionId: string) => SessionSummary,
): Promise<readonly ListPlace[]> {
  const right: ListPlace[] = [];
  for (const [i, { id, createdAt: found }] of ranks.entries()) {
    if (i % 200 === 199) await nextTurn();
    try {
      const createdAt = Math.round(summaryOf(id).createdAt);
      right.push({ id, createdAt });
      if (createdAt !== found) utimesSync(join(root, id, recordFile), createdAt / 1000, createdAt / 1000);
    } catch {
      // Damaged, or not ours to change: it keeps the place its file gives it, and the page says what is wrong with it.
      if (right.at(-1)?.id !== id) right.push({ id, createdAt: found });
    }
  }
  return right.sort(newestFirst);
}

function readNames(root: string): readonly Dirent[] {
  try {
    return readdirSync(root, { withFileTypes: true });
  } catch (error) {
    if (errnoOf(error) === "ENOTDIR") {
      throw new StrandsError("SESSION_STORAGE", `The session directory \`${root}\` is not a directory`, {
        cause: error,
        hint: "Name a directory, or one that does not exist yet.",
      });
    }
    if (isAbsent(error)) return [];
    throw listError(error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
