import { isNginxByKeys } from "../formats/json-formats.ts";
import { keyOfVariables } from "../formats/nginx-json.ts";
import { parseObject } from "../json.ts";

/** A line's keys and what stands around its values: what lines of one template have in common. */
export interface JsonLayout {
  /** Bytes before each value, its quote included; the last ones are the bytes after the last value. */
  readonly between: readonly Uint8Array[];
  readonly isQuoted: readonly boolean[];
  /** Number of the value that nginx's variable has; -1 when it has none. */
  readonly valueOf: Readonly<Record<(typeof variables)[number], number>>;
  /** Values that must be no lists. */
  readonly single: readonly number[];
}

/** Variables that a success is counted by. */
const variables = [
  "msec",
  "time_iso8601",
  "time_local",
  "remote_addr",
  "host",
  "request",
  "request_method",
  "request_uri",
  "status",
  "request_length",
  "request_time",
  "proxy_upstream_name",
  "proxy_alternative_upstream_name",
  "upstream_addr",
  "upstream_status",
] as const;

const needed = ["remote_addr", "status", "upstream_addr"] as const;
const texts = ["remote_addr", "host", "request", "request_method", "request_uri", "upstream_addr"] as const;
const lists = [
  "upstream_response_time",
  "upstream_response_length",
  "upstream_connect_time",
  "upstream_header_time",
  "upstream_bytes_received",
];

const maxValues = 100;
const key = /"([A-Za-z_@][\w@.-]{0,100})"[ \t]{0,8}:[ \t]{0,8}/y;
/** Strings without escapes, numbers; what always is null or a truth value belongs to the template. */
const value = /"([^"\\]*)"|\d[\d.]{0,15}|null|true|false/y;
const gap = /[ \t]{0,8}[,}][ \t]{0,8}/y;

/** The layout of a line that nginx's JSON format reads; undefined when its kind must be parsed. */
export function layoutOf(line: string): JsonLayout | undefined {
  const entry = parseObject(line);
  if (entry === undefined || !isNginxByKeys(entry)) return undefined;
  const keys: string[] = [];
  const between: string[] = [];
  const isQuoted: boolean[] = [];
  const valued: string[] = [];
  let from = 0;
  let at = 1;
  while (at < line.length) {
    const name = matchAt(key, line, at);
    if (name?.[1] === undefined) return undefined;
    const found = matchAt(value, line, at + name[0].length);
    if (found === undefined || keys.push(name[1]) > maxValues) return undefined;
    const start = at + name[0].length;
    const end = start + found[0].length;
    const first = found[0].charCodeAt(0);
    if (first === 34 || isDigitCode(first)) {
      const quoted = first === 34 ? 1 : 0;
      between.push(line.slice(from, start + quoted));
      isQuoted.push(quoted === 1);
      valued.push(name[1]);
      from = end - quoted;
    }
    const stop = matchAt(gap, line, end);
    if (stop === undefined) return undefined;
    at = end + stop[0].length;
  }
  if (keys.length !== Object.keys(entry).length || !line.endsWith("}")) return undefined;
  between.push(line.slice(from));
  return withVariables(between, isQuoted, valued);
}

const isDigitCode = (code: number): boolean => code >= 48 && code <= 57;

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line) ?? undefined;
}

function withVariables(
  between: readonly string[],
  isQuoted: readonly boolean[],
  keys: readonly string[],
): JsonLayout | undefined {
  const keyOf = keyOfVariables(keys);
  const numberOf = (variable: string): number => keys.indexOf(keyOf.get(variable) ?? "");
  const valueOf = Object.fromEntries(
    variables.map((variable) => [variable, numberOf(variable)]),
  ) as JsonLayout["valueOf"];
  const isWhole = needed.every((variable) => valueOf[variable] !== -1);
  const hasRequest = valueOf.request !== -1 || (valueOf.request_method !== -1 && valueOf.request_uri !== -1);
  const isText = texts.every((variable) => valueOf[variable] === -1 || isQuoted[valueOf[variable]] === true);
  const hasParts = ["namespace", "service_name", "service_port"].every((part) => keyOf.has(part));
  const hasName = valueOf.proxy_upstream_name !== -1 || !hasParts;
  if (!isWhole || !hasRequest || !isText || !hasName) return undefined;
  const single = lists.map(numberOf).filter((number) => number !== -1);
  return { between: between.map((text) => Buffer.from(text)), isQuoted, valueOf, single };
}
