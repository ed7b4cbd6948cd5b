import type { ObjectRef } from "../evidence/object-ref.ts";
import type { AddressStats, FailureClass } from "../logs/traffic.ts";
import type { Moment } from "./views.ts";

/** What was happening to the pod that had an attempt's address, or around it, when the attempt failed. */
export type AttemptState =
  /** Its container had started and it had not served yet. */
  | "starting"
  /** It had served, was not ready and had not been told to go. */
  | "not-ready"
  /** It had been told to stop: deleted, drained or evicted. */
  | "terminating"
  | "oom-killed"
  | "liveness-killed"
  /** A container ended for another reason, or for one that nobody recorded. */
  | "killed"
  /** A container had been started again and was not ready yet, or was in back-off. */
  | "restarted"
  | "node-lost"
  /** No pod had the address any more. */
  | "gone"
  | "probe-failing"
  | "gateway-shutdown"
  | "gateway-reload"
  /** Nothing is known of the pod itself, and its workload was being rolled out or scaled. */
  | "rollout"
  | "scaling";

/** Every failed attempt of a route by what was happening at its time. */
export interface AttemptStates {
  /** Most attempts first. */
  readonly byState: readonly {
    readonly state: AttemptState;
    /** The pod that had the address at that time. */
    readonly pod?: ObjectRef;
    readonly attempts: number;
    readonly example: AttemptExample;
  }[];
  /** Attempts around which nothing is known to have happened. */
  readonly unexplained: number;
  /** All failed attempts that were looked at; of a log whose failures were sampled, those kept. */
  readonly of: number;
}

interface AttemptExample {
  /** End of the first such attempt. */
  readonly timeMs: number;
  /** "connect-refused at 10.42.3.17:8080, 3 s after delete was called". */
  readonly text: string;
  /** Where the state was read: "Pod shop/web-1 .metadata.deletionTimestamp". */
  readonly source: string;
}

/** One thing that is known of a moment. */
export interface StateAt {
  readonly state: AttemptState;
  readonly pod?: ObjectRef;
  /** Follows the attempt: "3 s after delete was called". */
  readonly text: string;
  readonly source: string;
}

/** When one attempt was under way. */
export interface Try {
  readonly startMs: number;
  readonly endMs: number;
  /** "-" when no pod was asked. */
  readonly address: string;
  readonly class: FailureClass;
  /** What the log knows of the address; absent when it was not counted by itself. */
  readonly stats?: AddressStats;
}

interface AnyPod {
  readonly ref: ObjectRef;
}

export const stateOf = (
  state: AttemptState,
  pod: AnyPod,
  one: Try,
  moment: Pick<Moment, "atMs" | "text" | "source">,
): StateAt => ({
  state,
  pod: pod.ref,
  text: relation(one.endMs, moment.atMs, moment.text),
  source: moment.source,
});

/** Objects and logs are stamped by the second, and clocks of nodes differ a little. */
export const joinMs = 2000;

/** "3 s after delete was called", "within a second of …", "1 s before …". */
export function relation(atMs: number, momentMs: number, what: string): string {
  const seconds = Math.round((atMs - momentMs) / 1000);
  if (seconds === 0) return `within a second of this: ${what}`;
  return `${durationText(Math.abs(seconds))} ${seconds > 0 ? "after" : "before"} this: ${what}`;
}

const durationText = (seconds: number): string =>
  seconds < 120
    ? `${seconds} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;
