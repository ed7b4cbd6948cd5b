import { isIP } from "node:net";
import { addressIp } from "../derive/address-ip.ts";
import type { AttemptState, StateAt } from "../derive/attempt-state.ts";
import { relation } from "../derive/attempt-state.ts";
import { attemptText, stateFinder } from "../derive/attempt-states.ts";
import type { Observations } from "../derive/observations.ts";
import { type RecordedPod, recordedPods } from "../derive/recorded-pods.ts";
import type { Moment } from "../derive/views.ts";
import type { ChangeRecord } from "../evidence/change-record.ts";
import { type ObjectRef, refText, sameRef } from "../evidence/object-ref.ts";
import type { SentRequest } from "../evidence/sent-request.ts";
import { type FailedAttempt, failedAttempts } from "../logs/patterns/failed-attempts.ts";
import { type JoinedBy, type JoinedRequest, joinSent } from "./join-sent.ts";

/** What was happening to the pods of the requests that failed at a client of ours. */
export interface SentAttribution {
  /** Failed requests that were looked at. */
  readonly of: number;
  /** Of these, those around which something is known to have happened. */
  readonly explained: number;
  /** How many were found in the gateway's log, and how; the others only have their time. */
  readonly joined: Readonly<Record<JoinedBy | "not", number>>;
  /** Why the gateway's log could not be used, when it could not. */
  readonly logProblem?: string;
  /** Most requests first. */
  readonly by: readonly SentState[];
}

interface SentState {
  readonly state: AttemptState;
  readonly pod?: ObjectRef;
  readonly requests: number;
  /** "log": the gateway's log says which pod was asked. "time": it happened at that time, no more. */
  readonly basis: "log" | "time";
  /** Of a pod that was deleted: how long after it the first and the last of them failed. */
  readonly afterDeletionMs?: { readonly least: number; readonly most: number };
  readonly example: {
    readonly id: string;
    /** By the API server's clock. */
    readonly timeMs: number;
    readonly text: string;
    readonly source: string;
  };
}

/**
 * Joins requests that failed at the client with the gateway's attempts and with what the pods were going through at
 * that instant. `facts` are of the evidence of that window, the record among it.
 */
export function attributeSent(
  failed: readonly SentRequest[],
  facts: Observations,
  record: ChangeRecord,
): SentAttribution {
  const traffic = facts.traffic.state === "present" ? facts.traffic.value : undefined;
  const joined = joinSent(failed, traffic, record.skewMs);
  const stateAt = traffic === undefined ? () => undefined : stateFinder(traffic, facts);
  const attempts = Map.groupBy(
    traffic === undefined ? [] : failedAttempts(traffic),
    ({ request }) => request,
  );
  const pods = recordedPods(record);
  const told = joined.map((one) => {
    const attempt = one.logged === undefined ? undefined : attempts.get(one.logged)?.at(-1);
    const state = attempt === undefined ? undefined : stateAt(attempt);
    if (attempt !== undefined && state !== undefined) return ofLog(one, attempt, state, pods, record.skewMs);
    // A pod that was named, and to which nothing had happened, is no case for its neighbours' troubles.
    const isPlaced = attempt !== undefined && isIP(addressIp(attempt.address)) !== 0;
    return isPlaced ? undefined : ofTime(one.sent, record.skewMs, pods);
  });
  const by = grouped(told.filter((one) => one !== undefined));
  const count = (how: JoinedBy | "not"): number =>
    joined.filter(({ by: found }) => (found ?? "not") === how).length;
  return {
    of: failed.length,
    explained: told.filter((one) => one !== undefined).length,
    joined: { id: count("id"), port: count("port"), time: count("time"), not: count("not") },
    ...(facts.traffic.state === "unknown" ? { logProblem: facts.traffic.reason } : {}),
    by,
  };
}

interface Told extends Omit<SentState, "requests" | "afterDeletionMs"> {
  readonly afterMs?: number;
}

function ofLog(
  { sent }: JoinedRequest,
  attempt: FailedAttempt,
  at: StateAt,
  pods: readonly RecordedPod[],
  skewMs: number,
): Told {
  const { state, pod, source } = at;
  const deletedMs = pods.findLast(
    ({ ref, createdMs }) => pod !== undefined && sameRef(ref, pod) && createdMs <= attempt.endMs,
  )?.deletedMs;
  return {
    state,
    ...(pod === undefined ? {} : { pod }),
    basis: "log",
    ...(deletedMs === undefined
      ? {}
      : { afterMs: Math.max(0, endOf(attempt, sent.endMs + skewMs) - deletedMs) }),
    example: { id: sent.id, timeMs: attempt.endMs, text: attemptText(attempt, at), source },
  };
}

/** The client knows the end to the millisecond, nginx to the second; where they are far apart a clock is wrong, and the log's counts. */
const endOf = ({ endMs }: FailedAttempt, clientMs: number): number =>
  Math.abs(clientMs - endMs) <= 1500 ? clientMs : endMs;

/** How long after such a moment a failure is still put down to it, by time alone. */
const aftermathMs = 15_000;
const beforeMs = 1000;

const states: Readonly<Partial<Record<Moment["kind"], AttemptState>>> = {
  "delete-called": "terminating",
  evicted: "terminating",
  terminated: "killed",
  restarted: "restarted",
  unready: "not-ready",
};

/** No line of the gateway tells which pod was asked: what happened last to any of them just before. */
function ofTime(sent: SentRequest, skewMs: number, pods: readonly RecordedPod[]): Told | undefined {
  const endMs = sent.endMs + skewMs;
  const near = pods
    .flatMap((pod) => pod.timeline.map((moment) => ({ pod, moment, state: states[moment.kind] })))
    .filter(
      ({ state, moment: { atMs } }) =>
        state !== undefined && atMs - beforeMs <= endMs && endMs <= atMs + aftermathMs,
    )
    .sort((a, b) => rank(a.moment) - rank(b.moment) || b.moment.atMs - a.moment.atMs)[0];
  if (near?.state === undefined) return undefined;
  const { pod, moment, state } = near;
  const what = sent.error ?? (sent.status === undefined ? "no answer" : String(sent.status));
  return {
    state,
    pod: pod.ref,
    basis: "time",
    ...(pod.deletedMs === undefined ? {} : { afterMs: Math.max(0, endMs - pod.deletedMs) }),
    example: {
      id: sent.id,
      timeMs: endMs,
      text: `${what}, ${relation(endMs, moment.atMs, `${refText(pod.ref)}: ${moment.text}`)}; which pod was asked is in no log`,
      source: moment.source,
    },
  };
}

/** The deletion of a pod is the reason of what its containers then do. */
const rank = ({ kind }: Moment): number => (kind === "delete-called" || kind === "evicted" ? 0 : 1);

function grouped(told: readonly Told[]): SentState[] {
  const groups = Map.groupBy(
    told,
    ({ state, pod, basis }) => `${basis} ${state} ${pod === undefined ? "" : refText(pod)}`,
  );
  return [...groups.values()]
    .map((group): SentState => {
      const { afterMs: _, ...first } = group[0]!;
      const after = group.flatMap(({ afterMs }) => afterMs ?? []);
      return {
        ...first,
        requests: group.length,
        ...(after.length === 0
          ? {}
          : { afterDeletionMs: { least: Math.min(...after), most: Math.max(...after) } }),
      };
    })
    .sort((a, b) => b.requests - a.requests || a.example.timeMs - b.example.timeMs);
}
