import type { BucketIdentity, Buckets } from "../buckets.ts";
import type { Histogram } from "../traffic.ts";
import type { Counts } from "./counts.ts";
import type { HittersData } from "./heavy-hitters.ts";
import type { TallyData } from "./tally.ts";

const tallyNames = [
  "kinds",
  "times",
  "failures",
  "attempts",
  "attemptClasses",
  "classes",
  "origins",
  "outcomes",
  "pods",
] as const;

type TalliesData = Record<(typeof tallyNames)[number], TallyData>;

/** What was counted, as plain data for another thread. */
export interface CountsData {
  readonly widthMs: number;
  readonly addressesFolded: boolean;
  readonly buckets: readonly BucketIdentity[];
  readonly folded: readonly string[];
  readonly addressNames: readonly string[];
  readonly podNames: readonly string[];
  readonly methodNames: readonly string[];
  readonly tallies: TalliesData;
  readonly durations: readonly Histogram[];
  readonly requestBytes: readonly { readonly failed: Histogram; readonly succeeded: Histogram }[];
  readonly clients: readonly {
    readonly upstreamName: string;
    readonly requests: HittersData;
    readonly failed: HittersData;
  }[];
}

export const requestBytesOf = (
  { requestBytes }: Counts,
  bucket: number,
): { readonly failed: Histogram; readonly succeeded: Histogram } => ({
  failed: requestBytes.failed.get(bucket),
  succeeded: requestBytes.succeeded.get(bucket),
});

/** What `counts` has, as plain data. */
export function countsData(counts: Counts, buckets: Buckets): CountsData {
  const list = buckets.all;
  return {
    widthMs: counts.widthMs,
    addressesFolded: counts.addressesFolded || counts.addressNames.folded,
    buckets: list,
    folded: [...buckets.folded],
    addressNames: counts.addressNames.list,
    podNames: counts.podNames.list,
    methodNames: counts.methodNames.list,
    tallies: Object.fromEntries(tallyNames.map((name) => [name, counts[name].data()])) as TalliesData,
    durations: list.map(({ id }) => counts.durations.get(id)),
    requestBytes: list.map(({ id }) => requestBytesOf(counts, id)),
    clients: [...counts.clients].map(([upstreamName, { requests, failed }]) => ({
      upstreamName,
      requests: requests.data(),
      failed: failed.data(),
    })),
  };
}

/** Adds what was counted elsewhere. */
export function mergeCounts(counts: Counts, data: CountsData, buckets: Buckets): void {
  for (const name of data.folded) buckets.folded.add(name);
  counts.addressesFolded ||= data.addressesFolded;
  const ids = data.buckets.map((bucket) => buckets.place(bucket).id);
  const idOf = (id: number): number => ids[id]!;
  mergeTallies(counts, data, idOf);
  data.durations.forEach((from, id) => counts.durations.merge(idOf(id), from));
  data.requestBytes.forEach(({ failed, succeeded }, id) => {
    counts.requestBytes.failed.merge(idOf(id), failed);
    counts.requestBytes.succeeded.merge(idOf(id), succeeded);
  });
  for (const { upstreamName, requests, failed } of data.clients) {
    const clients = counts.clientsOf(upstreamName);
    clients?.requests.merge(requests);
    clients?.failed.merge(failed);
  }
}

const same = (b: number): number => b;

function mergeTallies(counts: Counts, data: CountsData, idOf: (id: number) => number): void {
  const { tallies } = data;
  const addresses = data.addressNames.map(counts.addressId);
  const pods = data.podNames.map((name) => counts.podNames.idOf(name));
  const methods = data.methodNames.map(counts.methodId);
  counts.coarsen(data.widthMs);
  const ratio = counts.widthMs / data.widthMs;
  const wider = (bin: number): number => Math.floor(bin / ratio);
  counts.kinds.merge(tallies.kinds, idOf, (b) => (b & ~63) + methods[b & 63]!);
  counts.times.merge(tallies.times, idOf, wider);
  counts.failures.merge(tallies.failures, same, wider);
  counts.attempts.merge(tallies.attempts, idOf, (b) => addresses[b >> 2]! * 4 + (b & 3));
  counts.attemptClasses.merge(tallies.attemptClasses, idOf, (b) => addresses[b >> 4]! * 16 + (b & 15));
  for (const name of ["classes", "origins", "outcomes"] as const)
    counts[name].merge(tallies[name], idOf, same);
  counts.pods.merge(tallies.pods, idOf, (b) => pods[b]!);
  counts.coarsen();
}
