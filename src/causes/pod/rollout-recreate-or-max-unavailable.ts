import type { PodView, Workload } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { alive, wasEverReady } from "../pods.ts";
import { countText, failuresOf } from "../requests.ts";
import { see } from "../see.ts";
import { rolloutStartMs, scaledToNone } from "./rollout-start.ts";

const slackMs = 10_000;
/** Default of progressDeadlineSeconds: a pod that turned ready later than this may have been ready before. */
const startedByMs = 600_000;

/**
 * The rollout itself takes every pod away before a new one is ready: strategy Recreate, or a
 * maxUnavailable that covers all replicas. For the time of pull, start and readiness nobody serves.
 */
export const rolloutRecreateOrMaxUnavailable = defineCause({
  id: "rollout-recreate-or-max-unavailable",
  title: "The rollout strategy takes all pods away at once",
  hop: "pod",
  codes: [503, 502],
  prior: 0.03,
  leadsTo: ["no-endpoints-pods-not-ready", "stale-endpoint-after-pod-deletion", "shutdown-no-prestop-race"],
  needs: ["workloads", "pods"],
  helps: ["traffic", "events"],
  weigh({ workloads, pods, traffic, events }) {
    const workload = workloads.find((w) => w.relation !== "named-alike");
    const gapAllowed = workload === undefined ? undefined : allowsGap(workload);
    if (workload === undefined || gapAllowed === undefined) {
      return refuted(
        speaksAgainst.strong(
          "the rollout strategy keeps pods until new ones are ready",
          "Deployment .spec.strategy",
        ),
      );
    }
    const told = events.state === "present" ? events.value : [];
    const began = rolloutStartMs(workload, told);
    const down = scaledToNone(workload, told);
    const earlier = workload.revisions.length > 1;
    if (began === undefined || !earlier)
      return refuted(
        speaksAgainst.moderate("no rollout is on record", `${refText(workload.ref)} ReplicaSets`),
      );
    const ready = alive(pods).filter((p) => p.ready);
    const lost = alive(pods).find((p) => !p.ready && wasEverReady(p));
    if (ready.length === 0 && lost !== undefined)
      return refuted(
        speaksAgainst.strong(
          `${refText(lost.ref)} of the newest revision was ready after the rollout and is not any more`,
          `${refText(lost.ref)} .status.conditions[Ready]`,
        ),
      );
    const doneMs = Math.min(...ready.map(firstReadyMs));
    const isInGap = (r: LoggedRequest): boolean => r.endMs >= began - slackMs && r.endMs <= doneMs + slackMs;
    const explains = (request: LoggedRequest): boolean =>
      ["no-endpoint", "connect-refused"].includes(request.failure ?? "") && isInGap(request);
    const failed = failuresOf(traffic, "no-endpoint");
    const inGap = failed.filter(isInGap);
    const show = { see: see.field(workload.ref, ".spec.strategy") };
    const clues: Clue[] = [speaksFor.strong(gapAllowed, `${refText(workload.ref)} .spec.strategy`, show)];
    if (inGap.length > 0) {
      const until = Number.isFinite(doneMs) ? new Date(doneMs).toISOString() : "now";
      clues.push(
        speaksFor.strong(
          `${countText(inGap.length, failed.length, "requests without an endpoint")} fall between the start of the rollout, ${new Date(began).toISOString()}, and the first new pod being ready, ${until}`,
          down === undefined
            ? "gateway log against ReplicaSet and pod times"
            : "gateway log against events and pod times",
        ),
      );
    }
    if (down !== undefined)
      clues.push(
        speaksFor.moderate(
          `${down.message} at ${new Date(down.lastMs).toISOString()}`,
          `Event on ${refText(workload.ref)}`,
        ),
      );
    if (ready.length === 0)
      clues.push(
        speaksFor.moderate(
          "no pod is ready now, while the rollout goes on",
          "Pods .status.conditions[Ready]",
        ),
      );
    if (inGap.length === 0 && ready.length > 0)
      return undecided(
        "the strategy allows a gap; no failed request is known from one",
        see.get(workload.ref),
        clues,
      );
    return { state: "supported", subject: workload.ref, clues, explains, fixes: [fix(workload)] };
  },
});

/** The latest time at which the pod can have been ready first; later changes are of another story. */
const firstReadyMs = (pod: PodView): number =>
  Math.min(pod.readyChangedMs ?? Infinity, pod.createdMs + startedByMs);

/** In words, why a rollout of this workload may leave nobody serving; undefined when it may not. */
function allowsGap(workload: Workload): string | undefined {
  const { type, maxUnavailable } = workload.strategy;
  if (type === "Recreate") return "strategy Recreate stops all old pods before it starts new ones";
  if (type !== "RollingUpdate" || maxUnavailable === undefined || workload.desired === 0) return undefined;
  const percent =
    typeof maxUnavailable === "string" && maxUnavailable.endsWith("%")
      ? Number(maxUnavailable.slice(0, -1))
      : undefined;
  const allowed =
    percent === undefined ? Number(maxUnavailable) : Math.floor((workload.desired * percent) / 100);
  return allowed >= workload.desired
    ? `maxUnavailable ${maxUnavailable} of ${workload.desired} replicas lets a rollout take all of them`
    : undefined;
}

function fix(workload: Workload) {
  const body = {
    spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } },
  };
  return {
    title: `Let ${refText(workload.ref)} start new pods before it stops old ones: RollingUpdate, maxUnavailable 0, maxSurge 1 (a ReadWriteOnce volume must first allow two pods)`,
    applicability: "unsafe" as const,
    commands: [see.patch(workload.ref, "strategic", body)],
    patch: { object: workload.ref, type: "strategic" as const, body },
    effect: "changes the next rollout; no pod restarts now",
  };
}
