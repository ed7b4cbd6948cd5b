import type { AppSignal, LoggedRequest } from "../../logs/traffic.ts";
import type { PodView } from "../../derive/views.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { endedAt } from "../lifetimes.ts";
import { alive, ownerOf } from "../pods.ts";
import { countText, failedAttempts, ipOf } from "../requests.ts";
import { see } from "../see.ts";

const joinMs = 3000;

/**
 * One worker of the application dies or is killed by its master (a timeout, a segmentation fault,
 * memory); the requests it held lose their connection. The container lives on, nothing restarts,
 * the pod stays ready.
 */
export const appWorkerCrash = defineCause({
  id: "app-worker-crash",
  title: "A worker process of the application dies in the middle of requests",
  hop: "application",
  codes: [502],
  prior: 0.03,
  leadsTo: [],
  needs: ["pods", "traffic", "appLog"],
  helps: ["patterns"],
  weigh({ pods, traffic, appLog }) {
    const here = alive(pods);
    const deaths = appLog.filter((s) => s.kind === "worker-timeout" || s.kind === "worker-killed");
    const first = deaths[0];
    if (first === undefined)
      return refuted(
        speaksAgainst.strong(
          "the application's log tells of no worker that timed out or died",
          "application log",
        ),
      );
    const restart = endedAt(here);
    const explains = (request: LoggedRequest, attempt: Parameters<typeof restart>[1]): boolean =>
      attempt !== undefined &&
      (attempt.failure === "closed-before-header" || attempt.failure === "truncated") &&
      deaths.some((d) => isNear(d, attempt.endMs) && ownsAddress(d, attempt.address, here)) &&
      !restart(request, attempt);
    const failed = failedAttempts(traffic);
    const hits = failed.filter(({ request, attempt }) => explains(request, attempt));
    const timed = deaths.filter((d) => d.kind === "worker-timeout");
    const clues: Clue[] = [
      speaksFor.strong(
        `its log tells of ${deaths.length} workers that timed out or died, first: ${first.line.slice(0, 160)}`,
        `log of ${first.namespace}/${first.pod}`,
        { see: see.logs({ kind: "Pod", namespace: first.namespace, name: first.pod }, first.container) },
      ),
    ];
    if (hits.length === 0)
      return undecided("workers died; no request was cut at those moments", undefined, clues);
    const seconds = hits
      .map((h) => Math.round((h.attempt.endMs - h.attempt.startMs) / 1000))
      .sort((a, b) => a - b);
    clues.push(
      speaksFor.strong(
        `${countText(hits.length, failed.length, "failed attempts")} were cut within ${joinMs / 1000} s of those lines, after ${seconds[Math.floor(seconds.length / 2)]} s`,
        "gateway log against application log",
      ),
    );
    if (here.every((p) => p.containers.every((c) => c.restarts === 0)))
      clues.push(speaksFor.moderate("no container restarted", "Pods .status.containerStatuses"));
    const subject =
      here[0] === undefined ? { kind: "Pod", namespace: first.namespace, name: first.pod } : ownerOf(here[0]);
    return {
      state: "supported",
      subject,
      clues,
      explains,
      fixes: [
        {
          title:
            timed.length > 0
              ? "Find what blocks the worker (a slow call, a lock), raise its timeout above the longest legitimate request, or use asynchronous workers"
              : "Find why the worker dies: the signal in the log, memory, a native library",
          applicability: "display-only",
          commands: [see.logs({ kind: "Pod", namespace: first.namespace, name: first.pod }, first.container)],
        },
      ],
    };
  },
});

/** Signals without a time cannot be joined. */
const isNear = (signal: AppSignal, ms: number): boolean =>
  signal.timeMs !== undefined && Math.abs(signal.timeMs - ms) <= joinMs;

const ownsAddress = (signal: AppSignal, address: string, pods: readonly PodView[]): boolean =>
  pods.some((p) => p.ref.name === signal.pod && p.ips.includes(ipOf(address)));
