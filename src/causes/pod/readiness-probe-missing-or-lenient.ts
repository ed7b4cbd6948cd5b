import { probesOf } from "../../derive/probes.ts";
import type { PodView } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { Attempt, LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { alive, ownerOf } from "../pods.ts";
import { countText, failedAttempts, ipOf, isUnplaced } from "../requests.ts";
import type { Fix } from "../fix.ts";
import { see } from "../see.ts";
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
    const lenient = here.filter((p) => weakness(p) !== undefined);
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
    const atYoung = failed.filter(({ attempt }) => warmed.some((p) => isYoung(p, attempt)));
    const found = onlyBadPod(here, traffic);
    const bad = found !== undefined && lenient.includes(found) ? found : undefined;
    const explains = (_: LoggedRequest, attempt: Attempt | undefined): boolean =>
      attempt !== undefined &&
      (warmed.some((p) => isYoung(p, attempt)) ||
        (bad !== undefined && bad.ips.includes(ipOf(attempt.address))));
    const source = `${refText(first.ref)} .spec.containers[].readinessProbe`;
    const why = speaksFor.strong(weakness(first)!, source, {
      see: see.field(first.ref, ".spec.containers[*].readinessProbe"),
    });
    if (atYoung.length > 0 && atYoung.length >= failed.length * 0.9) {
      const text = `${countText(atYoung.length, failed.length, "failed attempts")} hit pods in their first ${youthMs / 1000} s`;
      return {
        state: "supported",
        subject: ownerOf(first),
        clues: [why, speaksFor.strong(text, "gateway log against container times", { group: "young" })],
        explains,
        fixes: [fix(first, traffic)],
      };
    }
    if (bad !== undefined) {
      const text = `all ${failed.length} failed attempts hit ${refText(bad.ref)}, which is Ready all the same, while others serve`;
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
        `${weakness(first)!}; the gateway's log names its servers and not the pods behind them`,
        see.field(first.ref, ".spec.containers[*].readinessProbe"),
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

/** What is wrong with the readiness of the pod's serving container; undefined when nothing is. */
function weakness(pod: PodView): string | undefined {
  const probes = probesOf(pod).filter((p) => p.kind === "readiness");
  if (probes.length === 0)
    return "no container has a readiness probe: the pod is ready as soon as its containers run";
  const tcp = probes.every((p) => p.type === "tcp");
  return tcp ? `readiness only opens a TCP connection to port ${probes[0]!.port ?? "?"}` : undefined;
}

function isYoung(pod: PodView, attempt: Attempt): boolean {
  if (!pod.ips.includes(ipOf(attempt.address)) || attempt.failure === undefined) return false;
  const probes = probesOf(pod).filter((p) => p.kind === "readiness");
  if (attempt.failure === "connect-refused" && probes.some((p) => p.port === pod.targetPort)) return false;
  return pod.containers.some(
    (c) =>
      c.role === "main" &&
      c.startedMs !== undefined &&
      attempt.endMs >= c.startedMs - 2000 &&
      attempt.endMs <= c.startedMs + youthMs,
  );
}

const ownerKey = (pod: PodView | undefined): string => (pod === undefined ? "" : refText(ownerOf(pod)));

/** It failed and then answered: it was not warm, and is not broken. */
const servedLater = (pod: PodView, traffic: Traffic): boolean =>
  [...traffic.addresses].some(
    ([a, s]) => pod.ips.includes(ipOf(a)) && (s.lastSuccessMs ?? 0) > (s.lastFailureMs ?? Infinity),
  );

/**
 * One ready pod that takes every failure and serves nothing, among others of its workload that serve.
 * A pod of another workload may be one that the Service should not select at all.
 */
function onlyBadPod(pods: readonly PodView[], traffic: Traffic): PodView | undefined {
  const failing = pods.filter((p) =>
    [...traffic.addresses].some(([a, s]) => p.ips.includes(ipOf(a)) && s.failed > 0),
  );
  const serving = pods.some(
    (p) =>
      !failing.includes(p) &&
      ownerKey(p) === ownerKey(failing[0]) &&
      [...traffic.addresses].some(([a, s]) => p.ips.includes(ipOf(a)) && s.attempts > s.failed),
  );
  const [bad] = failing;
  if (failing.length !== 1 || bad === undefined || !serving || !bad.ready) return undefined;
  const stats = [...traffic.addresses].filter(([a]) => bad.ips.includes(ipOf(a))).map(([, s]) => s);
  return stats.every((s) => s.failed === s.attempts && s.attempts >= 5) ? bad : undefined;
}

/** A path that the application answers, and that names nothing by an id, is as good as it can be known from outside. */
function fix(pod: PodView, traffic: Traffic): Fix {
  const owner = ownerOf(pod);
  const container = pod.targetContainer ?? pod.containers.find((c) => c.role === "main")?.name;
  const answered = traffic.paths
    .filter(({ template, requests, failed }) => /^\/[\w./-]*$/.test(template) && requests > failed)
    .sort((a, b) => b.requests - b.failed - (a.requests - a.failed))[0];
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
