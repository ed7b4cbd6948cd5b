import type { NumberedBucket } from "../buckets.ts";
import type { FailureClass, LogHop, Origin } from "../traffic.ts";
import { HeavyHitters } from "./heavy-hitters.ts";
import { Histograms } from "./histograms.ts";
import { KindCounts } from "./kind-counts.ts";
import { Names } from "./names.ts";
import { Tally } from "./tally.ts";
import { binOf, finestMs, widerMs } from "./time-bins.ts";

export const classes: readonly FailureClass[] = [
  "no-endpoint",
  "connect-refused",
  "unreachable",
  "connect-timeout",
  "closed-before-header",
  "response-timeout",
  "bad-response",
  "tls-failure",
  "truncated",
  "local-resource",
  "config-answer",
  "app-status",
  "unclassified",
];
export const origins: readonly Origin[] = ["application", "gateway", "load-balancer", "cdn", "unknown"];
/** undefined: the gateway in the cluster. */
export const hops: readonly (LogHop | undefined)[] = [undefined, "mesh", "load-balancer", "cdn"];
export const outcomes = ["success", "failed", "masked", "aborted"] as const;
export type Outcome = (typeof outcomes)[number];
/** How an attempt ended, as its part of a pair's second number. */
export const attemptEnds = { success: 0, failed: 1, left: 2 } as const;

/** Columns of the tallies. */
const requestsColumn = 0;
const failedColumn = 1;

const maxTimeCells = 2 ** 17;
const maxAttemptCells = 2 ** 18;
const maxSketches = 500;
const maxMethods = 40;

interface Clients {
  readonly requests: HeavyHitters;
  readonly failed: HeavyHitters;
}

/** One request in what is counted of it beside its attempts. */
export interface CountedRequest {
  readonly status: number;
  readonly method: string;
  readonly endMs: number;
  /** NaN: not logged. */
  readonly durationMs: number;
  /** NaN: not logged. */
  readonly requestBytes: number;
  readonly client: string;
  readonly pod: string;
}

/** Everything that is counted of requests, in bounded memory; the counts of several threads can be put together. */
export class Counts {
  /** Bucket and bin: requests, failed. */
  times = new Tally("sum", "sum");
  /** Station (its place in `hops`) × 1000 + status, and bin: failed. */
  failures = new Tally("sum");
  /** Bucket and address × 4 + end: attempts, first and last end, last start. */
  readonly attempts = new Tally("sum", "min", "max", "max");
  /** Bucket and address × 16 + class: failed attempts. */
  readonly attemptClasses = new Tally("sum");
  /** Bucket and class: failed attempts and requests that no attempt was made for. */
  readonly classes = new Tally("sum");
  /** Bucket and origin: 502, 503 and 504. */
  readonly origins = new Tally("sum");
  /** Bucket and outcome that is no success. */
  readonly outcomes = new Tally("sum");
  /** Bucket and gateway pod: requests, failed. */
  readonly pods = new Tally("sum", "sum");
  widthMs = finestMs;
  readonly addressNames = new Names(65_536, "other");
  readonly podNames = new Names(10_000, "other");
  readonly methodNames = new Names(maxMethods, "other");
  /** Of successes below 400, by bucket. */
  readonly durations = new Histograms();
  readonly requestBytes = { failed: new Histograms(), succeeded: new Histograms() };
  readonly clients = new Map<string, Clients>();
  /** Whether attempts were counted under "other" for the number of addresses. */
  addressesFolded = false;
  readonly #kinds = new Tally("sum", "sum");
  readonly #plainKinds = new KindCounts();
  readonly #clientsByBucket: (Clients | undefined)[] = [];
  /** Of each bucket the bin of the request before, and its place in `times`: usually the next one's too. */
  #lastTimes = new Int32Array(512).fill(-1);
  #moves = 0;

  /** Bucket and status × 64 + method: requests, failed. */
  get kinds(): Tally {
    this.#plainKinds.flush(this.#kinds);
    return this.#kinds;
  }

  /** Counts a request that is neither failed, retried nor left, with its one attempt. Ids of -1: none. */
  plain(
    bucket: number,
    status: number,
    method: number,
    endMs: number,
    address: number,
    durationMs: number,
    requestBytes: number,
    pod: number,
  ): void {
    if (!this.#plainKinds.add(bucket, status, method))
      this.#kinds.add(bucket, status * 64 + method, requestsColumn);
    const time = this.#timeSlot(bucket, endMs);
    this.times.cells[time]!++;
    if (status < 400 && durationMs >= 0) this.durations.add(bucket, durationMs);
    if (requestBytes >= 0) this.requestBytes.succeeded.add(bucket, requestBytes);
    if (pod !== -1) this.pods.add(bucket, pod, requestsColumn);
    if (address !== -1) {
      this.#attempt(bucket, address, endMs - Math.max(0, durationMs), endMs, attemptEnds.success);
    }
  }

  /** Counts any request, without its attempts. */
  request(bucket: NumberedBucket, request: CountedRequest, outcome: Outcome): void {
    const { status, endMs, requestBytes } = request;
    const failed = outcome === "failed" ? 1 : 0;
    const kind = this.#kinds.slot(bucket.id, status * 64 + this.methodId(request.method));
    this.#kinds.cells[kind + requestsColumn]!++;
    this.#kinds.cells[kind + failedColumn]! += failed;
    const time = this.#timeSlot(bucket.id, endMs);
    this.times.cells[time + requestsColumn]!++;
    this.times.cells[time + failedColumn]! += failed;
    if (failed === 1)
      this.failures.add(status + 1000 * hops.indexOf(bucket.hop), binOf(endMs, this.widthMs), 0);
    if (outcome !== "success") this.outcomes.add(bucket.id, outcomes.indexOf(outcome), 0);
    else if (status < 400 && request.durationMs >= 0) this.durations.add(bucket.id, request.durationMs);
    if (requestBytes >= 0)
      this.requestBytes[failed === 1 ? "failed" : "succeeded"].add(bucket.id, requestBytes);
    if (request.pod !== "") {
      const pod = this.pods.slot(bucket.id, this.podNames.idOf(request.pod));
      this.pods.cells[pod + requestsColumn]!++;
      this.pods.cells[pod + failedColumn]! += failed;
    }
    const clients = request.client === "" ? undefined : this.clientsOf(bucket.upstreamName);
    clients?.requests.addText(request.client, 1);
    if (failed === 1) clients?.failed.addText(request.client, 1);
  }

  attempt(
    bucket: number,
    address: string,
    { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
    end: FailureClass | "success" | "left",
  ): void {
    if (address === "" || address === "-") return;
    const id = this.addressId(address);
    const failed = end !== "success" && end !== "left";
    const counted = this.#attempt(bucket, id, startMs, endMs, attemptEnds[failed ? "failed" : end]);
    if (failed) this.attemptClasses.add(bucket, counted * 16 + classes.indexOf(end), 0);
  }

  addressId = (address: string): number => this.addressNames.idOf(address);

  /** Garbage requests must not make one entry each. */
  methodId = (method: string): number =>
    this.methodNames.idOf(/^[A-Z]{1,20}$/.test(method) ? method : "other");

  /** undefined for upstream names beyond the number of those whose clients are counted. */
  clientsOf(upstreamName: string): Clients | undefined {
    let clients = this.clients.get(upstreamName);
    if (clients === undefined && this.clients.size < maxSketches) {
      clients = { requests: new HeavyHitters(), failed: new HeavyHitters() };
      this.clients.set(upstreamName, clients);
    }
    return clients;
  }

  clientsOfBucket(bucket: NumberedBucket): Clients | undefined {
    return (this.#clientsByBucket[bucket.id] ??= this.clientsOf(bucket.upstreamName));
  }

  /** Returns the address that the attempt was counted under. */
  #attempt(bucket: number, address: number, startMs: number, endMs: number, end: number): number {
    let counted = address;
    if (this.attempts.size >= maxAttemptCells && !this.attempts.has(bucket, address * 4 + end)) {
      this.addressesFolded = true;
      counted = this.addressId("other");
    }
    const slot = this.attempts.slot(bucket, counted * 4 + end);
    const { cells } = this.attempts;
    cells[slot]!++;
    if (endMs < cells[slot + 1]!) cells[slot + 1] = endMs;
    if (endMs > cells[slot + 2]!) cells[slot + 2] = endMs;
    if (startMs > cells[slot + 3]!) cells[slot + 3] = startMs;
    return counted;
  }

  #timeSlot(bucket: number, endMs: number): number {
    const bin = binOf(endMs, this.widthMs);
    const at = bucket * 2;
    if (this.times.moves !== this.#moves) this.#forget();
    if (this.#lastTimes[at] === bin && this.#lastTimes[at + 1] !== -1) return this.#lastTimes[at + 1]!;
    if (this.times.size >= maxTimeCells) this.coarsen();
    const slot = this.times.slot(bucket, binOf(endMs, this.widthMs));
    if (this.times.moves !== this.#moves) this.#forget();
    if (at >= this.#lastTimes.length) this.#growLast(at);
    this.#lastTimes[at] = binOf(endMs, this.widthMs);
    this.#lastTimes[at + 1] = slot;
    return slot;
  }

  #forget(): void {
    this.#lastTimes.fill(-1);
    this.#moves = this.times.moves;
  }

  #growLast(at: number): void {
    this.#lastTimes = new Int32Array(Math.max(this.#lastTimes.length * 2, at + 2)).fill(-1);
  }

  /** Wider bins, until they are few enough; with the widest the number may grow on. */
  coarsen(atLeastMs = 0): void {
    while (this.times.size >= maxTimeCells || this.widthMs < atLeastMs) {
      const wider = widerMs(this.widthMs);
      if (wider === undefined) return;
      this.times = coarser(this.times, wider / this.widthMs, ["sum", "sum"]);
      this.failures = coarser(this.failures, wider / this.widthMs, ["sum"]);
      this.widthMs = wider;
      this.#forget();
    }
  }
}

function coarser(tally: Tally, ratio: number, combine: readonly "sum"[]): Tally {
  const wide = new Tally(...combine);
  wide.merge(
    tally.data(),
    (a) => a,
    (b) => Math.floor(b / ratio),
  );
  return wide;
}
