import type { CountedRate } from "../report/verify-report.ts";
import type { PodCounts, WatchReport } from "../report/watch-report.ts";
import { count, counted } from "./words.ts";

export const verdictWords = { fine: "fine", failing: "failing", "cannot-tell": "cannot tell" } as const;

/** "3 of 740 requests failed (0.41%)". */
export function rateText({ failed, requests }: Pick<CountedRate, "failed" | "requests">): string {
  if (requests === 0) return "no request";
  return `${count(failed)} of ${counted(requests, "request")} failed${failed === 0 ? "" : ` (${shareText(failed / requests)})`}`;
}

export function shareText(share: number): string {
  const percent = share * 100;
  return `${percent === 0 ? "0" : percent >= 10 ? percent.toFixed(0) : Number(percent.toPrecision(2))}%`;
}

/** "3 ready (3 endpoints), 1 terminating; 2 created, 2 deleted, 0 restarts". */
export function podsText(pods: PodCounts): string {
  if (pods.unknown !== undefined) return `not known: ${pods.unknown}`;
  const { ready, notReady, terminating, readyEndpoints, created, deleted, restarts } = pods;
  const endpoints = readyEndpoints === undefined ? "" : ` (${counted(readyEndpoints, "ready endpoint")})`;
  const now = [
    `${count(ready)} ready${endpoints}`,
    ...(notReady === 0 ? [] : [`${count(notReady)} not ready`]),
    ...(terminating === 0 ? [] : [`${count(terminating)} terminating`]),
  ];
  return `${now.join(", ")}; ${count(created)} created, ${count(deleted)} deleted, ${counted(restarts, "restart")}`;
}

export const rolloutText = ({ object, state, note }: WatchReport["rollouts"][number]): string =>
  `${object.kind} ${object.name}: ${state === "none" ? "no rollout" : state.replace("-", " ")}, ${note}`;

export function drainText({
  deletions,
  measured,
  longestSeconds,
  preStopSeconds,
}: NonNullable<WatchReport["drain"]>): string {
  const seen = `${counted(deletions, "deletion")} seen${measured < deletions ? `, ${count(measured)} of pods that took requests` : ""}`;
  const sent =
    longestSeconds === 0
      ? "no request came after one"
      : `the gateway still sent up to ${longestSeconds} s after one`;
  return `${seen}: ${sent}; a preStop pause of ${preStopSeconds} s covers that`;
}

/** "5m", "4m30s", "45s". */
export function spanText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return minutes === 0 ? `${rest}s` : `${minutes}m${rest === 0 ? "" : `${rest}s`}`;
}
