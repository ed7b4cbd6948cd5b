/** The name with the fewest edits, when few enough for a slip of the hand; undefined else. The first of equals is taken. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase().slice(0, 60);
  let best: string | undefined;
  let bestEdits = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    const edits = name.startsWith(wanted) && wanted.length >= 3 ? 1 : editsBetween(wanted, name);
    if (edits >= bestEdits) continue;
    best = name;
    bestEdits = edits;
  }
  return best;
}

/** Levenshtein distance. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
