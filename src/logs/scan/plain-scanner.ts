import type { Buckets, NumberedBucket } from "../buckets.ts";
import { timeLocalMs } from "../clock.ts";
import type { Counts } from "./counts.ts";
import type { Filter } from "./filter.ts";
import { AlbLine } from "./alb-line.ts";
import { JsonLine } from "./json-line.ts";
import { Lanes, LaneTable } from "./lanes.ts";
import { PlainLine } from "./plain-line.ts";
import { refine } from "./refine.ts";
import { see, type Seen } from "./seen.ts";
import type { Suspects } from "./suspects.ts";
import { TemplateLanes } from "./template-lanes.ts";

const timeLength = 26;
const maxExampleChars = 1000;
/** A number that is no byte, in the lanes of what load balancers log. */
const balancer = 0x102;

/** Counts plain successes from the bytes of their lines; strings are made for first sights only. */
export class PlainScanner {
  readonly json = new JsonLine();
  readonly #alb = new AlbLine();
  readonly #line = new PlainLine();
  readonly #counts: Counts;
  readonly #buckets: Buckets;
  readonly #filter: Filter | undefined;
  readonly #suspects: Suspects;
  readonly #template = new TemplateLanes();
  readonly #bucketIds = new LaneTable(100_000);
  readonly #addressIds = new LaneTable(100_000);
  readonly #methodIds = new LaneTable(1000);
  readonly #time = new Uint8Array(timeLength);
  readonly #client = new Lanes();
  readonly #lanes = new Lanes();
  #timeMs = Number.NaN;
  /** The line at hand is a load balancer's: its buckets are others than those of a gateway. */
  #isBalancer = false;

  constructor(counts: Counts, buckets: Buckets, suspects: Suspects, filter: Filter | undefined) {
    this.#counts = counts;
    this.#buckets = buckets;
    this.#suspects = suspects;
    this.#filter = filter;
  }

  /**
   * Counts the line in ingress-nginx's default format that begins at `at`, with a newline somewhere after it, and returns the place after that newline;
   * 0 for a line that someone else must read. `pod` is the number of the gateway's pod, −1 for none.
   */
  take(b: Buffer, at: number, prefixMs: number, pod: number, seen: Seen): number {
    const next = this.#line.read(b, at);
    return next === 0 ? 0 : this.#count(b, next, this.#endMs(b, this.#line.timeFrom), prefixMs, pod, seen);
  }

  /** The same for a line of JSON. */
  takeJson(b: Buffer, at: number, prefixMs: number, pod: number, seen: Seen): number {
    const next = this.json.read(b, at, this.#line);
    return next === 0 ? 0 : this.#count(b, next, this.json.endMs, prefixMs, pod, seen);
  }

  /** The same for a line of AWS's Application Load Balancer. */
  takeAlb(b: Buffer, at: number, prefixMs: number, pod: number, seen: Seen): number {
    const next = this.#alb.read(b, at, this.#line);
    this.#isBalancer = true;
    const taken = next === 0 ? 0 : this.#count(b, next, this.#alb.endMs, prefixMs, pod, seen);
    this.#isBalancer = false;
    return taken;
  }

  #count(b: Buffer, next: number, timeMs: number, prefixMs: number, pod: number, seen: Seen): number {
    const line = this.#line;
    if (Number.isNaN(timeMs) || line.pathTo - line.pathFrom > maxExampleChars) return 0;
    const client = this.#client;
    client.hash(b, line.clientFrom, line.clientTo);
    if (this.#suspects.mayHave(client.h1)) return 0;
    const bucket = this.#bucket(b);
    if (bucket === undefined) return 0;
    const endMs = refine(timeMs, prefixMs);
    if (this.#filter !== undefined && !this.#passes(this.#filter, b, endMs, bucket)) return next;
    see(seen, endMs);
    this.#counts.plain(
      bucket.id,
      line.status,
      this.#idOf(b, line.methodFrom, line.methodTo, this.#methodIds, this.#counts.methodId),
      endMs,
      this.#idOf(b, line.addressFrom, line.addressTo, this.#addressIds, this.#counts.addressId),
      line.durationMs,
      line.requestBytes,
      pod,
    );
    const clients = this.#counts.clientsOfBucket(bucket);
    clients?.requests.add(client.h1, client.h2, b, line.clientFrom, line.clientTo, 1);
    return next;
  }

  #passes(filter: Filter, b: Buffer, endMs: number, bucket: NumberedBucket): boolean {
    const line = this.#line;
    if (endMs < filter.fromMs || endMs >= filter.toMs || !filter.hasStatus(line.status)) return false;
    if (
      !filter.hasUpstream(bucket.upstreamName) ||
      !filter.hasHost(b.toString("latin1", line.hostFrom, line.hostTo))
    )
      return false;
    const { path } = filter;
    return path === "" || b.toString("latin1", line.pathFrom, line.pathTo).startsWith(path);
  }

  /** Lines of one second share their time. */
  #endMs(b: Buffer, from: number): number {
    const time = this.#time;
    let i = timeLength - 1;
    while (i >= 0 && b[from + i] === time[i]) i--;
    if (i === -1) return this.#timeMs;
    time.set(b.subarray(from, from + timeLength));
    this.#timeMs = timeLocalMs(b.toString("latin1", from, from + timeLength));
    return this.#timeMs;
  }

  #idOf(b: Buffer, from: number, to: number, ids: LaneTable, make: (text: string) => number): number {
    if (from === to) return -1;
    const lanes = this.#lanes;
    lanes.hash(b, from, to);
    const known = ids.get(lanes.h1, lanes.h2);
    if (known !== -1) return known;
    const id = make(b.toString("latin1", from, to));
    ids.set(lanes.h1, lanes.h2, id);
    return id;
  }

  #bucket(b: Buffer): NumberedBucket | undefined {
    const line = this.#line;
    const template = this.#template;
    if (!template.fold(b, line.pathFrom, line.pathTo)) return undefined;
    const { lanes } = template;
    lanes.mix(b, line.nameFrom, line.nameTo);
    if (this.#isBalancer) lanes.mixNumber(balancer);
    if (line.hostTo > line.hostFrom) lanes.mix(b, line.hostFrom, line.hostTo);
    const known = this.#bucketIds.get(lanes.h1, lanes.h2);
    if (known === -1) {
      const name = b.toString("latin1", line.nameFrom, line.nameTo);
      const host = b.toString("latin1", line.hostFrom, line.hostTo);
      const path = b.toString("latin1", line.pathFrom, line.pathTo);
      const found = this.#buckets.find(
        name,
        host,
        path,
        this.#isBalancer ? { hop: "load-balancer" } : undefined,
      );
      this.#bucketIds.set(lanes.h1, lanes.h2, found.id);
      return found;
    }
    const bucket = this.#buckets.all[known]!;
    if (!template.isExact || bucket.isCoarse) this.#keepLeast(b, bucket);
    return bucket;
  }

  /** The bucket's example is the least of its paths. */
  #keepLeast(b: Buffer, bucket: NumberedBucket): void {
    const { pathFrom, pathTo } = this.#line;
    const example = bucket.examplePath;
    for (let i = 0; ; i++) {
      const c = pathFrom + i < pathTo ? b[pathFrom + i]! : 63;
      const isEnd = c === 63 || c === 35 || c === 59;
      if (i >= example.length) return;
      const other = example.charCodeAt(i);
      if (!isEnd && c > other) return;
      if (isEnd || c < other) {
        let end = pathFrom + i;
        while (end < pathTo && b[end] !== 63 && b[end] !== 35 && b[end] !== 59) end++;
        bucket.examplePath = b.toString("latin1", pathFrom, end);
        return;
      }
    }
  }
}
