import type { DepartedPod, PodView } from "../derive/views.ts";
import type { Observed } from "../evidence/observed.ts";
import type { ObjectRef } from "../evidence/object-ref.ts";
import type { Attempt } from "../logs/traffic.ts";
import { joinMs } from "./lifetimes.ts";
import { ipOf } from "./requests.ts";

/** A pod that was told to stop, still there or gone. */
export interface Departure {
  readonly ref: ObjectRef;
  readonly stoppedMs: number;
  /** Addresses, when known: a pod that is gone has usually taken them along. */
  readonly ips: readonly string[];
  readonly graceMs: number;
}

/** Pods told to stop, oldest first. `graceMs` of a gone pod is taken from its workload's template. */
export function departures(
  pods: readonly PodView[],
  departed: Observed<readonly DepartedPod[]>,
  templateGraceMs = 30_000,
): Departure[] {
  const going = pods.flatMap((p) =>
    p.deletedMs === undefined ? [] : [{ ref: p.ref, stoppedMs: p.deletedMs, ips: p.ips, graceMs: p.graceMs }],
  );
  const gone =
    departed.state === "present"
      ? departed.value.flatMap((d) =>
          d.stoppedMs === undefined
            ? []
            : [
                {
                  ref: d.ref,
                  stoppedMs: d.stoppedMs,
                  ips: d.ip === undefined ? [] : [d.ip],
                  graceMs: templateGraceMs,
                },
              ],
        )
      : [];
  return [...going, ...gone].sort((a, b) => a.stoppedMs - b.stoppedMs);
}

/**
 * The pod that had the attempt's address and was told to stop shortly before: by its own IP, or,
 * when no present pod has the address, by time alone among the pods whose IP nobody recorded.
 */
export function departureOf(
  attempt: Attempt,
  list: readonly Departure[],
  pods: readonly PodView[],
  withinMs: number,
): Departure | undefined {
  const ip = ipOf(attempt.address);
  const fits = (d: Departure): boolean =>
    attempt.endMs >= d.stoppedMs - joinMs && attempt.startMs <= d.stoppedMs + withinMs;
  const named = list.find((d) => d.ips.includes(ip) && fits(d));
  if (named !== undefined) return named;
  const owner = pods.find((p) => p.ips.includes(ip));
  const isReused = owner !== undefined && owner.createdMs > attempt.endMs;
  if (owner !== undefined && !isReused) return undefined;
  return list.find((d) => d.ips.length === 0 && fits(d));
}
