import type { LogStream } from "../evidence/evidence.ts";
import { topicMask } from "./app/topic-mask.ts";
import { topics } from "./app/topics.ts";
import { newLineTimes } from "./app/line-times.ts";
import type { AppRule } from "./app/app-rule.ts";
import { newAppSignalStore } from "./app/app-signal-store.ts";
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
  const state: State = { isUp: false, allAddresses: undefined };
  const times = newLineTimes(bytes, nowMs);
  walkLines(bytes, (line) => {
    const end = Math.min(line.end, line.start + maxLineChars);
    times.pass(line.start, end, line.prefixMs);
    const mask = topicMask(bytes, line.start, end);
    if (mask === 0) return;
    const text = withoutEscapes(bytes.toString("utf8", line.start, end));
    const found = readLine(text, mask, state);
    if (found === undefined) return;
    const bound = localUrl.test(text) ? { address: addressBesideLocal(bytes, end) } : {};
    store.add(
      { ...found.signal, ...bound, line: text.slice(0, maxKeptChars) },
      times.ofCurrent(found.timeMs),
    );
  });
  return store.signals();
}

const localUrl = /^\W*Local:\s+http/;

/** Vite and its kin print "Local: http://localhost:5173" whatever they bind; the line after it tells. */
function addressBesideLocal(bytes: Buffer, from: number): string {
  const next = withoutEscapes(bytes.toString("utf8", from, from + 300));
  if (/Network:\s+use --host/.test(next)) return "127.0.0.1";
  return /Network:\s+http/.test(next) ? "::" : "*";
}

type Found = Omit<AppSignal, "pod" | "namespace" | "container" | "previous" | "line" | "timeMs">;

function readLine(text: string, mask: number, state: State): { signal: Found; timeMs: number } | undefined {
  const parsed = text.startsWith("{") ? readJsonLine(text) : undefined;
  const timeMs = parsed?.timeMs ?? Number.NaN;
  const request = parsed === undefined ? readAppRequest(text) : parsed.request;
  if (request !== undefined) return { signal: { kind: "request", request: shortRequest(request) }, timeMs };
  const signal = match(parsed?.text ?? text, mask, state);
  return signal === undefined ? undefined : { signal, timeMs };
}

interface State {
  /** The process said that it listens or has started. */
  isUp: boolean;
  /** Address of werkzeug's "Running on all addresses", which goes for the lines after it. */
  allAddresses: string | undefined;
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

function match(message: string, mask: number, state: State): Found | undefined {
  const everywhere = /\bRunning on all addresses(?: \(([^)]{1,60})\))?/.exec(message);
  if (everywhere !== null) state.allAddresses = everywhere[1] ?? "0.0.0.0";
  for (let i = 0; i < topics.length; i++) {
    if ((mask & (1 << i)) === 0) continue;
    for (const rule of topics[i]?.rules ?? []) {
      const found = matchRule(rule, message, state);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function matchRule(rule: AppRule, message: string, state: State): Found | undefined {
  if (rule.atStart === true && state.isUp) return undefined;
  const m = rule.words.exec(message);
  if (m === null || rule.unless?.test(message) === true || rule.when?.(m) === false) return undefined;
  const details = rule.details?.(m, message) ?? {};
  if (rule.kind === "listening" || rule.kind === "started") state.isUp = true;
  if (rule.kind === "listening" && state.allAddresses !== undefined && /\* Running on /.test(message)) {
    return { kind: rule.kind, ...details, address: state.allAddresses };
  }
  return { kind: rule.kind, ...details };
}
