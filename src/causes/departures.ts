import type { PodSpec } from "kubernetes-types/core/v1";
import type { DepartedPod, PodView, Workload } from "../derive/views.ts";
import type { Observed } from "../evidence/observed.ts";
import type { ObjectRef } from "../evidence/object-ref.ts";
import type { Attempt } from "../logs/traffic.ts";
import { joinMs } from "./lifetimes.ts";
import { drainMs } from "../derive/drain.ts";
import { ipOf, isUnplaced } from "./requests.ts";

/** A pod that was told to stop, still there or gone. */
export interface Departure {
  readonly ref: ObjectRef;
  readonly stoppedMs: number;
  /** Addresses, when known: a pod that is gone has usually taken them along. */
  readonly ips: readonly string[];
  readonly graceMs: number;
  /** The pod's own spec, or that of its revision. */
  readonly spec?: PodSpec;
}

/**
 * Pods told to stop, oldest first. A gone pod has taken its spec along: its revision's stands in, by
 * the hash in its name, else that of the only revision (or the template).
 */
export function departures(
  pods: readonly PodView[],
  departed: Observed<readonly DepartedPod[]>,
  workload?: Workload,
): Departure[] {
  const going = pods.flatMap((p) =>
    p.deletedMs === undefined
      ? []
      : [{ ref: p.ref, stoppedMs: p.deletedMs, ips: p.ips, graceMs: p.graceMs, spec: p.spec }],
  );
  const gone =
    departed.state === "present"
      ? departed.value.flatMap((d) => {
          if (d.stoppedMs === undefined) return [];
          const spec = specOf(d, workload);
          const graceMs = (spec?.terminationGracePeriodSeconds ?? 30) * 1000;
          const ips = d.ip === undefined ? [] : [d.ip];
          return [
            { ref: d.ref, stoppedMs: d.stoppedMs, ips, graceMs, ...(spec === undefined ? {} : { spec }) },
          ];
        })
      : [];
  return [...going, ...gone].sort((a, b) => a.stoppedMs - b.stoppedMs);
}

function specOf(pod: DepartedPod, workload: Workload | undefined): PodSpec | undefined {
  const own = workload?.revisions.find((r) => r.hash !== undefined && r.hash === pod.templateHash);
  const isOnly = workload !== undefined && workload.revisions.length <= 1;
  return own?.spec ?? (pod.templateHash === undefined || isOnly ? workload?.template.spec : undefined);
}

/**
 * The pod that had the attempt's address and was told to stop shortly before: by its own IP, or,
 * when no present pod has the address, by time alone among the pods whose IP nobody recorded. Of an
 * attempt that names no pod only the time is known.
 */
export function departureOf(
  attempt: Attempt,
  list: readonly Departure[],
  pods: readonly PodView[],
  withinMs: number,
): Departure | undefined {
  const fits = (d: Departure): boolean =>
    attempt.endMs >= d.stoppedMs - joinMs && attempt.startMs <= d.stoppedMs + withinMs;
  if (isUnplaced(attempt)) return list.find((d) => fits(d) && hasStopped(d, attempt));
  const ip = ipOf(attempt.address);
  const named = list.find((d) => d.ips.includes(ip) && fits(d));
  if (named !== undefined) return named;
  const owner = pods.find((p) => p.ips.includes(ip));
  const isReused = owner !== undefined && owner.createdMs > attempt.endMs;
  if (owner !== undefined && !isReused) return undefined;
  return list.find((d) => d.ips.length === 0 && fits(d));
}

/** Its preStop was over: before that a pod serves as ever. One whose length is not known may be short. */
const hasStopped = ({ spec, stoppedMs }: Departure, attempt: Attempt): boolean =>
  spec === undefined || attempt.endMs >= stoppedMs + (drainMs(spec) ?? 0) - joinMs;

/** SIGKILL comes at the end of the grace period, or 2 s later while preStop still runs. */
const killSlackMs = 4000;
/** A request that was in flight for less than this did not outlive a grace period. */
const longRequestMs = 3000;

/** A long request that was cut when the pod's grace period ended. */
export const isCutAtGraceEnd = (d: Departure, attempt: Attempt): boolean =>
  (attempt.failure === "closed-before-header" || attempt.failure === "truncated") &&
  attempt.endMs - attempt.startMs >= longRequestMs &&
  Math.abs(attempt.endMs - (d.stoppedMs + d.graceMs)) <= killSlackMs;
