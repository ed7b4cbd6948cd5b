import type { LogStream } from "../evidence/evidence.ts";
import { maybe, timeMs } from "./shape.ts";
import type { DnsView } from "./views.ts";

type DnsError = DnsView["errors"][number];

const most = 500;
const longest = 500;
const markers = ["[ERROR]", "[FATAL]"];

/** Error lines of CoreDNS's own log, in order of the streams, at most 500 of each. */
export function dnsErrors(streams: readonly LogStream[]): readonly DnsError[] {
  return streams.flatMap((stream) => errorLines(stream.bytes ?? new Uint8Array()).map(errorOf));
}

/** Looks for the markers in the bytes, so that only error lines become strings; the newest are kept. */
function errorLines(bytes: Uint8Array): readonly string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts = new Set<number>();
  for (const marker of markers) {
    let at = buffer.indexOf(marker);
    while (at >= 0) {
      starts.add(at === 0 ? 0 : buffer.lastIndexOf("\n", at) + 1);
      at = buffer.indexOf(marker, at + marker.length);
    }
  }
  const kept = [...starts].sort((a, b) => a - b).slice(-most);
  return kept.map((start) => {
    const end = buffer.indexOf("\n", start);
    return buffer.toString("utf8", start, Math.min(end < 0 ? buffer.length : end, start + longest));
  });
}

/** Lines may carry the time that the kubelet or `kubectl logs --timestamps` puts in front. */
function errorOf(line: string): DnsError {
  const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))\s/.exec(line)?.[1];
  return { ...maybe("timeMs", timeMs(stamp)), line: line.trimEnd(), kind: kindOf(line) };
}

function kindOf(line: string): DnsError["kind"] {
  if (/plugin\/loop|Loop \(.*\) detected/.test(line)) return "loop";
  if (/i\/o timeout|context deadline exceeded|timed out/i.test(line)) return "timeout";
  return /connection refused|no route to host|network is unreachable/i.test(line) ? "refused" : "other";
}
