import type { LogStream } from "../evidence/evidence.ts";
import type { ErrorEntry } from "./error-index.ts";
import { nlbTlsSignal, readNlbTls } from "./formats/aws-nlb-tls.ts";
import { readKlog, klogSignal } from "./formats/klog.ts";
import { type NginxErrorLine, readNginxError } from "./formats/nginx-error.ts";
import { meaningOf } from "./formats/nginx-error-meaning.ts";
import { newLineStore, type LineStore } from "./line-store.ts";
import { type LinePosition, walkLines } from "./lines.ts";
import { newRepeats, type Repeats } from "./repeats.ts";
import { newSignalStore, type SignalStore } from "./signals.ts";
import { unwrap } from "./unwrap.ts";

/** One stream, ready to be cut into lines. */
interface OpenStream {
  readonly bytes: Buffer;
  /** "namespace/pod"; empty for a file whose pod is not known. */
  readonly pod: string;
  readonly name: string;
}

/** First pass: error-log and controller lines are read, everything else is noted as a possible access line. */
export interface Collected {
  readonly streams: readonly OpenStream[];
  readonly accessLines: LineStore;
  readonly errors: ErrorEntry[];
  readonly signals: SignalStore;
  readonly counts: {
    total: number;
    error: number;
    klog: number;
    /** TLS connections of a load balancer: no requests. */
    connection: number;
    unrecognised: number;
    repeated: number;
    long: number;
  };
}

const maxSignalLineChars = 2000;

export function collectLines(streams: readonly LogStream[], nowMs: number): Collected {
  const opened: OpenStream[] = [];
  const collected: Collected = {
    streams: opened,
    accessLines: newLineStore(),
    errors: [],
    signals: newSignalStore(),
    counts: { total: 0, error: 0, klog: 0, connection: 0, unrecognised: 0, repeated: 0, long: 0 },
  };
  const repeats = repeatsByPod(streams);
  for (const stream of streams) {
    if (stream.bytes === undefined) continue;
    const pod = podOf(stream);
    const ofPod = newStreamPods(opened, { bytes: unwrap(stream.bytes, nowMs), pod, name: stream.name });
    const known = repeats.get(pod);
    known?.open();
    walkLines(ofPod("").open.bytes, (line) => {
      const { open, number } = ofPod(line.pod);
      take(collected, open, number, line, known, nowMs);
    });
  }
  return collected;
}

const podOf = (stream: LogStream): string =>
  stream.pod === undefined
    ? ""
    : stream.namespace === undefined
      ? stream.pod
      : `${stream.namespace}/${stream.pod}`;

/** One file can hold the lines of many pods, each named by its wrapper: each is a stream of its own over the same bytes. */
function newStreamPods(
  opened: OpenStream[],
  stream: OpenStream,
): (linePod: string) => { readonly open: OpenStream; readonly number: number } {
  const known = new Map([["", { open: stream, number: opened.push(stream) - 1 }]]);
  return (linePod) => {
    const found = known.get(linePod);
    if (found !== undefined) return found;
    const pod = podOfLine(linePod, stream.pod);
    const same = [...known.values()].find(({ open }) => open.pod === pod);
    const open = { ...stream, pod };
    const made = same ?? { open, number: opened.push(open) - 1 };
    if (known.size < maxPodsOfStream) known.set(linePod, made);
    return made;
  };
}

const maxPodsOfStream = 10_000;

/** A pod without namespace is the stream's own, when that has its name. */
const podOfLine = (linePod: string, streamPod: string): string =>
  linePod === "" || streamPod.endsWith(`/${linePod}`) ? streamPod : linePod;

/** Only pods with more than one stream can have a line twice. */
function repeatsByPod(streams: readonly LogStream[]): Map<string, Repeats> {
  const seen = new Set<string>();
  const repeats = new Map<string, Repeats>();
  for (const stream of streams) {
    const pod = podOf(stream);
    if (pod === "" || stream.bytes === undefined) continue;
    if (seen.has(pod)) repeats.set(pod, newRepeats());
    seen.add(pod);
  }
  return repeats;
}

function take(
  into: Collected,
  stream: OpenStream,
  number: number,
  line: LinePosition,
  repeats: Repeats | undefined,
  nowMs: number,
): void {
  if (repeats?.isRepeat(stream.bytes, line.start, line.end) === true) {
    into.counts.repeated++;
    return;
  }
  into.counts.total++;
  if (line.long) into.counts.long++;
  const kind = kindOf(stream.bytes, line.start);
  if (kind === "access") {
    into.accessLines.add(number, line.start, line.end, line.prefixMs);
    return;
  }
  const text = stream.bytes.toString("utf8", line.start, line.end);
  const known =
    kind === "error"
      ? takeError(into, stream, text, line.prefixMs)
      : kind === "klog"
        ? takeKlog(into, stream, text, line.prefixMs, nowMs)
        : takeConnection(into, text);
  if (!known) into.counts.unrecognised++;
}

/** "2026/11/20 …" opens an error line, "W1120 …" a controller's, "tls 2.0 …" a connection's; a client address opens none. */
function kindOf(bytes: Buffer, at: number): "error" | "klog" | "connection" | "access" {
  const first = bytes[at] ?? 0;
  if (first >= 48 && first <= 57) return bytes[at + 4] === 47 && bytes[at + 7] === 47 ? "error" : "access";
  if (first === 116 && bytes[at + 1] === 108 && bytes[at + 2] === 115 && bytes[at + 3] === 32)
    return "connection";
  const isLevel = first === 73 || first === 87 || first === 69 || first === 70;
  return isLevel && bytes[at + 5] === 32 && bytes[at + 8] === 58 ? "klog" : "access";
}

function takeError(into: Collected, stream: OpenStream, text: string, prefixMs: number): boolean {
  const line = readNginxError(text);
  if (line === undefined) return false;
  into.counts.error++;
  const meaning = meaningOf(line);
  if (meaning.signal !== undefined) {
    const timeMs = Number.isNaN(prefixMs) ? line.localMs : prefixMs;
    into.signals.add({
      kind: meaning.signal,
      timeMs,
      ...podField(stream),
      line: text.slice(0, maxSignalLineChars),
    });
  }
  const isAbort = line.message.includes("client prematurely closed connection");
  if (meaning.failure === undefined && meaning.ofRequest !== true && !isAbort) return true;
  if (line.client === undefined || line.request === undefined) return true;
  into.errors.push(entryOf(line, line.client, line.request, meaning, stream.pod, prefixMs));
  return true;
}

function entryOf(
  line: NginxErrorLine,
  client: string,
  request: string,
  meaning: ErrorEntry["meaning"],
  pod: string,
  prefixMs: number,
): ErrorEntry {
  const exact = !Number.isNaN(prefixMs);
  return {
    timeMs: exact ? prefixMs : line.localMs,
    exact,
    pod,
    ...(line.connection === undefined ? {} : { connection: line.connection }),
    client,
    request,
    requestCut: line.requestCut === true,
    ...(line.address === undefined ? {} : { address: line.address }),
    ...(line.host === undefined ? {} : { host: line.host }),
    message: line.message,
    meaning,
    used: false,
  };
}

function takeKlog(
  into: Collected,
  stream: OpenStream,
  text: string,
  prefixMs: number,
  nowMs: number,
): boolean {
  const line = readKlog(text, nowMs);
  if (line === undefined) return false;
  into.counts.klog++;
  const signal = klogSignal(line);
  if (signal !== undefined) {
    const timeMs = Number.isNaN(prefixMs) ? line.timeMs : prefixMs;
    into.signals.add({ ...signal, timeMs, ...podField(stream), line: text.slice(0, maxSignalLineChars) });
  }
  return true;
}

function takeConnection(into: Collected, text: string): boolean {
  const line = readNlbTls(text);
  if (line === undefined) return false;
  into.counts.connection++;
  const signal = nlbTlsSignal(line);
  if (signal !== undefined)
    into.signals.add({ ...signal, timeMs: line.endMs, line: text.slice(0, maxSignalLineChars) });
  return true;
}

const podField = (stream: OpenStream): { gatewayPod?: string } =>
  stream.pod === "" ? {} : { gatewayPod: stream.pod };
