import { type Glance, splitRequest } from "./access-line.ts";
import { closingQuote } from "./aws-tokens.ts";
import { isoTimeMs } from "./iso-time.ts";
import { bareAddress } from "./json-values.ts";
import { integer } from "./upstream-lists.ts";

/** Ends of the fields before the request; filled anew for each line. */
const ends = new Int32Array(12);
const [timeField, clientField, targetField, statusField, targetStatusField, receivedField] = [
  1, 3, 4, 8, 9, 10,
];

/** Quoted fields from actions_executed to classification_reason, with which the 29 fields of the oldest lines end. */
const lastFields = 7;

/**
 * Fills `out` from a line with any status but server errors and those of the load balancer's own (460 and up); false for every other line, which is then to be read in full.
 */
export function glanceAlb(line: string, out: Glance): boolean {
  let at = -1;
  for (let i = 0; i < ends.length; i++) {
    at = wordEnd(line, at + 1);
    if (at === -1) return false;
    ends[i] = at;
  }
  const status = integer(field(line, statusField));
  if (status === undefined || status < 200 || status >= 460) return false;
  const targetStatus = field(line, targetStatusField);
  if (targetStatus !== "-" && (targetStatus.length !== 3 || targetStatus.startsWith("5"))) return false;
  const requestEnd = quoteEnd(line, at + 1);
  const agentEnd = requestEnd === -1 ? -1 : quoteEnd(line, requestEnd + 2);
  if (agentEnd === -1) return false;
  out.endMs = isoTimeMs(field(line, timeField));
  out.status = status;
  if (Number.isNaN(out.endMs) || !glanceTail(line, agentEnd, out)) return false;
  const target = field(line, targetField);
  out.address = target === "-" ? "" : target;
  out.client = bareAddress(field(line, clientField));
  out.requestBytes = integer(field(line, receivedField)) ?? Number.NaN;
  return glanceRequest(line.slice(at + 2, requestEnd), out);
}

const field = (line: string, i: number): string => line.slice((ends[i - 1] ?? 0) + 1, ends[i]);

/** Where the field without quotes that begins at `from` ends; -1 when there is none. */
const wordEnd = (line: string, from: number): number =>
  line.charCodeAt(from) === 34 ? -1 : line.indexOf(" ", from);

/** Where the quoted field that begins at `from` ends; -1 when there is none. */
const quoteEnd = (line: string, from: number): number =>
  line.charCodeAt(from) === 34 ? closingQuote(line, from + 1) : -1;

/** "GET https://shop.example:443/x HTTP/1.1"; whatever else it may be is read in full. */
function glanceRequest(request: string, out: Glance): boolean {
  const url = request.indexOf("://");
  const slash = url === -1 ? -1 : request.indexOf("/", url + 3);
  if (slash === -1 || request.charCodeAt(0) === 45) return false;
  const { method, path } = splitRequest(request);
  out.method = method;
  out.path = path;
  const host = request.slice(url + 3, slash);
  out.host = host.replace(/:\d{1,5}$/, "");
  return (
    /^[A-Z]{1,20} https?$/.test(request.slice(0, url)) &&
    /^[\w.:[\]-]{1,260}$/.test(host) &&
    !host.startsWith("-")
  );
}

/** Cipher, protocol, target group, then quoted trace, domain and certificate, the rule's priority and the creation. */
function glanceTail(line: string, agentEnd: number, out: Glance): boolean {
  const cipherEnd = wordEnd(line, agentEnd + 2);
  const protocolEnd = cipherEnd === -1 ? -1 : wordEnd(line, cipherEnd + 1);
  const groupEnd = protocolEnd === -1 ? -1 : wordEnd(line, protocolEnd + 1);
  if (groupEnd === -1) return false;
  let at = groupEnd - 1;
  for (let i = 0; i < 3; i++) {
    at = quoteEnd(line, at + 2);
    if (at === -1) return false;
  }
  const priorityEnd = wordEnd(line, at + 2);
  const createdEnd = priorityEnd === -1 ? -1 : wordEnd(line, priorityEnd + 1);
  if (createdEnd === -1) return false;
  const createdMs = isoTimeMs(line.slice(priorityEnd + 1, createdEnd));
  if (!(createdMs <= out.endMs)) return false;
  out.durationMs = out.endMs - createdMs;
  at = createdEnd - 1;
  for (let i = 0; i < lastFields; i++) {
    at = quoteEnd(line, at + 2);
    if (at === -1) return false;
  }
  const group = line.indexOf(":targetgroup/", protocolEnd);
  const from = group === -1 || group > groupEnd ? groupEnd : group + 13;
  const slash = line.indexOf("/", from);
  out.upstreamName = line.slice(from, slash === -1 || slash > groupEnd ? groupEnd : slash);
  return true;
}
