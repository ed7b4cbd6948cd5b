import { compareText } from "./shape.ts";

/**
 * The candidates most like a name that does not exist, nearest first, at most `limit`.
 * Counts as near: few edits for its length, or the same dash-separated words in another order,
 * or one name's words being all among the other's ("redis" and "redis-cart").
 */
export function nearestNames(name: string, candidates: Iterable<string>, limit = 3): string[] {
  const scored = [...new Set(candidates)]
    .filter((candidate) => candidate !== name)
    .map((candidate) => ({ candidate, score: nearness(name, candidate) }))
    .filter((c): c is { candidate: string; score: number } => c.score !== undefined)
    .sort((a, b) => a.score - b.score || compareText(a.candidate, b.candidate));
  return scored.slice(0, limit).map((c) => c.candidate);
}

function nearness(name: string, candidate: string): number | undefined {
  const edits = editDistance(name, candidate);
  const most = name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 4));
  if (edits <= most) return edits;
  const wanted = words(name);
  const offered = words(candidate);
  if (wanted.size === offered.size && within(wanted, offered)) return 2;
  return within(wanted, offered) || within(offered, wanted) ? 10 + edits : undefined;
}

const within = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  [...part].every((word) => whole.has(word));

const words = (name: string): ReadonlySet<string> => new Set(name.split(/[-.]/).filter((w) => w !== ""));

/** Edits (insert, delete, replace, swap of neighbours) that turn one string into the other. */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  let before: number[] = [];
  let previous = Array.from({ length: width }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j < width; j++) {
      const replace = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replace, at(previous, j) + 1, at(current, j - 1) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, at(before, j - 2) + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return at(previous, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;
