import { addressIp } from "../derive/address-ip.ts";
import { type RecordedPod, recordedPods } from "../derive/recorded-pods.ts";
import type { ChangeRecord } from "../evidence/change-record.ts";
import type { ObjectRef } from "../evidence/object-ref.ts";
import type { Traffic } from "../logs/traffic.ts";

/** For how long the gateway still sent to one pod after its deletion. */
interface DrainGap {
  readonly pod: ObjectRef;
  readonly deletedAtMs: number;
  /** When the last attempt at its address had ended at the latest; absent: none was logged after the deletion. */
  readonly lastSentMs?: number;
  /** 0: nothing came after the deletion. */
  readonly gapMs: number;
}

export interface DrainGaps {
  /** Longest first. Pods that had never been sent a request tell nothing and are left out. */
  readonly gaps: readonly DrainGap[];
  /** Deletions that were seen, also of pods that are left out. */
  readonly deletions: number;
  /** How long a preStop hook must hold a pod of this route back, with a margin; absent when no deletion tells. */
  readonly preStopSeconds?: number;
  /** Step of the log's clock, ms: gaps may be this much shorter. */
  readonly resolutionMs: number;
}

/** What was seen is not the worst there is: half as much again, and at least this. */
const leastMarginMs = 2000;
/**
 * A few fast deletions promise nothing: controllers gather changes of endpoints before they act on them, ingress-nginx
 * for up to 3.3 s (`--sync-rate-limit`, internal/ingress/controller/controller.go).
 */
const leastPreStopMs = 5000;
/** An address may be another pod's later: attempts after the pod was gone for this long are not of it. */
const lingerMs = 60_000;

/**
 * How long after the deletion of each pod the gateway went on sending to it: what its preStop hook must outlast. By
 * the last attempt at the pod's address in the gateway's log, failed or not.
 */
export function drainGaps(record: ChangeRecord, traffic: Traffic): DrainGaps {
  const all = recordedPods(record);
  const deleted = all.filter(
    (pod): pod is RecordedPod & { readonly deletedMs: number } =>
      pod.deletedMs !== undefined && pod.deletedMs >= record.fromMs,
  );
  const resolutionMs = isBySecond(traffic) ? 1000 : 1;
  const gaps = deleted.flatMap((pod): DrainGap[] => {
    const stats = [...traffic.addresses].filter(([address]) => pod.ips.includes(addressIp(address)));
    if (stats.length === 0) return [];
    const untilMs = Math.min((pod.removedMs ?? record.toMs) + lingerMs, nextHolderMs(pod, all));
    const moments = stats
      .flatMap(([, { lastSentMs, lastSuccessMs, lastFailureMs }]) =>
        // Where the address was given on, the last that is of this pod is only known by its end.
        lastSentMs <= untilMs ? [lastSentMs] : [lastSuccessMs, lastFailureMs],
      )
      .filter((ms): ms is number => ms !== undefined && ms <= untilMs);
    // A log in whole seconds leaves the rest of them away.
    const lastSentMs = Math.max(...moments) + resolutionMs - 1;
    const isAfter = lastSentMs > pod.deletedMs;
    return [
      {
        pod: pod.ref,
        deletedAtMs: pod.deletedMs,
        ...(isAfter ? { lastSentMs } : {}),
        gapMs: isAfter ? lastSentMs - pod.deletedMs : 0,
      },
    ];
  });
  gaps.sort((a, b) => b.gapMs - a.gapMs || (a.pod.name < b.pod.name ? -1 : 1));
  const longestMs = gaps[0]?.gapMs;
  return {
    gaps,
    deletions: deleted.length,
    resolutionMs,
    ...(longestMs === undefined ? {} : { preStopSeconds: secondsFor(longestMs) }),
  };
}

/** When another pod got the address: what comes after that is not for this one. */
function nextHolderMs(
  pod: RecordedPod & { readonly deletedMs: number },
  all: readonly RecordedPod[],
): number {
  const next = all.filter((other) => other !== pod && other.createdMs >= pod.deletedMs);
  const same = next.filter(({ ips }) => ips.some((ip) => pod.ips.includes(ip)));
  return Math.min(...same.map(({ createdMs }) => createdMs));
}

const secondsFor = (longestMs: number): number =>
  Math.ceil(Math.max(leastPreStopMs, longestMs + Math.max(leastMarginMs, longestMs / 2)) / 1000);

/** nginx's `$time_local` has whole seconds. */
function isBySecond({ addresses }: Traffic): boolean {
  const ends = [...addresses.values()].map((stats) => stats.lastSeenMs);
  return ends.length > 0 && ends.every((ms) => ms % 1000 === 0);
}
