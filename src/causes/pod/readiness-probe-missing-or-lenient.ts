import { probesOf } from "../../derive/probes.ts";
import type { PodView } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { Attempt, LoggedRequest, PathStats, Traffic } from "../../logs/traffic.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { joinMs } from "../lifetimes.ts";
import { alive, ownerOf } from "../pods.ts";
import { countText, failedAttempts, ipOf, isUnplaced } from "../requests.ts";
import type { Fix } from "../fix.ts";
import { see } from "../see.ts";
import { readinessWeakness } from "./readiness-weakness.ts";
import { templateFix } from "../template-fix.ts";

/** How long after its start a failure still speaks of "not warm yet". */
const youthMs = 120_000;

/**
 * Nothing holds traffic back from a pod that cannot serve: there is no readiness probe, or one that
 * only opens a TCP connection. New pods get requests before they can answer; a stuck pod keeps them.
 */
export const readinessProbeMissingOrLenient = defineCause({
  id: "readiness-probe-missing-or-lenient",
  title: "Nothing keeps requests from a pod that cannot serve them",
  hop: "pod",
  codes: [502, 503, 504],
  prior: 0.03,
  leadsTo: ["app-not-listening-yet"],
  needs: ["pods", "traffic"],
  helps: ["patterns"],
  weigh({ pods, traffic }) {
    const here = alive(pods);
    const lenient = here.filter((p) => readinessWeakness(p) !== undefined);
    const first = lenient[0];
    if (first === undefined)
      return refuted(
        speaksAgainst.decisive(
          "the pods have a readiness probe that asks the application",
          "Pods .spec.containers[].readinessProbe",
        ),
      );
    const failed = failedAttempts(traffic);
    const warmed = lenient.filter((p) => servedLater(p, traffic));
    const atYoung = failed.filter(({ attempt }) => warmed.some((p) => isYoung(p, attempt, traffic)));
    const found = onlyBadPod(here, traffic);
    const bad = found !== undefined && lenient.includes(found) ? found : undefined;
    const explains = (_: LoggedRequest, attempt: Attempt | undefined): boolean =>
      attempt !== undefined &&
      (warmed.some((p) => isYoung(p, attempt, traffic)) ||
        (bad !== undefined && bad.ips.includes(ipOf(attempt.address))));
    const source = `${refText(first.ref)} .spec.containers[].readinessProbe`;
    const why = speaksFor.strong(readinessWeakness(first)!, source, {
      see: see.field(first.ref, ".spec.containers[*].readinessProbe"),
    });
    if (atYoung.length > 0 && atYoung.length >= failed.length * 0.9) {
      const text = `${countText(atYoung.length, failed.length, "failed attempts")} hit pods in their first ${youthMs / 1000} s, before they answered anything`;
      return {
        state: "supported",
        subject: ownerOf(first),
        clues: [why, speaksFor.strong(text, "gateway log against container times", { group: "young" })],
        explains,
        fixes: [fix(first, traffic)],
      };
    }
    if (bad !== undefined) {
      const { lastSuccessMs } = talliedOf(bad, traffic);
      const since = Number.isFinite(lastSuccessMs)
        ? `, which has not served since ${new Date(lastSuccessMs).toISOString()} and`
        : ", which";
      const hits = failed.filter(({ attempt }) => bad.ips.includes(ipOf(attempt.address))).length;
      const text = `${countText(hits, failed.length, "failed attempts")} hit ${refText(bad.ref)}${since} is Ready all the same, while others serve`;
      return {
        state: "supported",
        subject: ownerOf(first),
        clues: [why, speaksFor.strong(text, "gateway log against pods")],
        explains,
        fixes: [fix(first, traffic)],
      };
    }
    if (failed.length > 0 && failed.every(({ attempt }) => isUnplaced(attempt)))
      return undecided(
        `${readinessWeakness(first)!}; the gateway's log names its servers and not the pods behind them`,
        see.field(first.ref, ".spec.containers[*].readinessProbe"),
        [why],
      );
    if (allStand(here, traffic))
      return undecided(
        `none of the ${here.length} pods serves any more and all are Ready: ${readinessWeakness(first)!}; a probe that asks would have shown it, and why they stand still is not known`,
        see.logs(first.ref),
        [why],
      );
    return refuted(
      speaksAgainst.strong(
        "the failures are neither at new pods nor at one bad pod",
        "gateway log against pods",
      ),
    );
  },
});

/** Failed soon after the container's start, and before its first answer: what fails among answers is warm enough. */
function isYoung(pod: PodView, attempt: Attempt, traffic: Traffic): boolean {
  if (!pod.ips.includes(ipOf(attempt.address)) || attempt.failure === undefined) return false;
  const probes = probesOf(pod).filter((p) => p.kind === "readiness");
  if (attempt.failure === "connect-refused" && probes.some((p) => p.port === pod.targetPort)) return false;
  // Of HAProxy's slots the address is known from the controller's lines: an answer of the pod before may count here.
  const isSlot = Object.hasOwn(traffic.formats, "haproxy");
  const answeredMs = traffic.addresses.get(attempt.address)?.firstSuccessMs ?? Infinity;
  return pod.containers.some((c) => {
    if (c.role !== "main" || c.startedMs === undefined) return false;
    const isSoon = attempt.endMs >= c.startedMs - joinMs && attempt.endMs <= c.startedMs + youthMs;
    // An address that answered before this start had another process, and its first answer is not this one's.
    const isEarlier = isSlot || answeredMs < c.startedMs - joinMs || attempt.startMs <= answeredMs;
    return isSoon && isEarlier;
  });
}

const ownerKey = (pod: PodView | undefined): string => (pod === undefined ? "" : refText(ownerOf(pod)));

/** It failed and then answered: it was not warm, and is not broken. */
const servedLater = (pod: PodView, traffic: Traffic): boolean =>
  [...traffic.addresses].some(
    ([a, s]) => pod.ips.includes(ipOf(a)) && (s.lastSuccessMs ?? 0) > (s.lastFailureMs ?? Infinity),
  );

/** Most of the failures are at the one pod; the others' may have reasons of their own. */
const mostFailures = 0.9;
/** Of failures in a row, at the end of what the log tells of a pod: it stands still. */
const leastInVain = 5;

/**
 * One ready pod that takes nearly every failure and does not serve, or not any more, among others of its
 * workload that go on serving. A pod of another workload may be one that the Service should not select at all.
 */
function onlyBadPod(pods: readonly PodView[], traffic: Traffic): PodView | undefined {
  const seen = pods.map((pod) => ({ pod, ...talliedOf(pod, traffic) }));
  const all = seen.reduce((sum, s) => sum + s.failed, 0);
  const bad = seen.find((s) => s.failed >= all * mostFailures && s.failed >= leastInVain);
  if (bad === undefined || !bad.pod.ready || bad.lastSuccessMs >= bad.firstFailureMs) return undefined;
  const serving = seen.some(
    (s) =>
      s !== bad &&
      ownerKey(s.pod) === ownerKey(bad.pod) &&
      s.lastSuccessMs >= Math.max(0, bad.firstFailureMs),
  );
  return serving ? bad.pod : undefined;
}

/** Every pod served, does not any more, and is Ready all the same. */
const allStand = (pods: readonly PodView[], traffic: Traffic): boolean =>
  pods.every((pod) => {
    const { failed, lastSuccessMs, firstFailureMs } = talliedOf(pod, traffic);
    const served = Number.isFinite(lastSuccessMs);
    return pod.ready && served && failed >= leastInVain && lastSuccessMs < firstFailureMs;
  });

interface Tallied {
  readonly failed: number;
  readonly lastSuccessMs: number;
  readonly firstFailureMs: number;
}

/** What the log tells of the pod's addresses, one for each port and family. */
function talliedOf(pod: PodView, traffic: Traffic): Tallied {
  const stats = [...traffic.addresses].filter(([a]) => pod.ips.includes(ipOf(a))).map(([, s]) => s);
  return {
    failed: stats.reduce((sum, s) => sum + s.failed, 0),
    lastSuccessMs: Math.max(...stats.map((s) => s.lastSuccessMs ?? -Infinity)),
    firstFailureMs: Math.min(...stats.map((s) => s.firstFailureMs ?? Infinity)),
  };
}

const answers = ({ successDurations }: PathStats): number => successDurations?.count ?? 0;

/**
 * A path that the application answers below 400, and that names nothing by an id, is as good as it can be known from
 * outside. The probe asks with GET.
 */
function fix(pod: PodView, traffic: Traffic): Fix {
  const owner = ownerOf(pod);
  const container = pod.targetContainer ?? pod.containers.find((c) => c.role === "main")?.name;
  const answered = traffic.paths
    .filter((path) => /^\/[\w./-]*$/.test(path.template) && answers(path) > 0)
    .sort((a, b) => answers(b) - answers(a))[0];
  const title = `Give ${refText(owner)} an HTTP readiness probe on the path and port it serves`;
  const common = { applicability: "unsafe", effect: "replaces the pods" } as const;
  if (container === undefined || pod.targetPort === undefined || answered === undefined)
    return {
      title: `${title} (port ${pod.targetPort ?? "of the Service"})`,
      commands: [see.edit(owner)],
      ...common,
    };
  const hasTcp = probesOf(pod).some((p) => p.kind === "readiness" && p.container === container);
  const readinessProbe = {
    ...(hasTcp ? { tcpSocket: null } : {}),
    httpGet: { path: answered.template, port: pod.targetPort },
    periodSeconds: 5,
    timeoutSeconds: 2,
  };
  return {
    title: `${title} (${answered.template} on port ${pod.targetPort}, unless it has one for health)`,
    ...templateFix(owner, { containers: [{ name: container, readinessProbe }] }),
    ...common,
  };
}
