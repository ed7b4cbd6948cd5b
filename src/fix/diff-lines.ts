/** One line of a comparison: kept, taken away or added. */
export interface DiffLine {
  readonly kind: " " | "-" | "+";
  readonly text: string;
}

/** The fewest lines taken away and added (E. W. Myers, "An O(ND) difference algorithm and its variations", 1986). */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const shortest = Math.min(before.length, after.length);
  let head = 0;
  while (head < shortest && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shortest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return [
    ...kept(before.slice(0, head)),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...kept(before.slice(before.length - tail)),
  ];
}

const kept = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: " ", text }));

/** Beyond this many changes the parts that differ are told as a whole: nobody reads so long a difference. */
const mostChanges = 2000;

function middle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const rounds = furthest(before, after);
  if (rounds === undefined)
    return [
      ...before.map((text) => ({ kind: "-", text }) as const),
      ...after.map((text) => ({ kind: "+", text }) as const),
    ];
  const lines: DiffLine[] = [];
  let x = before.length;
  let y = after.length;
  for (let d = rounds.length - 1; d >= 0; d--) {
    const reach = rounds[d]!;
    const k = x - y;
    const isAdded = d > 0 && (k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1)));
    const from = d === 0 ? 0 : isAdded ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : (reach.get(from) ?? 0);
    const fromY = fromX - from;
    while (x > Math.max(0, fromX) && y > Math.max(0, fromY)) {
      x--;
      y--;
      lines.push({ kind: " ", text: before[x] ?? "" });
    }
    if (d === 0) break;
    if (isAdded) {
      y--;
      lines.push({ kind: "+", text: after[y] ?? "" });
    } else {
      x--;
      lines.push({ kind: "-", text: before[x] ?? "" });
    }
  }
  return lines.reverse();
}

/** For each number of changes how far each diagonal was reached before it; undefined beyond the limit. */
function furthest(
  before: readonly string[],
  after: readonly string[],
): ReadonlyMap<number, number>[] | undefined {
  const reach = new Map<number, number>([[1, 0]]);
  const rounds: ReadonlyMap<number, number>[] = [];
  const most = Math.min(mostChanges, before.length + after.length);
  for (let d = 0; d <= most; d++) {
    rounds.push(new Map(reach));
    for (let k = -d; k <= d; k += 2) {
      const isDown = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = isDown ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++;
      reach.set(k, x);
      if (x >= before.length && x - k >= after.length) return rounds;
    }
  }
  return undefined;
}
