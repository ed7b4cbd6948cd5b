import type { ErrorEntry } from "../error-index.ts";
import { type LinePosition, podOfLine, walkLines } from "../lines.ts";
import { type LineReader, newLineReader, zoneOf } from "../line-reader.ts";
import type { Repeats } from "../repeats.ts";
import { kindOf, takeConnectionLine, takeErrorLine, takeGatewayLine, takeKlogLine } from "./error-lines.ts";
import type { Filter } from "./filter.ts";
import type { PendingLine } from "./join.ts";
import type { LogHop } from "../traffic.ts";
import type { ScanState } from "./scan-state.ts";
import { addressAt, noteSlots, type ServerSlots } from "./server-slots.ts";
import { countFormat, newSeen, noteUnrecognised, see, type Seen } from "./seen.ts";

/** One stream of lines, or a part of one. */
export interface ScannedStream {
  /** As a person would look it up. */
  readonly name: string;
  /** "namespace/pod"; empty when it is not known. */
  readonly pod: string;
  /** Lines known from another stream of the same pod. */
  readonly repeats?: Repeats;
}

/** Beside the counts: what was read, and what must wait until all of it is. */
export interface StreamParts {
  readonly seen: Seen;
  readonly pending: PendingLine[];
  readonly errors: ErrorEntry[];
}

const newParts = (): StreamParts => ({ seen: newSeen(), pending: [], errors: [] });

/** Formats whose plain lines are read from their bytes (formats/ingress-nginx.ts, nginx-json.ts, aws-alb.ts). */
const byteFormats = ["ingress-nginx", "nginx-json", "aws-alb"] as const;

/** Which of them a line can be of. */
function byteFormatOf(first: number | undefined): (typeof byteFormats)[number] {
  if (first === 123) return "nginx-json";
  // "https", "h2", "grpcs" or "wss" opens a line of a load balancer; an address can begin with none of these.
  return first === 104 || first === 103 || first === 119 ? "aws-alb" : "ingress-nginx";
}

/**
 * Scans the lines of one stream into `state`: error and controller lines are read, plain successes counted, other access lines
 * noted to be read in full. Each of the chunks ends at the end of a line. Never throws for what a line contains.
 */
export class StreamScanner {
  parts: StreamParts = newParts();
  readonly #state: ScanState;
  readonly #stream: ScannedStream;
  readonly #reader: LineReader;
  #sawZone = false;
  /** A part of a larger file knows those that its own lines tell of. */
  readonly #slots: ServerSlots = new Map();
  /** Lines that were counted from their bytes, by format. */
  readonly #taken = { "ingress-nginx": 0, "nginx-json": 0, "aws-alb": 0 };

  constructor(state: ScanState, stream: ScannedStream) {
    this.#state = state;
    this.#stream = stream;
    this.#reader = newLineReader(state.formats, stream.pod);
  }

  /** What has gathered since this was last called. */
  takeParts(): StreamParts {
    const { parts } = this;
    this.parts = newParts();
    return parts;
  }

  scan(bytes: Buffer): void {
    const { seen } = this.parts;
    const lastNewline = bytes.lastIndexOf(10);
    const podId = this.#podId(this.#stream.pod);
    const skip = (at: number): number =>
      this.#sawZone && at <= lastNewline ? this.#takePlain(bytes, at, Number.NaN, podId) : 0;
    const mayBePlain = this.#reader.mayBeDefault;
    walkLines(
      bytes,
      (line) => this.#take(bytes, line, mayBePlain && line.lineStart <= lastNewline),
      mayBePlain && this.#stream.repeats === undefined ? skip : undefined,
    );
    for (const format of byteFormats) {
      const lines = this.#taken[format];
      if (lines > 0) countFormat(seen, format, lines);
      seen.total += lines;
      seen.access += lines;
      this.#taken[format] = 0;
    }
  }

  /** Counts a plain success from its bytes; returns the place after its newline, 0 for any other line. */
  #takePlain(bytes: Buffer, at: number, prefixMs: number, podId: number): number {
    const { plain } = this.#state;
    const { seen } = this.parts;
    const format = byteFormatOf(bytes[at]);
    let next = 0;
    if (format === "ingress-nginx") next = plain.take(bytes, at, prefixMs, podId, seen);
    // Others may read such a line, too: the reader of strings asks first for the format that it found last.
    else if (this.#reader.formatName !== format) return 0;
    else if (format === "nginx-json") next = plain.takeJson(bytes, at, prefixMs, podId, seen);
    else next = plain.takeAlb(bytes, at, prefixMs, podId, seen);
    if (next !== 0) this.#taken[format]++;
    return next;
  }

  #take(bytes: Buffer, line: LinePosition, mayBePlain: boolean): void {
    const { seen, errors } = this.parts;
    const { signals, nowMs } = this.#state;
    if (this.#stream.repeats?.isRepeat(bytes, line.start, line.end) === true) {
      seen.repeated++;
      return;
    }
    if (line.long) seen.long++;
    const pod = podOfLine(line.pod, this.#stream.pod);
    const kind = kindOf(bytes, line.start);
    if (kind === "access") {
      const isPlain =
        mayBePlain &&
        this.#sawZone &&
        !line.long &&
        this.#takePlain(bytes, line.start, line.prefixMs, this.#podId(pod)) !== 0;
      if (!isPlain) this.#takeAccess(bytes.toString("utf8", line.start, line.end), line.prefixMs, pod);
      return;
    }
    seen.total++;
    const text = bytes.toString("utf8", line.start, line.end);
    const known =
      kind === "error"
        ? takeErrorLine(text, line.prefixMs, pod, signals, errors)
        : kind === "klog"
          ? takeKlogLine(text, line.prefixMs, pod, signals, nowMs, (said, timeMs) =>
              noteSlots(this.#slots, said, timeMs),
            )
          : takeConnectionLine(text, signals);
    if (known) seen[kind]++;
    else noteUnrecognised(seen, this.#stream.name, () => text);
  }

  #takeAccess(text: string, prefixMs: number, pod: string): void {
    const { seen, pending } = this.parts;
    const reader = this.#reader;
    seen.total++;
    const look = reader.look(text, prefixMs);
    if (look === "other") {
      if (takeGatewayLine(text, prefixMs, pod, this.#state.signals)) seen.event++;
      else noteUnrecognised(seen, this.#stream.name, () => text);
      return;
    }
    seen.access++;
    countFormat(seen, reader.formatName, 1);
    if (!this.#sawZone) this.#noteZone(text, pod);
    const { glance } = reader;
    const { filter } = this.#state;
    if (look === "plain" && reader.formatName === "nginx-json") this.#state.plain.json.learn(text);
    if (look === "plain" && !this.#state.suspects.has(glance.client, glance.path)) {
      if (filter === undefined || passes(filter, glance)) this.#countPlain(pod);
      return;
    }
    const { endMs, upstreamName } = glance;
    const outside = filter !== undefined && (endMs < filter.fromMs || endMs >= filter.toMs);
    if (outside || filter?.hasUpstream(upstreamName) === false) return;
    const { format, formatName } = reader;
    const slots = this.#slots.size > 0 && formatName === "haproxy" ? { slots: this.#slots } : {};
    pending.push({ text, prefixMs, pod, format, formatName, endMs, upstreamName, ...slots });
  }

  #noteZone(text: string, pod: string): void {
    this.#sawZone = true;
    const { offsets } = this.parts.seen;
    const zone = zoneOf(text);
    if (zone !== undefined && !offsets.has(pod)) offsets.set(pod, zone);
  }

  #countPlain(pod: string): void {
    const { glance } = this.#reader;
    const { counts, buckets } = this.#state;
    see(this.parts.seen, glance.endMs);
    const bucket = buckets.find(glance.upstreamName, glance.host, glance.path, hopOf(glance));
    const address =
      this.#slots.size === 0
        ? glance.address
        : addressAt(this.#slots, glance.address, glance.endMs - (glance.durationMs || 0));
    counts.plain(
      bucket.id,
      glance.status,
      counts.methodId(glance.method),
      glance.endMs,
      address === "" || address === "-" ? -1 : counts.addressId(address),
      glance.durationMs,
      glance.requestBytes,
      this.#podId(pod),
    );
    if (glance.client !== "") counts.clientsOfBucket(bucket)?.requests.addText(glance.client, 1);
  }

  #podId(pod: string): number {
    return pod === "" ? -1 : this.#state.counts.podNames.idOf(pod);
  }
}

const hopOf = ({ hop }: LineReader["glance"]): { hop?: LogHop } | undefined =>
  hop === "" || hop === "gateway" ? undefined : { hop };

function passes(filter: Filter, glance: LineReader["glance"]): boolean {
  const { endMs, status, upstreamName, host, path } = glance;
  if (endMs < filter.fromMs || endMs >= filter.toMs || !filter.hasStatus(status)) return false;
  return filter.hasUpstream(upstreamName) && filter.hasHost(host) && path.startsWith(filter.path);
}
