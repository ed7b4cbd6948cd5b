import type { Probe } from "kubernetes-types/core/v1";
import { probeTiming } from "../../derive/probes.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { alive, ownerOf, wasEverReady } from "../pods.ts";
import { type ProbeFailure, probeFailures } from "../probe-failures.ts";
import { failuresOf, ofClass } from "../requests.ts";
import { see } from "../see.ts";
import { templateFix } from "../template-fix.ts";

/**
 * Readiness depends on something that all pods share (a database, a cache, another service): when
 * that blips, every pod says "not ready" at once and the whole Service is gone, although each pod
 * could still answer something.
 */
export const readinessProbeTooStrict = defineCause({
  id: "readiness-probe-too-strict",
  title: "Readiness depends on something shared, and all pods turned not ready together",
  hop: "pod",
  codes: [503],
  prior: 0.02,
  leadsTo: ["no-endpoints-pods-not-ready"],
  needs: ["pods", "events"],
  helps: ["traffic", "appLog", "patterns"],
  weigh({ pods, events, traffic, appLog }) {
    const here = alive(pods);
    const failing = probeFailures({ state: "present", value: events }, here).filter(
      (f) => f.kind === "readiness" && (f.how === "exec" || (f.how === "status" && (f.status ?? 0) >= 500)),
    );
    const struck = new Set(failing.map((f) => f.pod.ref.name));
    const last = failing.at(-1);
    if (last === undefined)
      return refuted(
        speaksAgainst.decisive("no readiness probe was answered with a 5xx", "Events of the pods, Unhealthy"),
      );
    if (struck.size < here.length)
      return refuted(
        speaksAgainst.strong(
          `only ${struck.size} of ${here.length} pods fail it`,
          "Events of the pods, Unhealthy",
        ),
      );
    if (!here.some(wasEverReady))
      return undecided(
        "the pods were never ready, so the application itself may be broken",
        see.logs(last.pod.ref),
      );
    const clues: Clue[] = [
      speaksFor.strong(
        `all ${here.length} pods answer their readiness probe with an error: ${last.event.message.slice(0, 160)}`,
        `Events of the pods, Unhealthy`,
        { see: see.events(last.pod.ref) },
      ),
    ];
    const times = here.flatMap((p) => p.readyChangedMs ?? []);
    const periodMs = last.probe === undefined ? 30_000 : probeTiming(last.probe.probe).reactionMs;
    const spread = Math.max(...times) - Math.min(...times);
    if (here.length > 1 && spread <= periodMs)
      clues.push(
        speaksFor.strong(
          `their Ready conditions turned within ${Math.round(spread / 1000)} s of each other`,
          "Pods .status.conditions[Ready].lastTransitionTime",
        ),
      );
    const shared =
      appLog.state === "present"
        ? appLog.value.findLast(
            (s) =>
              s.kind === "connect-error" ||
              s.kind === "slow-call" ||
              s.kind === "dependency-refusal" ||
              s.kind === "pool-exhausted" ||
              s.kind === "dns-error",
          )
        : undefined;
    if (shared !== undefined)
      clues.push(
        speaksFor.moderate(
          `the application's log names a dependency: ${shared.line.slice(0, 160)}`,
          `log of ${shared.namespace}/${shared.pod}`,
        ),
      );
    const isDead = here.every((p) => !p.ready);
    const isDuring = (r: LoggedRequest): boolean =>
      failing.some(
        (f) => r.endMs >= f.event.firstMs - periodMs && (isDead || r.endMs <= f.event.lastMs + 2 * periodMs),
      );
    const found = failuresOf(traffic, "no-endpoint").filter(isDuring).length;
    if (found > 0)
      clues.push(
        speaksFor.moderate(`${found} requests found no endpoint in that time`, "gateway log", {
          group: "bursts",
        }),
      );
    if (found === 0 && here.some((p) => p.ready))
      return undecided(
        "pods failed readiness together for a while; whether requests failed then is not known",
        see.events(last.pod.ref),
        clues,
      );
    const owner = ownerOf(last.pod);
    return {
      state: "supported",
      subject: owner,
      clues,
      explains: (request, attempt) => ofClass("no-endpoint")(request, attempt) && isDuring(request),
      fixes: [
        {
          title: `Let the readiness check of ${refText(owner)} test only the pod itself, and degrade in the application when the shared part fails`,
          applicability: "display-only",
          commands: [see.edit(owner)],
        },
        ...ownCheck(last),
      ],
    };
  },
});

type Handlers = Pick<Probe, "httpGet" | "tcpSocket" | "grpc" | "exec">;

/** Until the application has such a check, what tells of the pod alone: its liveness check, or that it listens. */
function ownCheck({ pod, probe: view }: ProbeFailure): Fix[] {
  const spec = pod.containers.find(({ name }) => name === view?.container)?.spec;
  if (spec === undefined || view === undefined) return [];
  const now = handlersOf(view.probe);
  const live = spec.livenessProbe === undefined ? {} : handlersOf(spec.livenessProbe);
  const isOther = Object.keys(live).length > 0 && JSON.stringify(live) !== JSON.stringify(now);
  const wanted = isOther
    ? live
    : pod.targetPort === undefined
      ? undefined
      : { tcpSocket: { port: pod.targetPort } };
  if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(now)) return [];
  const owner = ownerOf(pod);
  const replaced = Object.entries(wanted).map(([way, asks]) => [way, { $patch: "replace", ...asks }]);
  const none = Object.keys(now).map((way) => [way, null]);
  const readinessProbe: object = Object.fromEntries([...none, ...replaced]);
  return [
    {
      title: `Until then, let it ask ${isOther ? "what the liveness probe asks" : `whether the pod listens on port ${pod.targetPort}`}`,
      applicability: "unsafe",
      ...templateFix(owner, { containers: [{ name: spec.name, readinessProbe }] }),
      effect: "replaces the pods; one that listens and cannot answer gets requests as well",
    },
  ];
}

function handlersOf({ httpGet, tcpSocket, grpc, exec }: Probe): Handlers {
  const all = Object.entries({ httpGet, tcpSocket, grpc, exec });
  return Object.fromEntries(all.filter(([, way]) => way !== undefined));
}
