import { refText } from "../../evidence/object-ref.ts";
import type { Attempt, LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { type Departure, departureOf, departures, isCutAtGraceEnd } from "../departures.ts";
import { countText, failedAttempts } from "../requests.ts";
import { see } from "../see.ts";

/**
 * The pod is told to stop and given a grace period; its longest requests (or its preStop) last
 * longer, and at the end the kubelet kills it with those requests in flight.
 */
export const terminationGraceTooShort = defineCause({
  id: "termination-grace-too-short",
  title: "Stopping pods are killed while requests are still in flight",
  hop: "pod",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: [],
  needs: ["pods", "workloads", "traffic", "departed"],
  helps: ["events", "patterns"],
  weigh({ pods, workloads, traffic, departed, events }) {
    const list = departures(pods, { state: "present", value: departed }, workloads[0]);
    if (list.length === 0)
      return refuted(speaksAgainst.decisive("no pod of the workload was told to stop", "Pods and events"));
    const killedAt = (attempt: Attempt): Departure | undefined =>
      departureOf(
        attempt,
        list.filter((d) => isCutAtGraceEnd(d, attempt)),
        pods,
        Infinity,
      );
    const explains = (_: LoggedRequest, attempt: Attempt | undefined): boolean =>
      attempt?.failure !== undefined && killedAt(attempt) !== undefined;
    const failed = failedAttempts(traffic);
    const hits = failed.filter(({ request, attempt }) => explains(request, attempt));
    const overrun =
      events.state === "present"
        ? events.value.findLast(
            (e) =>
              (e.reason === "FailedPreStopHook" || e.reason === "ExceededGracePeriod") &&
              list.some((d) => d.ref.name === e.about.name),
          )
        : undefined;
    const first = hits[0];
    if (first === undefined) {
      if (overrun === undefined)
        return refuted(
          speaksAgainst.strong(
            "no long request was cut at the end of a grace period",
            "gateway log against pod deletions",
          ),
        );
      return undecided(
        `${overrun.reason} on ${refText(overrun.about)}, but no cut request is known`,
        see.events(overrun.about),
      );
    }
    const pod = killedAt(first.attempt)!;
    const seconds = Math.round((first.attempt.endMs - first.attempt.startMs) / 1000);
    const owner = workloads[0]?.ref ?? pod.ref;
    const text = `${countText(hits.length, failed.length, "failed attempts")} were cut ${Math.round((first.attempt.endMs - pod.stoppedMs) / 1000)} s after ${refText(pod.ref)} was told to stop, in flight for ${seconds} s`;
    const clues: Clue[] = [
      speaksFor.strong(text, "gateway log against pod deletions", { group: "cut" }),
      speaksFor.strong(
        `the grace period is ${pod.graceMs / 1000} s`,
        `${refText(owner)} .spec.template.spec.terminationGracePeriodSeconds`,
        { see: see.field(owner, ".spec.template.spec.terminationGracePeriodSeconds") },
      ),
    ];
    if (overrun !== undefined)
      clues.push(
        speaksFor.moderate(
          `${overrun.reason}: ${overrun.message.slice(0, 140)}`,
          `Event on ${refText(overrun.about)}`,
        ),
      );
    const wanted = Math.ceil(pod.graceMs / 1000) + Math.max(30, 2 * seconds);
    const body = { spec: { template: { spec: { terminationGracePeriodSeconds: wanted } } } };
    return {
      state: "supported",
      subject: owner,
      clues,
      explains,
      fixes: [
        {
          title: `Raise terminationGracePeriodSeconds of ${refText(owner)} from ${pod.graceMs / 1000} to more than preStop plus the longest request, for example ${wanted}`,
          applicability: "unsafe",
          commands: [see.patch(owner, "strategic", body)],
          patch: { object: owner, type: "strategic", body },
          effect: "replaces the pods",
        },
      ],
    };
  },
});
