import { readdirSync, readFileSync } from "node:fs";

/** A process and all that came of it, as the lab's pid space has them. */
function processTree(first: number): number[] {
  const all = [first];
  for (let i = 0; i < all.length; i++) all.push(...childrenOfAllThreads(all[i] ?? 0));
  return all;
}

const treeAgeMs = 200;

/** The tree of a first process that may not run yet; looked up anew five times a second. */
export function openTree(first: () => number | undefined): () => readonly number[] {
  let pids: readonly number[] = [];
  let lookedMs = Number.NEGATIVE_INFINITY;
  return () => {
    const pid = first();
    if (pid === undefined) return [];
    if (pids[0] === pid && performance.now() - lookedMs < treeAgeMs) return pids;
    lookedMs = performance.now();
    pids = processTree(pid);
    return pids;
  };
}

/** A thread's children are its own in /proc. */
function childrenOfAllThreads(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      numbers(readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1")),
    );
  } catch {
    return [];
  }
}

const numbers = (text: string): number[] =>
  text
    .split(" ")
    .filter((part) => part !== "")
    .map(Number);

const pageBytes = 4096;

/**
 * Memory that cannot be taken back without killing: resident pages but for those of files
 * (proc(5), statm: resident − shared).
 */
export function memoryBytes(pids: readonly number[]): number {
  let pages = 0;
  for (const pid of pids) {
    const [, resident = 0, shared = 0] = numbers(readOf(`/proc/${pid}/statm`));
    pages += resident - shared;
  }
  return pages * pageBytes;
}

/** USER_HZ is 100 on all platforms of Linux that matter here. */
const tickMs = 10;

/** CPU time used so far, user and system, by these processes and their ended children (proc(5), stat 14 to 17). */
export function cpuMs(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const text = readOf(`/proc/${pid}/stat`);
    const fields = numbers(text.slice(text.lastIndexOf(")") + 2));
    for (const field of [11, 12, 13, 14]) ticks += fields[field] ?? 0;
  }
  return ticks * tickMs;
}

function readOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
