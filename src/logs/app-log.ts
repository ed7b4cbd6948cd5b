import type { LogStream } from "../evidence/evidence.ts";
import { appRules, stems } from "./app/all-rules.ts";
import type { AppRule } from "./app/app-rule.ts";
import { newAppSignalStore } from "./app/app-signal-store.ts";
import { lineTimeMs } from "./app/app-time.ts";
import { readJsonLine } from "./app/json-line.ts";
import { type AppRequest, readAppRequest } from "./app/request.ts";
import type { AppSignal } from "./traffic.ts";
import { walkLines } from "./lines.ts";
import { unwrap } from "./unwrap.ts";

/** Only this much of a line is read. */
const maxLineChars = 4000;
const maxKeptChars = 1000;

/**
 * What an application's own log says that bears on its requests: where it listens, starts and stops,
 * its errors towards others, its limits, and its own access lines. Bounded: of each kind and subject
 * the first and the last few are kept; `count` of the first says how many there were.
 * Times without a year are read only when `nowMs`, the moment of collection, is given.
 */
export function scanAppLog(stream: LogStream, nowMs?: number): AppSignal[] {
  if (stream.bytes === undefined) return [];
  const bytes = unwrap(stream.bytes);
  const store = newAppSignalStore(stream);
  const state = newState();
  walkLines(bytes, (line) => {
    const end = Math.min(line.end, line.start + maxLineChars);
    const raw = bytes.toString("utf8", line.start, end);
    const text = withoutEscapes(raw);
    const parsed = text.startsWith("{") ? readJsonLine(text) : undefined;
    const timeMs = timeOf(line.prefixMs, parsed?.timeMs ?? Number.NaN, text, state, nowMs);
    const request = parsed === undefined ? readAppRequest(text) : parsed.request;
    if (request !== undefined) {
      store.add(
        { kind: "request", request: shortRequest(request), line: text.slice(0, maxKeptChars) },
        timeMs,
      );
      return;
    }
    const message = parsed?.text ?? text;
    const found = stems.test(message) ? match(message, state) : undefined;
    if (found !== undefined) store.add({ ...found, line: text.slice(0, maxKeptChars) }, timeMs);
  });
  return store.signals();
}

interface State {
  lastMs: number;
  isUp: boolean;
  /** Address of werkzeug's "Running on all addresses", which goes for the lines after it. */
  allAddresses: string | undefined;
}

const newState = (): State => ({ lastMs: Number.NaN, isUp: false, allAddresses: undefined });

/** Lines without a time, such as those of a stack trace, belong to the line before. */
function timeOf(
  prefixMs: number,
  jsonMs: number,
  text: string,
  state: State,
  nowMs: number | undefined,
): number {
  const own = !Number.isNaN(prefixMs) ? prefixMs : !Number.isNaN(jsonMs) ? jsonMs : lineTimeMs(text, nowMs);
  if (!Number.isNaN(own)) state.lastMs = own;
  return state.lastMs;
}

const escapeCharacter = "\u001b";
const tlsRecord = "\u0016\u0003";

/** Terminal colours and NULs go; the first bytes of a TLS record are spelled out. */
function withoutEscapes(text: string): string {
  let plain = text;
  if (plain.includes(escapeCharacter)) {
    const [head = "", ...parts] = plain.split(escapeCharacter);
    plain = head + parts.map((part) => part.replace(/^\[[0-9;?]{0,30}[A-Za-z]|^[()][A-B0-2]/, "")).join("");
  }
  if (plain.includes("\u0000")) plain = plain.replaceAll("\u0000", "");
  return plain.replaceAll(tlsRecord, "\\x16\\x03").trimStart();
}

const shortRequest = (request: AppRequest): AppRequest => ({
  ...request,
  path: request.path.slice(0, maxKeptChars),
});

function match(
  message: string,
  state: State,
): Omit<AppSignal, "pod" | "namespace" | "container" | "previous" | "line"> | undefined {
  const everywhere = /\bRunning on all addresses(?: \(([^)]{1,60})\))?/.exec(message);
  if (everywhere !== null) state.allAddresses = everywhere[1] ?? "0.0.0.0";
  for (const rule of appRules) {
    const found = matchRule(rule, message, state);
    if (found !== undefined) return found;
  }
  return undefined;
}

function matchRule(rule: AppRule, message: string, state: State): ReturnType<typeof match> {
  if (rule.atStart === true && state.isUp) return undefined;
  const m = rule.words.exec(message);
  if (m === null || rule.unless?.test(message) === true) return undefined;
  const details = rule.details?.(m, message) ?? {};
  if (rule.kind === "listening" || rule.kind === "started") state.isUp = true;
  if (rule.kind === "listening" && state.allAddresses !== undefined && /\* Running on /.test(message)) {
    return { kind: rule.kind, ...details, address: state.allAddresses };
  }
  return { kind: rule.kind, ...details };
}
