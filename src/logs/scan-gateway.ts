import type { LogStream } from "../evidence/evidence.ts";
import type { GatewayScan } from "./gateway-scan.ts";
import { newRepeats, type Repeats } from "./repeats.ts";
import { regularSample } from "./sample.ts";
import { newJoin } from "./scan/join.ts";
import { newScanState, type ScanOptions } from "./scan/scan-state.ts";
import { mergeSeen, newSeen } from "./scan/seen.ts";
import { StreamScanner } from "./scan/stream-scanner.ts";
import { summarise } from "./summarise.ts";
import { unwrap } from "./unwrap.ts";

export { trafficFor } from "./traffic-for.ts";
export type { GatewayScan } from "./gateway-scan.ts";
export type { ScanOptions } from "./scan/scan-state.ts";

const defaultMaxKept = 50_000;

/**
 * Reads the logs of gateways that are in memory: access lines, nginx error lines and controller lines, mixed or apart,
 * in any order. Successes are counted without building anything; failures are read in full and
 * joined to their error-log lines. Never throws for what a line contains. For files: gather/log-scan.
 */
export function scanGatewayLogs(streams: readonly LogStream[], options: ScanOptions): GatewayScan {
  const state = newScanState(options);
  const seen = newSeen();
  const sample = regularSample(options.maxKept ?? defaultMaxKept);
  const { counts, buckets, formats, filter } = state;
  const all = Number.POSITIVE_INFINITY;
  const join = newJoin({ counts, buckets, seen, formats, filter, sample, maxPending: all, maxErrors: all });
  const opened = openStreams(streams, options.nowMs);
  for (const { bytes } of opened) state.suspects.addFrom(bytes);
  for (const { bytes, ...stream } of opened) {
    stream.repeats?.open();
    const scanner = new StreamScanner(state, stream);
    scanner.scan(bytes);
    mergeSeen(seen, scanner.parts.seen);
    join.add(scanner.parts.pending, scanner.parts.errors);
  }
  const unjoined = join.finish();
  const losses = lossesOf(streams);
  return summarise({ state, seen, ...sample.kept(), unjoined, losses, nowMs: options.nowMs });
}

interface OpenStream {
  readonly bytes: Buffer;
  readonly pod: string;
  readonly name: string;
  readonly repeats?: Repeats;
}

/** Only pods with more than one stream can have a line twice. */
function openStreams(streams: readonly LogStream[], nowMs: number): OpenStream[] {
  const readable = streams.filter((stream) => stream.bytes !== undefined);
  const numbers = new Map<string, number>();
  for (const stream of readable) numbers.set(podOf(stream), (numbers.get(podOf(stream)) ?? 0) + 1);
  const repeats = new Map<string, Repeats>();
  for (const [pod, streamsOfPod] of numbers) {
    if (pod !== "" && streamsOfPod > 1) repeats.set(pod, newRepeats());
  }
  return readable.map((stream): OpenStream => {
    const pod = podOf(stream);
    const known = repeats.get(pod);
    return {
      bytes: unwrap(stream.bytes ?? Buffer.alloc(0), nowMs),
      pod,
      name: stream.name,
      ...(known === undefined ? {} : { repeats: known }),
    };
  });
}

const podOf = (stream: LogStream): string =>
  stream.pod === undefined
    ? ""
    : stream.namespace === undefined
      ? stream.pod
      : `${stream.namespace}/${stream.pod}`;

function lossesOf(streams: readonly LogStream[]): string[] {
  const losses = streams
    .filter((stream) => stream.bytes === undefined)
    .map((stream) => `${stream.name}: ${stream.reason ?? "not read"}`);
  for (const { name, droppedBytes } of streams) {
    if (droppedBytes !== undefined && droppedBytes > 0)
      losses.push(`${name}: ${droppedBytes} older bytes were left out`);
  }
  return losses;
}
