import type { Evidence } from "../../../src/evidence/evidence.ts";
import { inOrder, type Line } from "../lines.ts";
import { atMs, offsetMs } from "../time.ts";

/** What a station in front of the cluster logs of one request. */
export interface Seen {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly elapsedMs: number;
  /** Address of the target or origin; absent: none was asked. */
  readonly target?: string;
  /** What the target or origin answered; absent: nothing. */
  readonly answered?: number;
  /** Format's own words: error_reason, actions, statusDetails. */
  readonly words?: string;
  /** Time the handshake to the target took; 0 on a connection from before. */
  readonly connectMs?: number;
}

const paths = ["/", "/items?page=1", "/items/4711", "/items/4712", "/basket"];

/** Ordinary requests of an hour, one every `everyS` seconds, spread over the targets; each is answered 200 in some ms. */
export function ordinary(targets: readonly string[], from = "-58m", everyS = 15): Seen[] {
  const count = Math.floor(-offsetMs(from) / 1000 / everyS);
  return Array.from({ length: count }, (_, i) => ({
    atMs: atMs(from) + i * everyS * 1000 + ((i * 377) % 900),
    method: i % 6 === 5 ? "POST" : "GET",
    path: i % 6 === 5 ? "/orders" : (paths[i % paths.length] ?? "/"),
    status: 200,
    elapsedMs: 9 + ((i * 7) % 40),
    connectMs: i % 9 === 0 ? 2 : 0,
    ...(targets.length === 0 ? {} : { target: targets[i % targets.length] ?? "", answered: 200 }),
  }));
}

/** The same thing at several moments. */
export const at = (moments: readonly string[], seen: Omit<Seen, "atMs">): Seen[] =>
  moments.map((when) => ({ ...seen, atMs: atMs(when) }));

/** Moments from `from` on, so many seconds apart. */
export const every = (from: string, seconds: number, times: number): string[] =>
  Array.from({ length: times }, (_, i) => new Date(atMs(from) + i * seconds * 1000).toISOString());

/** The evidence with the log of a station in front; the gateway's own was not collected. */
export function withFrontLog(evidence: Evidence, name: string, lines: readonly Line[]): Evidence {
  const text = inOrder(lines)
    .map((line) => `${line.text}\n`)
    .join("");
  return {
    ...evidence,
    logs: [...evidence.logs, { name, role: "access-log", bytes: new TextEncoder().encode(text) }],
  };
}
