import { type Bucket, type MutableAddressStats, newAddressStats } from "../bucket.ts";
import type { NumberedBucket } from "../buckets.ts";
import type { FailureClass, Origin, Share } from "../traffic.ts";
import { attemptEnds, classes, type Counts, origins, outcomes } from "./counts.ts";
import { requestBytesOf } from "./counts-data.ts";

/** What the fields of `Bucket` are while they are filled. */
interface Filled extends Omit<Bucket, "bins"> {
  requests: number;
  failed: number;
  masked: number;
  aborted: number;
  readonly byStatus: Map<number, number>;
  readonly byMethod: Map<string, Share>;
  readonly bins: [number, number, number][];
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
  counts.times.each((a, b, cells, at) => void buckets[a]!.bins.push([b, cells[at]!, cells[at + 1]!]));
  counts.pods.each((a, b, cells, at) =>
    buckets[a]!.gatewayPods.set(counts.podNames.list[b]!, { requests: cells[at]!, failed: cells[at + 1]! }),
  );
  counts.classes.each((a, b, cells, at) => buckets[a]!.byClass.set(classes[b]!, cells[at]!));
  counts.origins.each((a, b, cells, at) => buckets[a]!.byOrigin.set(origins[b]!, cells[at]!));
  counts.outcomes.each((a, b, cells, at) => {
    const outcome = outcomes[b];
    if (outcome === "masked" || outcome === "aborted") buckets[a]![outcome] += cells[at]!;
  });
  return buckets.map((bucket) => ({ ...bucket, bins: flatInOrder(bucket.bins) }));
}

function flatInOrder(bins: [number, number, number][]): Float64Array {
  const flat = new Float64Array(bins.length * 3);
  bins.sort(([a], [b]) => a - b).forEach((bin, i) => flat.set(bin, i * 3));
  return flat;
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
    bins: [],
    addresses: new Map(),
    byClass: new Map(),
    byOrigin: new Map(),
    gatewayPods: new Map(),
    durations: counts.durations.get(id),
    requestBytes: requestBytesOf(counts, id),
  };
}

function fillKinds(counts: Counts, buckets: readonly Filled[]): void {
  counts.kinds.each((a, b, cells, at) => {
    const requests = cells[at]!;
    const failed = cells[at + 1]!;
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
  counts.attempts.each((a, b, cells, at) => {
    const attempts = cells[at]!;
    const firstMs = cells[at + 1]!;
    const lastMs = cells[at + 2]!;
    const address = names[b >> 2]!;
    const stats = buckets[a]!.addresses.get(address) ?? newAddressStats(firstMs);
    buckets[a]!.addresses.set(address, stats);
    stats.attempts += attempts;
    stats.firstSeenMs = Math.min(stats.firstSeenMs, firstMs);
    stats.lastSeenMs = Math.max(stats.lastSeenMs, lastMs);
    stats.lastSentMs = Math.max(stats.lastSentMs, cells[at + 3]!);
    const end = b & 3;
    if (end === attemptEnds.success) Object.assign(stats, { firstSuccessMs: firstMs, lastSuccessMs: lastMs });
    if (end !== attemptEnds.failed) return;
    stats.failed += attempts;
    Object.assign(stats, { firstFailureMs: firstMs, lastFailureMs: lastMs });
  });
  counts.attemptClasses.each((a, b, cells, at) => {
    const stats = buckets[a]!.addresses.get(names[b >> 4]!);
    if (stats !== undefined) stats.byClass[classes[b & 15]!] = cells[at]!;
  });
}
