import { epochTextMs, isoMs } from "../clock.ts";
import { namesInPath, namesOf } from "./kubernetes-names.ts";
import type { Peeled } from "./peeled.ts";

const isoWord = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,20}) /;

/** Wrappers that begin with a time; a time alone is left to `walkLines`. */
export function peelDatedLine(peeled: Peeled): boolean {
  const c = peeled.text.charCodeAt(0);
  if (c < 48 || c > 57) return false;
  const m = isoWord.exec(peeled.text);
  if (m !== null) {
    const timeMs = isoMs(m[1] ?? "");
    const rest = peeled.text.slice(m[0].length);
    return (
      !Number.isNaN(timeMs) &&
      (takeLogcli(peeled, timeMs, rest) || takeTail(peeled, timeMs, m[1] ?? "", rest))
    );
  }
  return takeGrafana(peeled) || takeFluentd(peeled);
}

/** `logcli query`: TIME {label="value", …} line, the labels padded with spaces (loki pkg/logcli/output/default.go). */
function takeLogcli(peeled: Peeled, timeMs: number, rest: string): boolean {
  if (rest.charCodeAt(0) !== 123) return false;
  const labels = readLabels(rest);
  if (labels === undefined) return false;
  const names = namesOf(labels.values);
  Object.assign(peeled, { timeMs, text: rest.slice(labels.end).replace(/^ {1,2000}/, "") });
  if (names.pod !== "") Object.assign(peeled, names);
  return true;
}

const labelStart = /([A-Za-z_][A-Za-z0-9_]{0,200})="/y;

/** `{a="b", c="d"}` with Go's quoting; undefined for JSON and anything else. Linear in the labels' length. */
function readLabels(text: string): { values: Record<string, string>; end: number } | undefined {
  const values: Record<string, string> = {};
  let at = 1;
  while (text.charCodeAt(at) !== 125) {
    labelStart.lastIndex = at;
    const key = labelStart.exec(text);
    if (key === null) return undefined;
    const from = labelStart.lastIndex;
    const stop = closingQuote(text, from);
    if (stop === -1) return undefined;
    if (key[1] !== undefined) values[key[1]] = text.slice(from, stop);
    at = stop + 1;
    if (text.startsWith(", ", at)) at += 2;
    else if (text.charCodeAt(at) === 44) at++;
  }
  return { values, end: at + 1 };
}

function closingQuote(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 34) return i;
  }
  return -1;
}

const microseconds = /\.\d{6}\+00:00$/;
const streamName = /^(\S{0,200}(?:\.log|\.containers\.\S{1,300})|[A-Za-z][\w.-]{0,100}\/\S{1,300}) /;

/** `aws logs tail`: TIME STREAM line, the time with microseconds and "+00:00" (awscli customizations/logs/tail.py). */
function takeTail(peeled: Peeled, timeMs: number, time: string, rest: string): boolean {
  const m = microseconds.test(time) ? streamName.exec(rest) : null;
  if (m === null) return false;
  Object.assign(peeled, { timeMs, text: rest.slice(m[0].length) }, namesInPath(m[1] ?? "") ?? {});
  return true;
}

const grafanaText = /^(?:(\d{13,19})\t)?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)?)\t/;

/** Grafana's text download: "2026-11-20 14:47:01.123<tab>line", newer ones with the epoch before it. */
function takeGrafana(peeled: Peeled): boolean {
  const m = grafanaText.exec(peeled.text);
  if (m === null) return false;
  const timeMs = m[1] === undefined ? isoMs(m[2] ?? "") : epochTextMs(m[1]);
  if (Number.isNaN(timeMs)) return false;
  Object.assign(peeled, { timeMs, text: peeled.text.slice(m[0].length) });
  return true;
}

const fluentd =
  /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?: ?[+-]\d\d:?\d\d|Z)?)(?:\t([^\t]{1,400})\t| (\S{1,400}): )(?=\{")/;

/** Fluentd's out_stdout ("TIME ZONE TAG: {…}") and out_file ("TIME<tab>TAG<tab>{…}"). */
function takeFluentd(peeled: Peeled): boolean {
  const m = fluentd.exec(peeled.text);
  const timeMs = m === null ? Number.NaN : isoMs(m[1] ?? "");
  if (m === null || Number.isNaN(timeMs)) return false;
  Object.assign(
    peeled,
    { timeMs, text: peeled.text.slice(m[0].length) },
    namesInPath(m[2] ?? m[3] ?? "") ?? {},
  );
  return true;
}
