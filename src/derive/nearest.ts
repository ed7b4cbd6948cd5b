import { compareText } from "./shape.ts";

/** Levenshtein distance: insertions, deletions and substitutions from `a` to `b`. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/**
 * Names that a person may have meant, nearest first: at most `limit`, none further than a third
 * of the name (at least two edits) unless one name contains the other.
 */
export function nearestNames(name: string, known: Iterable<string>, limit = 3): string[] {
  const most = Math.max(2, Math.floor(name.length / 3));
  return [...new Set(known)]
    .filter((candidate) => candidate !== name)
    .map((candidate) => ({ candidate, distance: distance(name, candidate, most) }))
    .filter((near) => near.distance <= most)
    .sort((a, b) => a.distance - b.distance || compareText(a.candidate, b.candidate))
    .slice(0, limit)
    .map((near) => near.candidate);
}

function distance(name: string, candidate: string, most: number): number {
  const contained = name.length > 2 && candidate.length > 2 && (name.includes(candidate) || candidate.includes(name));
  const away = Math.abs(name.length - candidate.length) > most ? most + 1 : editDistance(name, candidate);
  return contained ? Math.min(away, most) : away;
}
