import type { GatewayScan, KeptRequest } from "./gateway-scan.ts";
import type { LogHop, LoggedRequest } from "./traffic.ts";

/** What the station behind says of the requests that a station in front saw fail. */
export interface StationPairs {
  readonly outer: LogHop;
  /** Absent: the gateway in the cluster. */
  readonly inner?: LogHop;
  /** Failed requests of the outer station that were looked for. */
  readonly of: number;
  /** Failed there as well: the fault lies there or deeper. */
  readonly failedInside: number;
  /** There the client, which is the outer station, left first: its timer is the shorter one. */
  readonly leftInside: number;
}

/** Clocks of two stations, and stamps in whole seconds. */
const slackMs = 2000;

/**
 * Failed requests of each station in front beside those that the innermost one logged as failed or left, matched by
 * method, path and time. What is in neither group has no failure inside: it never came there, or went well.
 */
export function stationPairs(scan: GatewayScan): readonly StationPairs[] {
  const [inner, ...outers] = scan.stations ?? [];
  if (inner === undefined) return [];
  return outers.flatMap(({ hop: outer }): StationPairs[] => {
    if (outer === undefined) return [];
    const inside = newIndex(scan.kept.filter(({ bucket }) => bucket.hop === inner.hop));
    const found = { of: 0, failedInside: 0, leftInside: 0 };
    for (const { bucket, outcome, request } of scan.kept) {
      if (bucket.hop !== outer || outcome !== "failed") continue;
      found.of++;
      const match = inside(request);
      if (match === "failed") found.failedInside++;
      else if (match === "aborted") found.leftInside++;
    }
    return found.of === 0
      ? []
      : [{ outer, ...(inner.hop === undefined ? {} : { inner: inner.hop }), ...found }];
  });
}

/** Each request inside answers for one outside. */
function newIndex(
  kept: readonly KeptRequest[],
): (outer: LoggedRequest) => KeptRequest["outcome"] | undefined {
  const byKey = Map.groupBy(
    kept.filter(({ outcome }) => outcome !== "masked"),
    ({ request }) => keyOf(request),
  );
  const used = new Set<KeptRequest>();
  return (outer) => {
    const candidates = byKey.get(keyOf(outer)) ?? [];
    let at = lowerBound(candidates, outer.endMs - slackMs);
    for (; at < candidates.length && candidates[at]!.request.endMs <= outer.endMs + slackMs; at++) {
      const candidate = candidates[at]!;
      if (used.has(candidate)) continue;
      used.add(candidate);
      return candidate.outcome;
    }
    return undefined;
  };
}

/** Without its query, which some stations do not log. */
const keyOf = ({ method, path }: LoggedRequest): string => `${method} ${path.split("?", 1)[0]}`;

/** `kept` is in order of end. */
function lowerBound(kept: readonly KeptRequest[], fromMs: number): number {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (kept[middle]!.request.endMs < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
