import type { ErrorEntry } from "../error-index.ts";
import { nlbTlsSignal, readNlbTls } from "../formats/aws-nlb-tls.ts";
import { readHaproxyEvent } from "../formats/haproxy-events.ts";
import { klogSignal, readKlog } from "../formats/klog.ts";
import { readNginxError } from "../formats/nginx-error.ts";
import { meaningOf } from "../formats/nginx-error-meaning.ts";
import type { SignalStore } from "../signals.ts";

const maxSignalLineChars = 2000;

/** "2026/11/20 …" opens an error line, "W1120 …" a controller's, "tls 2.0 …" a connection's; a client address opens none. */
export function kindOf(bytes: Uint8Array, at: number): "error" | "klog" | "connection" | "access" {
  const first = bytes[at] ?? 0;
  if (first >= 48 && first <= 57) return bytes[at + 4] === 47 && bytes[at + 7] === 47 ? "error" : "access";
  if (first === 116 && bytes[at + 1] === 108 && bytes[at + 2] === 115 && bytes[at + 3] === 32)
    return "connection";
  const isLevel = first === 73 || first === 87 || first === 69 || first === 70;
  return isLevel && bytes[at + 5] === 32 && bytes[at + 8] === 58 ? "klog" : "access";
}

const podField = (pod: string): { gatewayPod?: string } => (pod === "" ? {} : { gatewayPod: pod });

/** Takes one line of nginx's error log; false when it is none. */
export function takeErrorLine(
  text: string,
  prefixMs: number,
  pod: string,
  signals: SignalStore,
  errors: ErrorEntry[],
): boolean {
  const line = readNginxError(text);
  if (line === undefined) return false;
  const meaning = meaningOf(line);
  const exact = !Number.isNaN(prefixMs);
  const timeMs = exact ? prefixMs : line.localMs;
  if (meaning.signal !== undefined)
    signals.add({ kind: meaning.signal, timeMs, ...podField(pod), line: text.slice(0, maxSignalLineChars) });
  const isAbort = line.message.includes("client prematurely closed connection");
  if (meaning.failure === undefined && meaning.ofRequest !== true && !isAbort) return true;
  const { client, request } = line;
  if (client === undefined || request === undefined) return true;
  errors.push({
    timeMs,
    exact,
    pod,
    ...(line.connection === undefined ? {} : { connection: line.connection }),
    client,
    request,
    requestCut: line.requestCut === true,
    ...(line.address === undefined ? {} : { address: line.address }),
    ...(line.host === undefined ? {} : { host: line.host }),
    ...(line.requestId === undefined ? {} : { requestId: line.requestId }),
    message: line.message,
    meaning,
    used: false,
  });
  return true;
}

/** Takes one line of the controller; false when it is none. `nowMs` gives the year that it does not log. */
export function takeKlogLine(
  text: string,
  prefixMs: number,
  pod: string,
  signals: SignalStore,
  nowMs: number,
  onSaid?: (text: string, timeMs: number) => void,
): boolean {
  const line = readKlog(text, nowMs);
  if (line === undefined) return false;
  const timeMs = Number.isNaN(prefixMs) ? line.timeMs : prefixMs;
  onSaid?.(line.text, timeMs);
  const signal = klogSignal(line);
  if (signal === undefined) return true;
  signals.add({ ...signal, timeMs, ...podField(pod), line: text.slice(0, maxSignalLineChars) });
  return true;
}

/** Takes one TLS connection of a network load balancer; false when the line is none. */
export function takeConnectionLine(text: string, signals: SignalStore): boolean {
  const line = readNlbTls(text);
  if (line === undefined) return false;
  const signal = nlbTlsSignal(line);
  if (signal !== undefined)
    signals.add({ ...signal, timeMs: line.endMs, line: text.slice(0, maxSignalLineChars) });
  return true;
}

/** Lua prints these below an error, each on a line of its own. */
const stackTrace = /^(?:stack traceback:|coroutine \d+:|\t(?:\[C\]: in |\[builtin#|.{1,300}:\d+: in ))/;

/** Takes a line that no access format reads and a gateway writes: HAProxy on its servers and itself, Lua's stack traces. */
export function takeGatewayLine(text: string, prefixMs: number, pod: string, signals: SignalStore): boolean {
  const event = readHaproxyEvent(text);
  if (event === undefined) return stackTrace.test(text);
  const { kind, about } = event;
  if (kind === undefined) return true;
  signals.add({
    kind,
    ...(Number.isNaN(prefixMs) ? {} : { timeMs: prefixMs }),
    ...podField(pod),
    ...(about === undefined ? {} : { about }),
    line: text.slice(0, maxSignalLineChars),
  });
  return true;
}
