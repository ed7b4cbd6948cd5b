import { probeTiming } from "../../derive/probes.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { throttlingClues } from "../metric-clues.ts";
import { alive, ownerOf } from "../pods.ts";
import { type ProbeFailure, probeFailures } from "../probe-failures.ts";
import { failuresOf, ofClass } from "../requests.ts";
import { see } from "../see.ts";

/** A failure of another kind so much later shows that the timeouts are over. */
const recentMs = 60_000;
/** Fewer timeouts than this happen at any start. */
const leastTimeouts = 3;

/**
 * The readiness probe gives up (after one second unless told otherwise) on an application that is
 * slow for a moment. Pods leave the endpoints and come back, the rest gets their load and times out
 * too, until for some seconds none is left.
 */
export const readinessProbeTimeoutFlapping = defineCause({
  id: "readiness-probe-timeout-flapping",
  title: "The readiness probe times out and pods drop out of the endpoints",
  hop: "pod",
  codes: [503, 504],
  prior: 0.03,
  leadsTo: ["no-endpoints-pods-not-ready"],
  needs: ["pods", "events"],
  helps: ["traffic", "patterns", "metrics"],
  weigh({ pods, events, traffic, metrics }) {
    const here = alive(pods);
    const timeouts = probeFailures({ state: "present", value: events }, here).filter(
      (f) => f.kind === "readiness" && isTimeout(f),
    );
    const count = timeouts.reduce((sum, f) => sum + f.event.count, 0);
    const last = timeouts.at(-1);
    if (last === undefined)
      return refuted(speaksAgainst.decisive("no readiness probe timed out", "Events of the pods, Unhealthy"));
    const timing = last.probe === undefined ? undefined : probeTiming(last.probe.probe);
    const text = `${count} readiness probes of ${new Set(timeouts.map((f) => f.pod.ref.name)).size} pods timed out${timing === undefined ? "" : ` after ${timing.timeoutMs / 1000} s`}: ${last.event.message.slice(0, 180)}`;
    const source = `Events of ${refText(last.pod.ref)}, Unhealthy`;
    if (count < leastTimeouts)
      return undecided(`${text}; too few to take pods out`, see.events(last.pod.ref));
    const clues: Clue[] = [speaksFor.strong(text, source, { see: see.events(last.pod.ref) })];
    clues.push(
      ...throttlingClues(
        metrics,
        here,
        timeouts.map(({ event }) => ({ fromMs: event.firstMs, toMs: event.lastMs })),
      ),
    );
    const readiness = probeFailures({ state: "present", value: events }, here).filter(
      (f) => f.kind === "readiness",
    );
    const isStill = readiness.every((f) => f.event.lastMs <= last.event.lastMs + recentMs);
    const isUp = here.every((p) => p.containers.every((c) => c.waiting === undefined));
    const isDead = isStill && isUp && here.every((p) => !p.ready);
    if (isDead) clues.push(speaksFor.strong("no pod is ready now", "Pods .status.conditions[Ready]"));
    const bursts = failuresOf(traffic, "no-endpoint");
    const isDuring = (r: LoggedRequest): boolean =>
      timeouts.some(
        (f) => r.endMs >= f.event.firstMs - reachMs(f) && (isDead || r.endMs <= f.event.lastMs + reachMs(f)),
      );
    const during = bursts.filter(isDuring);
    if (during.length > 0)
      clues.push(
        speaksFor.strong(
          `${during.length} requests found no endpoint while the probes timed out`,
          "gateway log against events",
          { group: "bursts" },
        ),
      );
    if (!isDead && during.length === 0)
      return undecided(
        `${text}; other pods stayed ready`,
        see.list("endpointslices", last.pod.ref.namespace),
        clues,
      );
    const restarts = here.reduce((sum, p) => sum + p.containers.reduce((n, c) => n + c.restarts, 0), 0);
    if (restarts === 0)
      clues.push(
        speaksFor.weak(
          "no container restarted: the application is slow, not dead",
          "Pods .status.containerStatuses",
        ),
      );
    const owner = ownerOf(last.pod);
    const container = last.probe?.container ?? last.event.container ?? "APP";
    const body = {
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: container,
                readinessProbe: { timeoutSeconds: Math.max(3, ((timing?.timeoutMs ?? 1000) / 1000) * 3) },
              },
            ],
          },
        },
      },
    };
    return {
      state: "supported",
      subject: owner,
      clues,
      explains: (request, attempt) => ofClass("no-endpoint")(request, attempt) && isDuring(request),
      fixes: [
        {
          title: `Give the readiness probe of ${refText(owner)} more time (timeoutSeconds ${Math.max(3, ((timing?.timeoutMs ?? 1000) / 1000) * 3)}) and a cheap path; then look at what makes the application slow`,
          applicability: "unsafe",
          commands: [see.patch(owner, "strategic", body)],
          patch: { object: owner, type: "strategic", body },
          effect: "replaces the pods",
        },
      ],
    };
  },
});

/** From the first late answer to the pod leaving the endpoints, and back again. */
const reachMs = (f: ProbeFailure): number =>
  f.probe === undefined ? 40_000 : probeTiming(f.probe.probe).reactionMs + 10_000;

const isTimeout = (f: ProbeFailure): boolean =>
  f.how === "timeout" || (f.how === "exec" && /timed? ?out/i.test(f.event.message));
