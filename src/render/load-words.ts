import { shareText, spanText } from "../base/counts.ts";
import type { LoadDrainReport, LoadReport, LoadStateReport } from "../report/load-report.ts";
import { count, counted, objectText, percent } from "./words.ts";

/** Wording that the terminal and the Markdown renderer share. */

/** "GET http://shop.example.com/cart at 127.0.0.1:8080, 20 a second for 60 s". */
export function loadText({ request, seconds, isCutShort }: LoadReport): string {
  const to = request.connectTo === undefined ? "" : ` at ${request.connectTo}`;
  const early = isCutShort ? ", ended early" : "";
  return `${request.method} ${request.url}${to}, ${request.perSecond} a second for ${spanText(Math.round(seconds * 10) * 100)}${early}`;
}

export function duringText({ during }: LoadReport): string | undefined {
  if (during === undefined) return undefined;
  const { action, state, startedAfterSeconds, tookSeconds } = during;
  const took = tookSeconds === undefined ? "" : ` after ${tookSeconds} s`;
  return `meanwhile, ${startedAfterSeconds} s in: ${action}, ${state === "done" ? `done${took}` : "not over when the load was"}`;
}

export const verdictText = ({ verdict, why }: LoadReport): string =>
  `${{ held: "held", broken: "not held", "cannot-tell": "cannot tell" }[verdict]}: ${why}.`;

/** "max-5xx 0: 18 of 1,200". */
export const thresholdTexts = ({ thresholds }: LoadReport): { held: boolean; text: string }[] =>
  thresholds.map(({ name, limit, measured, held }) => ({ held, text: `--${name} ${limit}: ${measured}` }));

/** "200 ×1,182, 502 ×12; no whole answer ×6: closed ×6 (closed without an answer)". */
export function answersText({ statuses, errors }: LoadReport): string {
  const answered = Object.entries(statuses).map(([status, n]) => `${status} ×${count(n)}`);
  const broken = errors.map(({ kind, requests, words }) => `${kindTexts[kind] ?? words} ×${count(requests)}`);
  return [...answered, ...broken].join(", ") || "none";
}

const kindTexts: Readonly<Record<string, string>> = {
  refused: "connection refused",
  reset: "connection reset",
  closed: "closed without an answer",
  cut: "answer cut short",
  timeout: "no answer in time",
  unreachable: "unreachable",
  name: "name without an address",
  tls: "TLS failed",
};

export function latencyText({ latency }: LoadReport): string {
  if (latency === undefined) return "no whole answer";
  const { p50Ms, p90Ms, p99Ms, maxMs } = latency;
  return `half within ${msText(p50Ms)}, 90 % ${msText(p90Ms)}, 99 % ${msText(p99Ms)}, all ${msText(maxMs)}, from when each was due`;
}

const msText = (ms: number): string => (ms < 10 ? `${ms} ms` : spanText(ms));

/** What makes the measurement doubtful; empty when nothing does. */
export function doubtTexts({ pace, counts, request }: LoadReport): string[] {
  return [
    ...(pace.lateP99Ms > 50
      ? [
          `this machine sent one in a hundred ${spanText(pace.lateP99Ms)} late or more: it is busy, and latencies hold its own delay`,
        ]
      : []),
    ...(pace.heldBack > 0
      ? [
          `${counted(pace.heldBack, "request")} had to wait, as ${count(pace.mostUnderWay)} were under way: fewer than ${request.perSecond} a second reached the gateway`,
        ]
      : []),
    ...(pace.brokenOff > 0
      ? [`${counted(pace.brokenOff, "request")} under way at the end are in no count`]
      : []),
    ...(counts.requests > 0 && counts.requests < 300
      ? [`${counted(counts.requests, "request")} show only what fails often: raise --duration or --rps`]
      : []),
  ];
}

/** "17 of 18 failures explained; found in the gateway's log: 15 by id". */
export function attributionText({ cluster }: LoadReport): string | undefined {
  if (cluster === undefined || cluster.attribution.of === 0) return undefined;
  const { of, explained, joined, logProblem } = cluster.attribution;
  const ways = [
    joined.id > 0 ? `${count(joined.id)} by id` : "",
    joined.port > 0 ? `${count(joined.port)} by the client's port` : "",
    joined.time > 0 ? `${count(joined.time)} by time` : "",
    joined.not > 0 ? `${count(joined.not)} not` : "",
  ].filter((way) => way !== "");
  const log =
    logProblem === undefined
      ? `found in the gateway's log: ${ways.join(", ")}`
      : `the gateway's log is not known (${logProblem}), so by time alone`;
  return `${count(explained)} of ${counted(of, "failure")} ${explained === 1 ? "goes" : "go"} with what a pod was going through; ${log}`;
}

const stateTexts: Readonly<Record<string, string>> = {
  starting: "sent to a pod that had not begun to serve",
  "not-ready": "sent to a pod that was not ready",
  terminating: "sent to a pod that had been told to stop",
  "oom-killed": "sent to a pod that was killed for its memory",
  "liveness-killed": "sent to a pod that its liveness probe killed",
  killed: "sent to a pod of which a container ended",
  restarted: "sent to a pod that had just been restarted",
  "node-lost": "sent to a pod on a node that was lost",
  gone: "sent to an address that no pod had any more",
  "probe-failing": "sent to a pod whose probes failed",
  "gateway-shutdown": "the gateway was stopping",
  "gateway-reload": "the gateway was reloading",
  rollout: "during a rollout",
  scaling: "during scaling",
};

/** "12: sent to a pod up to 3.1 s after its deletion (Pod shop/web-1)". */
export function stateText({ state, pod, requests, basis, afterDeletionMs }: LoadStateReport): string {
  const where = pod === undefined ? "" : ` (${objectText(pod)})`;
  const span =
    afterDeletionMs === undefined || state === "starting"
      ? undefined
      : afterDeletionMs.most < 1000
        ? "within a second"
        : `up to ${spanText(afterDeletionMs.most)}`;
  const known = stateTexts[state] ?? state;
  if (basis === "time")
    return span === undefined
      ? `${count(requests)}, by their time alone: ${known}${where}`
      : `${count(requests)}, by their time alone: ${span} after the deletion of a pod${where}`;
  const what = span === undefined ? known : `sent to a pod ${span} after its deletion`;
  return `${count(requests)}: ${what}${where}`;
}

export const causeTexts = ({ cluster }: LoadReport): string[] =>
  (cluster?.causes ?? []).map(
    ({ cause, title, confidence, subject, share }) =>
      `${title}${subject === undefined ? "" : ` (${objectText(subject)})`}: ${percent(confidence)} confident${share === undefined ? "" : `, explains ${count(share.explained)} of ${counted(share.of, "failure")} in the gateway's log`} · ${cause}`,
  );

/** What a preStop hook has to outlast here; empty when no pod was deleted. */
export function drainTexts({ drain, podsDeleted }: NonNullable<LoadReport["cluster"]>): string[] {
  if (drain !== undefined) return measuredTexts(drain);
  if (podsDeleted === 0) return [];
  return [
    `for how long the gateway still sent to ${podsDeleted === 1 ? "the deleted pod" : `${count(podsDeleted)} deleted pods`} is not known: its log was not read, or names no pod's address`,
  ];
}

function measuredTexts({
  deletions,
  gaps,
  preStopSeconds,
  hookSeconds,
  resolutionMs,
}: LoadDrainReport): string[] {
  const longestMs = gaps[0]?.gapMs ?? 0;
  const exact = resolutionMs >= 1000 ? ", give or take the second that its log counts in" : "";
  const sent =
    longestMs === 0
      ? `none of ${counted(deletions, "deleted pod")} was sent a request after its deletion${exact}`
      : `the gateway still sent to deleted pods for up to ${spanText(longestMs)} (${counted(gaps.length, "deletion")} measured${exact})`;
  const hook =
    hookSeconds === undefined
      ? ""
      : hookSeconds === 0
        ? "; the pods have none"
        : hookSeconds >= preStopSeconds
          ? `; the pods have one of ${hookSeconds} s, which is enough`
          : `; the pods have one of ${hookSeconds} s, which is too short`;
  return [sent, `a preStop hook of ${preStopSeconds} s outlasts that with a margin${hook}`];
}

export const restText = ({ restMs, reused, failed, reopened }: LoadReport["rests"][number]): string =>
  `rested ${spanText(restMs)}: ${failed === 0 ? `none of ${count(reused)} failed` : `${count(failed)} of ${count(reused)} failed, ${shareText(failed, reused)}`}${reopened === 0 ? "" : `; ${count(reopened)} more had been closed by then`}`;

/** What to type next. */
export function nextTexts({ cluster, counts, verdict, request }: LoadReport): string[] {
  if (cluster === undefined || counts.failed === 0 || verdict === "cannot-tell") return [];
  const [first] = cluster.causes;
  const target = new URL(request.url);
  const name = `${target.host}${target.pathname}`;
  return [
    `why5xx ${quoted(name)} --since 15m`,
    ...(first === undefined ? [] : [`why5xx fix ${quoted(name)}`, `why5xx explain ${first.cause}`]),
  ];
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
