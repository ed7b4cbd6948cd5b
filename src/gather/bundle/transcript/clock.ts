import { describedTimeMs, isToTheSecond, ageMs } from "./durations.ts";
import type { Described } from "./described-object.ts";
import { eventAge } from "./describe-events.ts";
import { leaseRenewedMs } from "./describe-node.ts";
import { withBelow } from "./describe-pod.ts";
import { childrenOf, valueOf } from "./describe-tree.ts";
import { columnsOf, rowOf, type Row } from "./table.ts";

/**
 * When each command of a transcript ran. Ages are counted from then, and collecting takes minutes: with one
 * "now" for all, events of the last minutes would change places. Known moments (date, and texts that show one
 * moment both as a time and as an age) are joined by straight lines.
 */
export class Clock {
  readonly #known = new Map<number, number>();
  #points: readonly (readonly [number, number])[] | undefined;

  /** The command at this place ran at this moment. */
  note(place: number, ms: number | undefined): void {
    if (ms === undefined) return;
    this.#known.set(place, ms);
    this.#points = undefined;
  }

  get isSet(): boolean {
    return this.#known.size > 0;
  }

  /** The last known moment, or undefined when nothing is known. */
  lastMs(): number | undefined {
    return this.isSet ? Math.max(...this.#known.values()) : undefined;
  }

  at(place: number): number | undefined {
    this.#points ??= this.#inOrder();
    const points = this.#points;
    const after = points.find(([at]) => at >= place);
    const before = points.findLast(([at]) => at <= place);
    if (before === undefined || after === undefined) return (before ?? after)?.[1];
    if (before[0] === after[0]) return before[1];
    const part = (place - before[0]) / (after[0] - before[0]);
    return Math.round((before[1] + part * (after[1] - before[1])) / 1000) * 1000;
  }

  /** Time does not run backwards: a point before an earlier one (a stopped kubelet's lease) is no point. */
  #inOrder(): [number, number][] {
    const points: [number, number][] = [];
    for (const point of [...this.#known].sort(([a], [b]) => a - b)) {
      if (points.length === 0 || point[1] >= points.at(-1)![1]) points.push(point);
    }
    return points;
  }
}

/** kubelet renews its lease every ten seconds, so on average five have passed. */
const halfRenewalMs = 5000;

/** The moment a describe command ran, when its text gives it away. */
export function momentOf({ resource, lines }: Described): number | undefined {
  if (resource === "nodes") {
    const isReady = childrenOf(lines, "Conditions").some((line) => /^Ready\s+True\s/.test(line.text));
    const renewedMs = leaseRenewedMs(lines);
    return isReady && renewedMs !== undefined ? renewedMs + halfRenewalMs : undefined;
  }
  if (resource !== "pods") return undefined;
  const startMs = describedTimeMs(valueOf(lines, "Start Time") ?? "");
  const [titles, ...rows] = childrenOf(lines, "Events").flatMap(withBelow);
  if (startMs === undefined || titles === undefined) return undefined;
  const columns = columnsOf(titles);
  const scheduled = rows.map((line) => rowOf(line, columns)).find((row) => row["Reason"] === "Scheduled");
  const age = scheduled?.["Age"] ?? "";
  const seen = eventAge(age);
  return seen === undefined || seen.count > 1 || !isToTheSecond(age) ? undefined : startMs + seen.lastMs;
}

/** The moment a list of pods was made, from rows whose pods are described with their start. */
export function momentOfPods(
  rows: readonly Row[],
  startsMs: ReadonlyMap<string, number>,
): number | undefined {
  const moments = rows.flatMap((row) => {
    const startMs = startsMs.get(row["NAME"] ?? "");
    const age = row["AGE"] ?? "";
    const passedMs = isToTheSecond(age) ? ageMs(age) : undefined;
    return startMs === undefined || passedMs === undefined ? [] : [startMs + passedMs];
  });
  // A pod starts after it was created, so each sum is a little late; the smallest is the best.
  return moments.length === 0 ? undefined : Math.min(...moments);
}
