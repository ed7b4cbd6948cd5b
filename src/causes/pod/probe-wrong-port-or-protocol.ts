import type { PodView } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { AppSignal } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { endedAt } from "../lifetimes.ts";
import { alive, ownerOf, servedByOthers } from "../pods.ts";
import { type ProbeFailure, probeFailures } from "../probe-failures.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";
import { templateFix } from "../template-fix.ts";

/** Statuses of a server that has too much to do: the probe asks the right thing. */
const busy: ReadonlySet<number> = new Set([408, 425, 429]);
/** Failures that ended so long before the newest of their kind are of an earlier trouble. */
const recentMs = 90_000;

/** Longer than most starts: a refusal after it is not "not yet". */
const startMs = 60_000;

/**
 * The probe asks something the application does not serve: a port nothing listens on, HTTP of a
 * gRPC or TLS server, a path or Host that is answered with 4xx. The application is fine and never
 * becomes ready, or is killed for it.
 */
export const probeWrongPortOrProtocol = defineCause({
  id: "probe-wrong-port-or-protocol",
  title: "The probe asks a port, protocol or path that the application does not serve",
  hop: "pod",
  codes: [503, 502],
  prior: 0.03,
  leadsTo: [
    "no-endpoints-pods-not-ready",
    "liveness-probe-restart-loop",
    "crash-loop-backoff",
    "rollout-bad-revision",
    "rollout-recreate-or-max-unavailable",
  ],
  needs: ["pods", "events"],
  helps: ["appLog", "traffic"],
  weigh({ pods, events, appLog, traffic }) {
    const failures = latest(
      probeFailures(
        { state: "present", value: events },
        alive(pods).filter((p) => !p.ready || restarts(p) > 0),
      ).filter((f) => !f.pod.ready || f.kind !== "readiness"),
    );
    const judged = failures
      .map((failure) => ({ failure, clues: cluesFor(failure, appLog) }))
      .filter((j) => j.clues.length > 0);
    const best = judged.sort(
      (a, b) => b.clues.length - a.clues.length || b.failure.event.count - a.failure.event.count,
    )[0];
    if (best === undefined) {
      return failures.length === 0
        ? refuted(speaksAgainst.strong("no probe of a pod that is not ready failed", "Events of the pods"))
        : refuted(
            speaksAgainst.moderate(
              `the probes fail in another way: ${failures.at(-1)!.event.message.slice(0, 160)}`,
              "Events of the pods",
            ),
          );
    }
    const { failure, clues } = best;
    const kills = failure.kind !== "readiness" && restarts(failure.pod) > 0;
    const elsewhere = kills ? undefined : servedByOthers(pods, failure.pod, failure.event.message);
    if (elsewhere !== undefined) return elsewhere;
    if (
      kills &&
      failure.pod.ready &&
      alive(pods).some((p) => restarts(p) < loopRestarts) &&
      traffic.state !== "present"
    )
      return undecided(
        `the ${failure.kind} probe fails and the pods are ready in between; whether requests failed is not known`,
        see.events(failure.pod.ref),
        clues,
      );
    const strong = clues.filter((c) => c.weight !== "weak" && c.weight !== "moderate");
    if (strong.length === 0)
      return undecided(
        `the ${failure.kind} probe fails; whether probe or application is wrong is not clear`,
        see.describe(failure.pod.ref),
        clues,
      );
    return {
      state: "supported",
      subject: ownerOf(failure.pod),
      clues,
      explains: kills ? endedAt(alive(pods).filter((p) => restarts(p) > 0)) : ofClass("no-endpoint"),
      fixes: [fix(failure, listening(appLog, failure.pod))],
    };
  },
});

/** Restarted so often by its probe, a pod is ready for moments only. */
const loopRestarts = 2;

const restarts = (pod: PodView): number => pod.containers.reduce((sum, c) => sum + c.restarts, 0);

/** Of each pod and kind of probe, the failures that are as new as its newest. */
const latest = (failures: readonly ProbeFailure[]): ProbeFailure[] =>
  failures.filter((f) => {
    const same = failures.filter((o) => o.pod === f.pod && o.kind === f.kind);
    return f.event.lastMs >= Math.max(...same.map((o) => o.event.lastMs)) - recentMs;
  });

function cluesFor(failure: ProbeFailure, appLog: Observed<readonly AppSignal[]>): Clue[] {
  const { pod, event, how, kind } = failure;
  const source = `Events of ${refText(pod.ref)}, Unhealthy, ${event.count} times`;
  const show = { see: see.events(pod.ref) };
  if (how === "protocol")
    return [
      speaksFor.decisive(
        `the ${kind} probe gets an answer in another protocol: ${event.message.slice(0, 200)}`,
        source,
        show,
      ),
    ];
  if (how === "status" && failure.status !== undefined && failure.status < 500 && !busy.has(failure.status)) {
    const what =
      failure.status === 400
        ? "400, as applications do that check the Host header, and TLS servers asked in plain HTTP"
        : String(failure.status);
    return [
      speaksFor.decisive(
        `the application answers the ${kind} probe with ${what}: ${event.message.slice(0, 160)}`,
        source,
        show,
      ),
    ];
  }
  if (how !== "refused" || failure.port === undefined || isStartingOrDying(failure)) return [];
  const port = failure.port;
  const ports = listening(appLog, pod);
  const declared = declaredPorts(pod, failure);
  const isElsewhere = ports.length > 0 && !ports.some((s) => s.port === port);
  const isUndeclared = declared.length > 0 && !declared.includes(port);
  if (!isElsewhere && !isUndeclared) return [];
  const clues = [
    speaksFor.strong(
      `the ${kind} probe is refused on port ${port}: ${event.message.slice(0, 160)}`,
      source,
      show,
    ),
  ];
  if (isElsewhere)
    clues.push(
      speaksFor.strong(
        `the application says it listens on ${ports.map((s) => s.port).join(", ")}`,
        `log of ${refText(pod.ref)}: ${ports[0]!.line.slice(0, 120)}`,
      ),
    );
  if (isUndeclared)
    clues.push(
      speaksFor.strong(
        `its containers declare ${declared.join(", ")}, not ${port}`,
        `${refText(pod.ref)} .spec.containers[].ports`,
      ),
    );
  return clues;
}

/** Refused because the process is not up: young, or ended by itself and not by the kubelet's kill. */
function isStartingOrDying({ pod, event, kind, probe }: ProbeFailure): boolean {
  const container =
    pod.containers.find((c) => c.name === (event.container ?? probe?.container)) ??
    pod.containers.find((c) => c.role === "main");
  const ended = container?.terminations[0];
  const diedByItself = ended !== undefined && ![0, 137, 143].includes(ended.exitCode);
  if (ended?.reason === "OOMKilled" || diedByItself) return true;
  if (kind !== "readiness" && (container?.restarts ?? 0) > 0) return false;
  const started = container?.startedMs;
  return started === undefined || (event.lastMs - started < startMs && event.count < 3);
}

const listening = (appLog: Observed<readonly AppSignal[]>, pod: PodView): AppSignal[] =>
  appLog.state === "present"
    ? appLog.value.filter((s) => s.kind === "listening" && s.port !== undefined && s.pod === pod.ref.name)
    : [];

const declaredPorts = (pod: PodView, { probe }: ProbeFailure): number[] =>
  pod.containers
    .filter((c) => probe === undefined || c.name === probe.container)
    .flatMap((c) => c.spec.ports?.map((p) => p.containerPort) ?? []);

/** What the server that was asked speaks, in the words of the HTTP client of Go. */
function spokenScheme({ how, event, probe }: ProbeFailure): "HTTP" | "HTTPS" | undefined {
  if (how !== "protocol" || probe?.type !== "http") return undefined;
  if (event.message.includes("server gave HTTP response to HTTPS client")) return "HTTP";
  return /HTTP request to an HTTPS server/i.test(event.message) ? "HTTPS" : undefined;
}

function fix(failure: ProbeFailure, ports: readonly AppSignal[]): Fix {
  const owner = ownerOf(failure.pod);
  const meant = ports[0]?.port ?? declaredPorts(failure.pod, failure)[0];
  const container = failure.probe?.container ?? failure.event.container;
  const title = (what: string): string => `${what} of the ${failure.kind} probe of ${refText(owner)}`;
  const scheme = spokenScheme(failure);
  if (scheme !== undefined && container !== undefined) {
    const probe = { [`${failure.kind}Probe`]: { httpGet: { scheme } } };
    return {
      title: title(`Set the scheme to ${scheme}`),
      applicability: "unsafe",
      ...templateFix(owner, { containers: [{ name: container, ...probe }] }),
      effect: "replaces the pods",
    };
  }
  if (
    failure.how !== "refused" ||
    meant === undefined ||
    container === undefined ||
    failure.probe === undefined
  ) {
    const what =
      failure.how === "protocol"
        ? "Correct the type (httpGet, grpc, tcpSocket) or scheme"
        : "Correct the path or the Host header";
    return {
      title: title(what),
      applicability: "unsafe",
      commands: [see.edit(owner)],
      effect: "replaces the pods",
    };
  }
  const handler =
    failure.probe.type === "http" ? "httpGet" : failure.probe.type === "grpc" ? "grpc" : "tcpSocket";
  const body = {
    spec: {
      template: {
        spec: { containers: [{ name: container, [`${failure.kind}Probe`]: { [handler]: { port: meant } } }] },
      },
    },
  };
  return {
    title: title(`Set the port to ${meant}`),
    applicability: "unsafe",
    commands: [see.patch(owner, "strategic", body)],
    patch: { object: owner, type: "strategic", body },
    effect: "replaces the pods",
  };
}
