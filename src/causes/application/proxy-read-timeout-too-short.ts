import type { AppSignal, LoggedRequest } from "../../logs/traffic.ts";
import { changedAmid } from "./changed-amid.ts";
import { annotateIngress } from "../annotate.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { slowCallsNear } from "../dependency/slow-calls.ts";
import { isOnPath, longPaths } from "../long-paths.ts";
import { someOf } from "../names.ts";
import { unlessLoggedInside } from "../outer-log.ts";
import { fullPoolsNear } from "../overload.ts";
import { countText, ofClass } from "../requests.ts";
import { see } from "../see.ts";
import { pathSkew, readTimer, responseTimeouts, slowestSuccess } from "../timeouts.ts";

const queuedPaths = 3;

/** Work that rightly takes long comes to a good end: for one that does, fewer than this fail late. */
const oftenFailed = 0.5;

const isTimeout = ofClass("response-timeout");

/** Between the gateway's start of a request and the application's, clocks and queues included. */
const nearMs = 5000;

/**
 * A request that rightly takes long (an export, an upload, a report) meets a gateway timer that is
 * shorter. The application goes on working and answers into a closed connection. A late answer alone
 * shows only that it took long: it is the timer's fault where the path takes so long at all times.
 */
export const proxyReadTimeoutTooShort = defineCause({
  id: "proxy-read-timeout-too-short",
  title: "The gateway gives up on requests that rightly take longer",
  hop: "gateway",
  codes: [504],
  prior: 0.03,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["settings", "appLog", "patterns", "workloads", "autoscalers", "events"],
  weigh({ route, traffic, settings, appLog, workloads, autoscalers, events }) {
    const outside = unlessLoggedInside(traffic);
    if (outside !== undefined) return outside;
    const timeouts = responseTimeouts(traffic);
    if (timeouts.length === 0)
      return refuted(
        speaksAgainst.decisive("no request waited in vain for a response header", "gateway log"),
      );
    const full = fullPoolsNear(appLog, timeouts)[0];
    if (full !== undefined)
      return refuted(
        speaksAgainst.strong(
          `the application says that they waited in its own queue: ${full.line.slice(0, 160)}`,
          `log of ${full.namespace}/${full.pod}`,
        ),
      );
    const awaited = slowCallsNear(
      appLog,
      timeouts.map((t) => t.endMs),
    )[0];
    if (awaited !== undefined)
      return refuted(
        speaksAgainst.strong(
          `the application says what made them wait: ${awaited.line.slice(0, 160)}`,
          `log of ${awaited.namespace}/${awaited.pod}`,
        ),
      );
    const timer = readTimer(timeouts, settings);
    const { slow, fast } = pathSkew(traffic);
    const { long, against } = longPaths(slow, timer.value, traffic);
    if (against !== undefined) return refuted(speaksAgainst.strong(against.text, against.source));
    const isOneOfThem = (request: LoggedRequest): boolean => isOnPath(long, request);
    const longTimeouts = timeouts.filter(isOneOfThem);
    const ended = (appLog.state === "present" ? appLog.value : []).filter(
      (s) => (s.request?.durationMs ?? 0) > timer.value && longTimeouts.some((t) => isOneOf(t, s)),
    );
    const late = ended.filter(({ request }) => request !== undefined && request.status < 500);
    const failed = ended.filter(({ request }) => request !== undefined && request.status >= 500);
    const sampleFailed = failed[0];
    if (sampleFailed !== undefined && failed.length > late.length * oftenFailed) {
      const { pod: name, namespace, container } = sampleFailed;
      return undecided(
        `the application ended ${countText(failed.length, ended.length, "of those requests")} with 5xx itself, after the gateway had given up: what it waited for came too late for it as well`,
        see.logs({ kind: "Pod", namespace, name }, container),
      );
    }
    const slowest = slowestSuccess(long);
    const reaches = slowest !== undefined && slowest >= timer.value * 0.6 && slowest <= timer.value * 1.05;
    const clues: Clue[] = [];
    const sample = late[0];
    if (sample !== undefined)
      clues.push(
        speaksFor.strong(
          `the application finished such requests with ${sample.request?.status} after ${((sample.request?.durationMs ?? 0) / 1000).toFixed(1)} s, the gateway waits ${timer.value / 1000} s`,
          `log of ${sample.namespace}/${sample.pod}: ${sample.line.slice(0, 120)}`,
        ),
      );
    if (reaches)
      clues.push(
        speaksFor.strong(
          `successes on the same paths take up to ${(slowest / 1000).toFixed(1)} s, right below the timer of ${timer.value / 1000} s`,
          "gateway access log, durations",
          { group: "durations" },
        ),
      );
    if (timer.from !== "default")
      clues.push(speaksFor.moderate(`the timer is set to ${timer.value / 1000} s`, timer.source));
    if (fast.length > 0)
      clues.push(
        speaksFor.moderate(
          `only ${someOf(slow.map((p) => p.template))}; ${countText(fast.length, fast.length + slow.length, "paths")} never time out`,
          "gateway access log, paths",
          { group: "paths" },
        ),
      );
    const median = long[0]?.medianSuccessMs;
    const isUsuallyFast = median !== undefined && median < timer.value * 0.2;
    if (isUsuallyFast && sample === undefined && !reaches)
      return refuted(
        speaksAgainst.strong(
          `successes on the same path take ${(median / 1000).toFixed(2)} s in the middle: it is usually fast`,
          "gateway access log, durations",
        ),
      );
    // Where many paths reach the timer at once, requests queue; one that rightly takes long is one of few.
    const isQueue = slow.length >= queuedPaths && fast.length === 0;
    if ((sample === undefined && !reaches) || isUsuallyFast || isQueue)
      return undecided(
        isQueue
          ? `${timeouts.length} requests waited ${timer.value / 1000} s in vain, on all ${slow.length} paths: more likely they stood in a queue than that all rightly take longer`
          : `${timeouts.length} requests waited ${timer.value / 1000} s in vain; whether they rightly take longer only the application knows`,
        undefined,
        clues,
      );
    const change = changedAmid(longTimeouts, workloads, autoscalers, events);
    if (change !== undefined)
      return undecided(
        `${timeouts.length} requests waited ${timer.value / 1000} s in vain; ${change}, and no log tells whether they took as long before`,
        undefined,
        clues,
      );
    const seconds = Math.ceil(
      ((late.reduce((m, s) => Math.max(m, s.request?.durationMs ?? 0), 0) || timer.value * 2) * 1.5) / 1000,
    );
    return {
      state: "supported",
      subject: route.rule?.object ?? route.backend.service,
      clues,
      explains: (request, attempt) => isTimeout(request, attempt) && isOneOfThem(request),
      fixes: [
        annotateIngress(
          route,
          "proxy-read-timeout",
          String(Math.max(seconds, (timer.value / 1000) * 2)),
          "Wait longer for this route (every hop outside must wait longer still)",
        ),
      ],
    };
  },
});

/** The application's own line of a request that the gateway gave up: same path, same start. */
function isOneOf(timeout: LoggedRequest, { kind, timeMs, request }: AppSignal): boolean {
  if (kind !== "request" || request === undefined) return false;
  if (pathOf(request.path) !== pathOf(timeout.path)) return false;
  if (timeMs === undefined) return true;
  const begun = [timeMs, timeMs - (request.durationMs ?? 0)];
  return begun.some((ms) => Math.abs(ms - timeout.startMs) <= nearMs);
}

const pathOf = (path: string): string => path.split("?")[0] ?? path;
