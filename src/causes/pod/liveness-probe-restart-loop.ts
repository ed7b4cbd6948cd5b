import type { Probe } from "kubernetes-types/core/v1";
import { probeTiming } from "../../derive/probes.ts";
import type { EventView, PodView } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { endedAt } from "../lifetimes.ts";
import { throttlingClues } from "../metric-clues.ts";
import { alive, eventsOn, ownerOf } from "../pods.ts";
import { type ProbeFailure, probeFailures } from "../probe-failures.ts";
import { failedAttempts } from "../requests.ts";
import { see } from "../see.ts";
import { templateFix } from "../template-fix.ts";

const killed = /failed (?:liveness|startup) probe, will be restarted/;

/**
 * The kubelet kills a container whose liveness (or startup) probe fails, busy or starting as it may
 * be. Each kill cuts the requests in flight and moves their load to the others.
 */
export const livenessProbeRestartLoop = defineCause({
  id: "liveness-probe-restart-loop",
  title: "The kubelet restarts the container because its liveness probe fails",
  hop: "pod",
  codes: [502, 503, 504],
  prior: 0.03,
  leadsTo: [
    "crash-loop-backoff",
    "no-endpoints-pods-not-ready",
    "rollout-bad-revision",
    "rollout-recreate-or-max-unavailable",
  ],
  needs: ["pods", "events"],
  helps: ["traffic", "patterns", "metrics"],
  weigh({ pods, events, traffic, metrics }) {
    const observed = { state: "present" as const, value: events };
    const kills = alive(pods).flatMap((pod) =>
      eventsOn(observed, pod.ref, "Killing")
        .filter((e) => killed.test(e.message))
        .map((event) => ({ pod, event })),
    );
    const last = kills.at(-1);
    if (last === undefined)
      return refuted(
        speaksAgainst.decisive(
          "no event says that a container failed its liveness probe and will be restarted",
          "Events of the pods",
          { see: see.list("events", pods[0]?.ref.namespace) },
        ),
      );
    const struck = [...new Set(kills.map((k) => k.pod))];
    const failure = probeFailures(observed, struck).findLast((f) => f.kind !== "readiness");
    const explains = endedAt(struck);
    const hits =
      traffic.state === "present"
        ? failedAttempts(traffic.value).filter(({ request, attempt }) => explains(request, attempt)).length
        : 0;
    const down = struck.filter((p) => !p.ready && isSince(p.readyChangedMs, kills, p.ref.name));
    const count = kills.reduce((sum, k) => sum + k.event.count, 0);
    const text = `${count === 1 ? "once" : `${count} times`}: ${last.event.message} (${refText(last.pod.ref)}, last at ${new Date(last.event.lastMs).toISOString()})`;
    const clues: Clue[] = [
      speaksFor.strong(text, `Events of ${refText(last.pod.ref)}, Killing`, {
        see: see.events(last.pod.ref),
      }),
    ];
    clues.push(
      ...throttlingClues(
        metrics,
        struck,
        kills.map(({ event }) => ({ fromMs: event.firstMs, toMs: event.lastMs })),
      ),
    );
    if (failure !== undefined)
      clues.push(
        speaksFor.moderate(
          failure.event.message.slice(0, 220),
          `Events of ${refText(failure.pod.ref)}, Unhealthy, ${failure.event.count} times`,
        ),
      );
    if (hits > 0)
      clues.push(
        speaksFor.strong(
          `${hits} attempts at the restarted pods were cut or refused then`,
          "gateway log against container times",
          { group: "cut" },
        ),
      );
    if (down.length > 0)
      clues.push(
        speaksFor.strong(
          `${down.length} of the restarted pods are not ready`,
          "Pods .status.conditions[Ready]",
        ),
      );
    const isWhole = alive(pods).every((p) => struck.includes(p));
    const loops = traffic.state !== "present" && isWhole && isLoop(count, last.event, events);
    if (loops)
      clues.push(
        speaksFor.moderate(
          "it happened again and again up to the moment of collection, so requests are cut each time",
          `Events of ${refText(last.pod.ref)}, Killing`,
        ),
      );
    if (hits === 0 && down.length === 0 && !loops)
      return undecided(
        `${text}; the pods are ready again and no failed request is known from those moments`,
        see.describe(last.pod.ref),
        clues,
      );
    return {
      state: "supported",
      subject: ownerOf(last.pod),
      clues,
      explains,
      fixes: [fix(last.pod.owner ?? last.pod.ref, failure)],
    };
  },
});

const loopMs = 5 * 60_000;

/** Killed more than once and lately: between the kills the pod is ready for moments only. */
function isLoop(count: number, last: EventView, events: readonly EventView[]): boolean {
  const newestMs = events.at(-1)?.lastMs ?? last.lastMs;
  return count >= 2 && newestMs - last.lastMs <= loopMs;
}

/** The kill belongs to the pod's being down: not long before it, or any time after. */
const isSince = (
  unreadyMs: number | undefined,
  kills: readonly { readonly pod: PodView; readonly event: EventView }[],
  pod: string,
): boolean =>
  kills.some(
    (k) => k.pod.ref.name === pod && (unreadyMs === undefined || k.event.lastMs >= unreadyMs - 120_000),
  );

function fix(owner: ReturnType<typeof ownerOf>, failure: ProbeFailure | undefined): Fix {
  const timing = failure?.probe === undefined ? undefined : probeTiming(failure.probe.probe);
  const now =
    timing === undefined
      ? ""
      : ` (now: first check after ${timing.initialDelayMs / 1000} s, ${timing.failureThreshold} failures, every ${timing.periodMs / 1000} s, timeout ${timing.timeoutMs / 1000} s)`;
  return {
    title: `Let the liveness probe of ${refText(owner)} only notice a process that will never recover: a startupProbe for slow starts, a longer timeout and more failures, no dependency behind it${now}`,
    applicability: "unsafe",
    ...patienceFix(owner, failure),
    effect: "replaces the pods",
  };
}

/** Two minutes for a start, and then as long as six checks of five seconds take. */
function patienceFix(
  owner: ReturnType<typeof ownerOf>,
  failure: ProbeFailure | undefined,
): Pick<Fix, "commands" | "patch"> {
  const name = failure?.probe?.container;
  const spec = failure?.pod.containers.find((c) => c.name === name)?.spec;
  const start = spec?.startupProbe ?? spec?.livenessProbe;
  if (name === undefined || spec === undefined || start === undefined) return { commands: [see.edit(owner)] };
  const { timeoutMs, periodMs, failureThreshold } = probeTiming(start);
  const forStart = Math.ceil(120_000 / periodMs);
  const startupProbe = {
    // One that is there has its own way to ask.
    ...(spec.startupProbe === undefined ? wayOf(start) : {}),
    periodSeconds: periodMs / 1000,
    timeoutSeconds: Math.max(5, timeoutMs / 1000),
    failureThreshold: spec.startupProbe === undefined ? forStart : Math.max(failureThreshold, forStart),
  };
  const liveness = spec.livenessProbe === undefined ? {} : { livenessProbe: patient(spec.livenessProbe) };
  return templateFix(owner, { containers: [{ name, ...liveness, startupProbe }] });
}

function patient(probe: Probe): Pick<Probe, "timeoutSeconds" | "failureThreshold"> {
  const { timeoutMs, failureThreshold } = probeTiming(probe);
  return { timeoutSeconds: Math.max(5, timeoutMs / 1000), failureThreshold: Math.max(6, failureThreshold) };
}

const wayOf = ({ httpGet, tcpSocket, grpc, exec }: Probe): object =>
  Object.fromEntries(
    Object.entries({ httpGet, tcpSocket, grpc, exec }).filter(([, way]) => way !== undefined),
  );
