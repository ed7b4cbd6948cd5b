import type { AttemptFields } from "./access-line.ts";

/**
 * nginx's lists of upstream values: ", " parts attempts, " : " parts internal redirects
 * (nginx src/http/ngx_http_upstream.c, variable handlers).
 */
export interface UpstreamList {
  readonly items: string[];
  readonly groups: number[];
  /** Position after the list. */
  readonly end: number;
}

/**
 * Reads a list out of a line, beginning at `at`; no item has spaces in it. At most `limit` items are
 * taken, so that a request id of ": 200" behind the list cannot become part of it.
 */
export function readList(line: string, at: number, limit: number): UpstreamList {
  const items: string[] = [];
  const groups: number[] = [];
  let group = 0;
  let from = at;
  for (;;) {
    const space = line.indexOf(" ", from);
    const stop = space === -1 ? line.length : space;
    const comma = line.charCodeAt(stop - 1) === 44 && stop > from;
    items.push(line.slice(from, comma ? stop - 1 : stop));
    groups.push(group);
    if (items.length >= limit) return { items, groups, end: comma ? stop - 1 : stop };
    if (comma && space !== -1) from = stop + 1;
    else if (space !== -1 && line.charCodeAt(space + 1) === 58 && line.charCodeAt(space + 2) === 32) {
      from = space + 3;
      group++;
    } else return { items, groups, end: stop };
  }
}

/** Lists of one request, each as its variable has it; undefined when the format does not log the variable. */
export interface UpstreamColumns {
  address?: UpstreamList | undefined;
  length?: UpstreamList | undefined;
  time?: UpstreamList | undefined;
  status?: UpstreamList | undefined;
  connect?: UpstreamList | undefined;
  header?: UpstreamList | undefined;
  received?: UpstreamList | undefined;
}

/** Puts the columns together. A lone "-" or nothing in every column means that no upstream was tried. */
export function attemptsOf(columns: UpstreamColumns): AttemptFields[] {
  const lead = columns.address ?? columns.status ?? columns.time;
  if (lead === undefined || isNone(columns)) return [];
  const attempts: AttemptFields[] = [];
  for (let i = 0; i < lead.items.length; i++) {
    const address = columns.address?.items[i] ?? "-";
    const attempt: AttemptFields = { address: address === "" ? "-" : address, group: lead.groups[i] ?? 0 };
    fill(attempt, columns, i);
    if (address === "" && attempt.status === undefined && lead.items.length > 1) continue;
    attempts.push(attempt);
  }
  return attempts;
}

function fill(attempt: AttemptFields, columns: UpstreamColumns, i: number): void {
  const status = integer(columns.status?.items[i]);
  if (status !== undefined) attempt.status = status;
  const durationMs = seconds(columns.time?.items[i]);
  if (durationMs !== undefined) attempt.durationMs = durationMs;
  const responseBytes = integer(columns.length?.items[i]);
  if (responseBytes !== undefined) attempt.responseBytes = responseBytes;
  const receivedBytes = integer(columns.received?.items[i]);
  if (receivedBytes !== undefined) attempt.receivedBytes = receivedBytes;
  if (columns.connect !== undefined) attempt.connectMs = seconds(columns.connect.items[i]) ?? null;
  if (columns.header !== undefined) attempt.headerMs = seconds(columns.header.items[i]) ?? null;
}

function isNone(columns: UpstreamColumns): boolean {
  const lists = [columns.address, columns.status, columns.time];
  return lists.every((list) => list === undefined || (list.items.length === 1 && isUnset(list.items[0])));
}

const isUnset = (item: string | undefined): boolean => item === undefined || item === "-" || item === "";

/** A count of bytes or a status; undefined for "-" and for anything that is not digits. */
export function integer(text: string | undefined): number | undefined {
  if (text === undefined || text.length === 0 || text.length > 15) return undefined;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) return undefined;
    value = value * 10 + (c - 48);
  }
  return value;
}

/** "0.019" seconds in milliseconds; undefined for "-" and anything else. */
export function seconds(text: string | undefined): number | undefined {
  if (text === undefined || text.length === 0 || text.length > 20) return undefined;
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? Math.round(value * 1000) : undefined;
}
