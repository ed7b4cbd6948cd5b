import type { BucketIdentity } from "./buckets.ts";
import type { AddressStats, FailureClass, Histogram, Origin, Share } from "./traffic.ts";

/** Counts of the requests of one upstream name, host and path template. */
export interface Bucket extends Readonly<BucketIdentity> {
  readonly requests: number;
  readonly failed: number;
  readonly masked: number;
  readonly aborted: number;
  readonly byStatus: ReadonlyMap<number, number>;
  readonly byMethod: ReadonlyMap<string, Share>;
  /** Bins that have a request, in order, three numbers for each: its own (scan/time-bins.ts), requests, failed. */
  readonly bins: Float64Array;
  readonly addresses: ReadonlyMap<string, MutableAddressStats>;
  readonly byClass: ReadonlyMap<FailureClass, number>;
  readonly byOrigin: ReadonlyMap<Origin, number>;
  /** By "namespace/pod"; requests of no known pod are in none. */
  readonly gatewayPods: ReadonlyMap<string, Share>;
  readonly durations: Histogram;
  readonly requestBytes: { readonly failed: Histogram; readonly succeeded: Histogram };
}

export type MutableAddressStats = { -readonly [K in keyof AddressStats]: AddressStats[K] } & {
  byClass: Partial<Record<FailureClass, number>>;
};

export const newAddressStats = (endMs: number): MutableAddressStats => ({
  attempts: 0,
  failed: 0,
  byClass: {},
  firstSeenMs: endMs,
  lastSeenMs: endMs,
  lastSentMs: Number.NEGATIVE_INFINITY,
});
