import type { PodSpec } from "kubernetes-types/core/v1";
import { refText } from "../../evidence/object-ref.ts";
import type { Attempt, LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { departureOf, departures, isCutAtGraceEnd } from "../departures.ts";
import { joinMs } from "../lifetimes.ts";
import { unlessLoggedInside } from "../outer-log.ts";
import { countText, failedAttempts, isUnplaced } from "../requests.ts";
import { see } from "../see.ts";
import { drainMs } from "../../derive/drain.ts";
import { preStopFix } from "../template-fix.ts";

/** Endpoint removal reaches a gateway within this after the delete call; later it is a stale view. */
const propagationMs = 15_000;

/** Where the log does not say which pods were asked, so many of these failures must come as a pod stops: the time stands in for the pod. */
const shareInTime = 0.9;

/**
 * On deletion two things start at once and nothing orders them: the pod is told to stop, and its
 * endpoint is taken away. An application that stops listening at SIGTERM refuses what the gateway
 * still sends in the seconds between.
 */
export const shutdownNoPrestopRace = defineCause({
  id: "shutdown-no-prestop-race",
  title: "Pods stop before the gateway knows that they are going",
  hop: "pod",
  codes: [502, 503, 504],
  prior: 0.05,
  leadsTo: [],
  needs: ["pods", "workloads", "traffic", "departed"],
  helps: ["events", "patterns"],
  weigh({ pods, workloads, traffic, departed, events }) {
    const outside = unlessLoggedInside(traffic);
    if (outside !== undefined) return outside;
    const workload = workloads[0];
    const list = departures(pods, { state: "present", value: departed }, workload);
    if (list.length === 0)
      return refuted(speaksAgainst.decisive("no pod of the workload was told to stop", "Pods and events"));
    const isInTime = (attempt: Attempt): boolean => {
      if (!isOfStop(attempt)) return false;
      const pod = departureOf(attempt, list, pods, propagationMs);
      return pod !== undefined && !isCutAtGraceEnd(pod, attempt);
    };
    const failed = failedAttempts(traffic);
    const unplaced = failed.map((f) => f.attempt).filter((a) => isUnplaced(a) && isOfStop(a));
    const inTime = unplaced.filter(isInTime);
    const isTelling = inTime.length >= unplaced.length * shareInTime;
    const isStruck = (attempt: Attempt): boolean => isInTime(attempt) && (isTelling || !isUnplaced(attempt));
    const struckFrom = firstByAddress(failed.map((f) => f.attempt).filter(isStruck));
    const explains = (_: LoggedRequest, attempt: Attempt | undefined): boolean => {
      if (attempt === undefined) return false;
      const from = struckFrom.get(attempt.address);
      const isGoneSince = isVanished(attempt) && from !== undefined && attempt.endMs >= from;
      return (
        isStruck(attempt) || (isGoneSince && departureOf(attempt, list, pods, propagationMs) !== undefined)
      );
    };
    const hits = failed.filter(({ request, attempt }) => explains(request, attempt));
    const first = hits[0];
    if (first === undefined && inTime.length > 0)
      return undecided(
        `${countText(inTime.length, failed.length, "failed attempts")} came as a pod stopped, ${unplaced.length - inTime.length} at other times; the gateway's log names its servers and not the pods behind them`,
      );
    if (first === undefined)
      return refuted(
        speaksAgainst.strong(
          "no attempt failed at a pod that had just been told to stop",
          "gateway log against pod deletions",
        ),
      );
    // HAProxy names servers, and one that is thought to be a pod long gone may be its heir.
    const alike = failed.filter((f) => isOfStop(f.attempt) && !explains(f.request, f.attempt)).length;
    if (Object.hasOwn(traffic.formats, "haproxy") && alike > hits.length)
      return undecided(
        `${countText(hits.length, failed.length, "failed attempts")} hit pods told to stop, but ${alike} failed in the same way at others`,
      );
    const pod = departureOf(first.attempt, list, pods, propagationMs)!;
    const afterS = Math.max(
      ...hits.map(
        (h) =>
          ((isVanished(h.attempt) ? h.attempt.startMs : h.attempt.endMs) -
            (departureOf(h.attempt, list, pods, propagationMs)?.stoppedMs ?? h.attempt.endMs)) /
          1000,
      ),
    );
    const struck = new Set(hits.map((h) => h.attempt.address));
    const isByTime = hits.every((h) => isUnplaced(h.attempt));
    const whom = isByTime
      ? `came at most ${afterS.toFixed(1)} s after pods were told to stop (the log names servers of the gateway, not pods)`
      : `hit ${struck.size} addresses of pods told to stop at most ${afterS.toFixed(1)} s before`;
    const text = `${countText(hits.length, failed.length, "failed attempts")} ${whom}, the first ${refText(pod.ref)} at ${new Date(pod.stoppedMs).toISOString()}`;
    const weight = isByTime ? speaksFor.moderate : speaksFor.strong;
    const clues: Clue[] = [weight(text, "gateway log against pod deletions", { see: see.events(pod.ref) })];
    const spec = pod.spec;
    const drain = spec === undefined ? undefined : drainMs(spec);
    const owner = workload?.ref ?? pod.ref;
    const where = `${refText(owner)} .spec.template.spec.containers[].lifecycle.preStop`;
    if (drain === undefined)
      return undecided(`${text}; whether the pods wait before they stop was not read`, see.get(owner), clues);
    if (drain === 0)
      clues.push(
        speaksFor.strong("no preStop hook makes a pod wait for its endpoint to be gone", where, {
          see: see.field(owner, ".spec.template.spec.containers[*].lifecycle"),
        }),
      );
    else if (drain < afterS * 1000)
      clues.push(
        speaksFor.strong(
          `its preStop waits ${drain / 1000} s, requests still came ${afterS.toFixed(1)} s after the delete call`,
          where,
        ),
      );
    else
      clues.push(
        speaksAgainst.strong(
          `its preStop waits ${drain / 1000} s, longer than the ${afterS.toFixed(1)} s after which requests still came`,
          where,
        ),
      );
    const shell = spec === undefined ? undefined : shellAsFirst(spec);
    if (shell !== undefined)
      clues.push(
        speaksFor.weak(
          `process 1 is a shell (${shell}), which does not pass SIGTERM on`,
          `${refText(owner)} .spec.template.spec.containers[].command`,
        ),
      );
    const rollout =
      events.state === "present"
        ? events.value.findLast(
            (e) =>
              e.reason === "ScalingReplicaSet" &&
              e.about.name === owner.name &&
              e.message.startsWith("Scaled down") &&
              list.some((d) => Math.abs(d.stoppedMs - e.lastMs) <= joinMs),
          )
        : undefined;
    if (rollout !== undefined)
      clues.push(
        speaksFor.moderate(
          `${rollout.message} at ${new Date(rollout.lastMs).toISOString()}`,
          `Event on ${refText(owner)}`,
        ),
      );
    return {
      state: "supported",
      subject: owner,
      clues,
      explains,
      fixes: [fix(owner, workload?.template.spec ?? spec!, Math.max(10, Math.ceil(afterS) + 5))],
    };
  },
});

/** What a process that stops does to requests. */
const isOfStop = ({ failure }: Attempt): boolean =>
  failure === "connect-refused" || failure === "closed-before-header";

/** No answer to the connect: the address went with the pod, after its process had refused. */
const isVanished = (attempt: Attempt): boolean =>
  attempt.failure === "connect-timeout" || attempt.failure === "unreachable";

function firstByAddress(attempts: readonly Attempt[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const { address, endMs } of attempts)
    first.set(address, Math.min(endMs, first.get(address) ?? Infinity));
  return first;
}

/** `sh -c "a & b"`: a shell that runs the application as its child, unless it replaces itself by exec. */
function shellAsFirst(spec: PodSpec): string | undefined {
  const commands = spec.containers.map((c) => [...(c.command ?? []), ...(c.args ?? [])]);
  return commands
    .find((c) => /(?:^|\/)(?:ba|da)?sh$/.test(c[0] ?? "") && c[1] === "-c" && !/^\s*exec\s/.test(c[2] ?? ""))
    ?.join(" ")
    .slice(0, 120);
}

function fix(owner: Parameters<typeof refText>[0], spec: PodSpec, seconds: number) {
  return {
    title: `Let the pods of ${refText(owner)} wait ${seconds} s before they stop (preStop sleep, Kubernetes 1.30 and later; else exec sleep), and finish open requests on SIGTERM`,
    applicability: "unsafe" as const,
    ...preStopFix(owner, spec, seconds),
    effect: "replaces the pods once more, with the old behaviour for the last time",
  };
}
