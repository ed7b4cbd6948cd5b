import { type Bucket, type MutableAddressStats, newAddressStats } from "../bucket.ts";
import type { NumberedBucket } from "../buckets.ts";
import type { FailureClass, Origin, Share } from "../traffic.ts";
import { attemptEnds, classes, type Counts, origins, outcomes } from "./counts.ts";
import { requestBytesOf } from "./counts-data.ts";

/** What the fields of `Bucket` are while they are filled. */
interface Filled extends Bucket {
  requests: number;
  failed: number;
  masked: number;
  aborted: number;
  readonly byStatus: Map<number, number>;
  readonly byMethod: Map<string, Share>;
  readonly bins: Map<number, Share>;
  readonly addresses: Map<string, MutableAddressStats>;
  readonly byClass: Map<FailureClass, number>;
  readonly byOrigin: Map<Origin, number>;
  readonly gatewayPods: Map<string, Share>;
}

/** The counts of each bucket, in the order of their numbers. */
export function bucketsOf(counts: Counts, identities: readonly NumberedBucket[]): Bucket[] {
  const buckets = identities.map((identity) => filledOf(counts, identity));
  fillKinds(counts, buckets);
  fillAttempts(counts, buckets);
  counts.times.each((a, b, [requests = 0, failed = 0]) => buckets[a]!.bins.set(b, { requests, failed }));
  counts.pods.each((a, b, [requests = 0, failed = 0]) =>
    buckets[a]!.gatewayPods.set(counts.podNames.list[b]!, { requests, failed }),
  );
  counts.classes.each((a, b, [count = 0]) => buckets[a]!.byClass.set(classes[b]!, count));
  counts.origins.each((a, b, [count = 0]) => buckets[a]!.byOrigin.set(origins[b]!, count));
  counts.outcomes.each((a, b, [count = 0]) => {
    const outcome = outcomes[b];
    if (outcome === "masked" || outcome === "aborted") buckets[a]![outcome] += count;
  });
  return buckets;
}

function filledOf(counts: Counts, identity: NumberedBucket): Filled {
  const { id, isCoarse: _isCoarse, ...names } = identity;
  return {
    ...names,
    requests: 0,
    failed: 0,
    masked: 0,
    aborted: 0,
    byStatus: new Map(),
    byMethod: new Map(),
    bins: new Map(),
    addresses: new Map(),
    byClass: new Map(),
    byOrigin: new Map(),
    gatewayPods: new Map(),
    durations: counts.durations.get(id),
    requestBytes: requestBytesOf(counts, id),
  };
}

function fillKinds(counts: Counts, buckets: readonly Filled[]): void {
  counts.kinds.each((a, b, [requests = 0, failed = 0]) => {
    const bucket = buckets[a]!;
    const status = b >> 6;
    const method = counts.methodNames.list[b & 63]!;
    bucket.requests += requests;
    bucket.failed += failed;
    bucket.byStatus.set(status, (bucket.byStatus.get(status) ?? 0) + requests);
    const sum = bucket.byMethod.get(method);
    bucket.byMethod.set(method, {
      requests: (sum?.requests ?? 0) + requests,
      failed: (sum?.failed ?? 0) + failed,
    });
  });
}

function fillAttempts(counts: Counts, buckets: readonly Filled[]): void {
  const names = counts.addressNames.list;
  counts.attempts.each((a, b, [attempts = 0, firstMs = 0, lastMs = 0]) => {
    const address = names[b >> 2]!;
    const stats = buckets[a]!.addresses.get(address) ?? newAddressStats(firstMs);
    buckets[a]!.addresses.set(address, stats);
    stats.attempts += attempts;
    stats.firstSeenMs = Math.min(stats.firstSeenMs, firstMs);
    stats.lastSeenMs = Math.max(stats.lastSeenMs, lastMs);
    const end = b & 3;
    if (end === attemptEnds.success) Object.assign(stats, { firstSuccessMs: firstMs, lastSuccessMs: lastMs });
    if (end !== attemptEnds.failed) return;
    stats.failed += attempts;
    Object.assign(stats, { firstFailureMs: firstMs, lastFailureMs: lastMs });
  });
  counts.attemptClasses.each((a, b, [count = 0]) => {
    const stats = buckets[a]!.addresses.get(names[b >> 4]!);
    if (stats !== undefined) stats.byClass[classes[b & 15]!] = count;
  });
}
