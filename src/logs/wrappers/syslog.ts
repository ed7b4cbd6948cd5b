import { isoMs, monthIndex, timeOfDayMs, withoutYearMs } from "../clock.ts";
import type { Peeled } from "./peeled.ts";

const classic =
  /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) (?:([\w.:-]{1,253}) )?([\w./-]{1,64})(\[\d{1,10}\])?: /;
const dated =
  /^(?:<\d{1,3}>)?(\d{4}-\d\d-\d\dT[\d:.+Z-]{8,30}) ([\w.:-]{1,253}) ([\w./-]{1,64})(\[\d{1,10}\])?: /;
const rfc5424 =
  /^<\d{1,3}>1 (\S{1,40}) \S{1,255} (\S{1,48}) (\S{1,128}) \S{1,32} (?:-|\[[^\]]{0,2000}\]) (?:\ufeff)?/;

/** Programs whose lines are known by name even without a process id. */
const gateway = /^(?:nginx|haproxy|traefik|envoy|kong|apisix)/;

/**
 * syslog and `journalctl` before a line: "Nov 20 14:47:01 node haproxy[11]: " (RFC 3164, journalctl -o short),
 * the same with an ISO time (rsyslog, -o short-iso) and RFC 5424. The program's name goes, except HAProxy's, whose
 * log format begins with it. Without a moment of collection (`nowMs` NaN) there is no year, and nothing is taken off.
 */
export function peelSyslog(peeled: Peeled, nowMs: number): boolean {
  const { text } = peeled;
  const c = text.charCodeAt(0);
  if (c === 60 && text.slice(1, 7).includes(">1 ")) return peelRfc5424(peeled);
  const isDated = c === 50 || (c === 60 && /^<\d{1,3}>2/.test(text));
  if (isDated) return peelDated(peeled);
  const m = Number.isNaN(nowMs) ? null : classic.exec(text);
  const month = m === null ? undefined : monthIndex(m[1] ?? "");
  if (m === null || month === undefined) return false;
  const timeMs = withoutYearMs(month, Number(m[2]), timeOfDayMs(m[3] ?? ""), nowMs);
  return take(peeled, timeMs, m[0].length, m[5] ?? "", m[6]);
}

function peelDated(peeled: Peeled): boolean {
  const m = dated.exec(peeled.text);
  return m !== null && take(peeled, isoMs(m[1] ?? ""), m[0].length, m[3] ?? "", m[4]);
}

function peelRfc5424(peeled: Peeled): boolean {
  const m = rfc5424.exec(peeled.text);
  if (m === null) return false;
  const pid = /^\d{1,10}$/.test(m[3] ?? "") ? `[${m[3]}]` : "[0]";
  return take(peeled, isoMs(m[1] ?? ""), m[0].length, m[2] ?? "", pid);
}

function take(
  peeled: Peeled,
  timeMs: number,
  length: number,
  program: string,
  pid: string | undefined,
): boolean {
  if (Number.isNaN(timeMs) || (pid === undefined && !gateway.test(program))) return false;
  const rest = peeled.text.slice(length);
  peeled.text = program.includes("haproxy") ? `haproxy${pid ?? "[0]"}: ${rest}` : rest;
  peeled.timeMs = timeMs;
  return true;
}
