import { type AppDetails, type AppRule, type AppTopic, known } from "./app-rule.ts";
import { peerIn } from "./peer.ts";

/** Below this a call is not slow, whatever a log calls it: gateways wait 10 s or more. */
const slowMs = 2000;

/** A host in a URL without a port, as HTTP clients name it. */
const urlHost = /\bhttps?:\/\/(?:[^\s@/]{0,200}@)?([a-z][\w.-]{0,252})(?=[/?"'\s]|$)/i;

const toPeer = (_: RegExpExecArray, text: string): AppDetails =>
  known({ peer: peerIn(text) ?? urlHost.exec(text)?.[1]?.toLowerCase(), detail: "timeout" });

const duration = String.raw`[:=]? ?(\d{1,9}(?:\.\d{1,6})?) ?(milliseconds?|ms|seconds?|secs?|s|minutes?|min)\b`;
const queries = "quer(?:y|ies)|sql|statement|aggregation|transaction|SELECT|UPDATE|INSERT|DELETE FROM";
const calls =
  "upstream|downstream|dependency|external|rpc|fetch|fetched|fetching|call(?:ing|ed)? (?:to|of)|waiting for|request to";

/** A duration after the name of something that is waited for: "query took 32000 ms". */
const timed = (what: string): RegExp =>
  new RegExp(String.raw`\b(?:${what})\b.{0,200}?\b(?:took|duration|elapsed|after|time)${duration}`, "i");

function isLong(match: RegExpExecArray): boolean {
  const [, amount = "", unit = ""] = match;
  const unitMs = /^m(?:s|illi)/i.test(unit) ? 1 : /^m/i.test(unit) ? 60_000 : 1000;
  return Number(amount) * unitMs >= slowMs;
}

/** Calls to something outside that took too long, or that the caller gave up. */
const slowRules: readonly AppRule[] = [
  { kind: "slow-call", words: timed(queries), when: isLong, details: toPeer },
  { kind: "slow-call", words: timed(calls), when: isLong, details: toPeer },
  {
    // PostgreSQL, log_min_duration_statement: "duration: 32004.118 ms  statement: SELECT …"
    kind: "slow-call",
    words: new RegExp(String.raw`\bduration${duration}\s+(?:statement|execute|parse|bind|plan)\b`, "i"),
    when: isLong,
    details: toPeer,
  },
  {
    // MySQL's slow log: "# Query_time: 31.204120  Lock_time: 0.000102"
    kind: "slow-call",
    words: /\bQuery_time: (\d{1,6}\.\d+)( )/,
    when: isLong,
    details: toPeer,
  },
  {
    kind: "slow-call",
    words:
      /\bcanceling statement due to (?:statement|lock) timeout|\bQuery execution was interrupted, maximum statement execution time exceeded|\bLock wait timeout exceeded|\bQueryTimeoutException\b|\bquery (?:read )?timeout\b|\bMaxTimeMSExpired\b|\boperation exceeded time limit\b/i,
    details: toPeer,
  },
  {
    // axios, then request and its kin
    kind: "slow-call",
    words: /\btimeout of \d{1,9} ?ms exceeded|\bESOCKETTIMEDOUT\b|\bUND_ERR_(?:HEADERS|BODY)_TIMEOUT\b/,
    details: toPeer,
  },
  {
    kind: "slow-call",
    words: /\bRead timed out\b|\bReadTimeout\w*\b|\bread timeout=|\bPOST_TIMEOUT\b|\bNet::ReadTimeout\b/,
    unless: /\bConnect timed out\b/i,
    details: toPeer,
  },
  {
    kind: "slow-call",
    words:
      /\bcontext deadline exceeded\b|\bDEADLINE_EXCEEDED\b|\bcode = DeadlineExceeded\b|\bClient\.Timeout exceeded\b|\bHttpClient\.Timeout of \d/,
    unless: /\bdial (?:tcp|udp)\b|Error while dialing/,
    details: toPeer,
  },
  {
    kind: "slow-call",
    words: /\bupstream timed out\b.{0,80}\bwhile reading (?:response header|upstream)/,
    details: toPeer,
  },
];

export const slowTopic: AppTopic = {
  stems: [
    "query",
    "queries",
    "sql",
    "statement",
    "aggregation",
    "transaction",
    "SELECT",
    "UPDATE",
    "INSERT",
    "DELETE FROM",
    "upstream",
    "downstream",
    "dependency",
    "external",
    "rpc ",
    "fetch",
    "call",
    "waiting for",
    "request to",
    "lock",
    "maxtimems",
    "time limit",
    "timeout",
    "timed out",
    "TIMEDOUT",
    "deadline",
  ],
  rules: slowRules,
};
