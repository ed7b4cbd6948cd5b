import type { Attempt, FailureClass, LoggedRequest } from "../../logs/traffic.ts";
import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { departureOf, departures } from "../departures.ts";
import { unlessLoggedInside } from "../outer-log.ts";
import { countText, failedAttempts, ipOf } from "../requests.ts";
import { see } from "../see.ts";
import { preStopFix } from "../template-fix.ts";

/** Longer than this and the gateway's view is stale for another reason than propagation. */
const lagMs = 60_000;
const gone: readonly FailureClass[] = ["connect-timeout", "unreachable", "connect-refused"];

/**
 * The pod is gone, with its address, and the gateway still sends to it for some seconds until the
 * endpoint update reaches it. A vanished address does not refuse: connects time out or find no host.
 */
export const staleEndpointAfterPodDeletion = defineCause({
  id: "stale-endpoint-after-pod-deletion",
  title: "The gateway still sends to pods that are gone",
  hop: "endpoints",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: ["proxy-connect-timeout"],
  needs: ["pods", "endpoints", "traffic", "departed"],
  helps: ["workloads", "patterns"],
  weigh({ pods, endpoints, traffic, departed, workloads }) {
    const outside = unlessLoggedInside(traffic);
    if (outside !== undefined) return outside;
    const list = departures(pods, { state: "present", value: departed });
    const current = new Set(endpoints.all.map((e) => e.ip));
    const failed = failedAttempts(traffic);
    const explains = (_: LoggedRequest, attempt: Attempt | undefined): boolean =>
      attempt?.failure !== undefined &&
      gone.includes(attempt.failure) &&
      !current.has(ipOf(attempt.address)) &&
      departureOf(attempt, list, pods, lagMs) !== undefined;
    const hits = failed.filter(({ request, attempt }) => explains(request, attempt));
    const vanished = hits.filter((h) => h.attempt.failure !== "connect-refused");
    const first = vanished[0];
    if (first === undefined)
      return refuted(
        speaksAgainst.strong(
          "no connect timed out or found no host at an address that a deleted pod had had",
          "gateway log against pod deletions",
        ),
      );
    const pod = departureOf(first.attempt, list, pods, lagMs)!;
    const lag =
      Math.max(
        ...vanished.map((h) => h.attempt.endMs - (departureOf(h.attempt, list, pods, lagMs)?.stoppedMs ?? 0)),
      ) / 1000;
    const clues: Clue[] = [
      speaksFor.strong(
        `${countText(vanished.length, failed.length, "failed attempts")} found nobody at ${first.attempt.address}, up to ${lag.toFixed(1)} s after ${refText(pod.ref)} was told to stop`,
        "gateway log against pod deletions",
        { see: see.events(pod.ref) },
      ),
      speaksFor.strong(
        `${ipOf(first.attempt.address)} is no endpoint of the Service any more`,
        "EndpointSlices",
        { see: see.list("endpointslices", pod.ref.namespace) },
      ),
    ];
    const workload = workloads.state === "present" ? workloads.value[0] : undefined;
    const owner = workload?.ref;
    return {
      state: "supported",
      subject: owner ?? pod.ref,
      clues,
      explains,
      fixes: [
        {
          title: `Keep pods answering after the delete call for longer than the update takes to reach the gateway here (${Math.ceil(lag)} s): preStop sleep ${Math.ceil(lag) + 5} and a grace period above it`,
          applicability: "unsafe",
          ...(workload === undefined
            ? { commands: [] }
            : preStopFix(workload.ref, workload.template.spec, Math.ceil(lag) + 5)),
          effect: "replaces the pods",
        },
      ],
    };
  },
});
