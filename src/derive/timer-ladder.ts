import type { Container, PodSpec } from "kubernetes-types/core/v1";
import type { Evidence } from "../evidence/evidence.ts";
import type { Observed } from "../evidence/observed.ts";
import { findObject } from "./coverage.ts";
import { items, texts } from "./shape.ts";
import {
  knownTimer,
  type Rung,
  type Timer,
  type TimerInversion,
  type TimerKind,
  type TimerLadder,
  unknownTimer,
} from "./timer.ts";
import { applicationRung } from "./timers-application.ts";
import { gatewayRung } from "./timers-gateway.ts";
import { outsideRungs } from "./timers-outside.ts";
import type { Gateway, GatewaySettings, Route } from "./views.ts";

/** The pods behind a route, as their template says. */
export interface LadderBackend {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  /** The container that answers. */
  readonly container: Container;
}

/** Timers of one route from the outside in, and the neighbours that are in the wrong order. */
export function timerLadder(
  evidence: Evidence,
  route: Route,
  gateway: Observed<Gateway>,
  settings: Observed<GatewaySettings>,
  backend: LadderBackend | undefined,
): TimerLadder {
  const rungs: Rung[] = [
    ...outsideRungs(route, gateway),
    gatewayRung(route, gateway, settings),
    ...(backend === undefined
      ? [unreadApplication]
      : [
          ...meshRung(evidence, route.namespace, backend),
          applicationRung(evidence, route.namespace, backend.container),
        ]),
  ];
  return { rungs, inversions: inversionsOf(rungs) };
}

const unreadApplication: Rung = {
  hop: "application",
  name: "application",
  timers: (["response", "idle-in"] satisfies TimerKind[]).map((kind) =>
    unknownTimer(kind, "the pods behind the route were not read"),
  ),
};

/** Istio's sidecar is an Envoy: connections are kept 1 h, and no time limit stands on a request. */
function meshRung(evidence: Evidence, namespace: string, backend: LadderBackend): readonly Rung[] {
  const { labels, annotations, spec } = backend;
  const has = (name: string): boolean =>
    [...items(spec.containers), ...items(spec.initContainers)].some((c) => c.name === name);
  const key = "sidecar.istio.io/inject";
  const wish = labels[key] ?? annotations[key];
  const own = findObject(evidence, "namespaces", "", namespace);
  const isNamespace = texts(own?.metadata?.labels)["istio-injection"] === "enabled";
  if (has("istio-proxy") || wish === "true" || (isNamespace && wish !== "false")) {
    const note = "default of Istio (VirtualServices and DestinationRules were not read)";
    return [
      {
        hop: "mesh",
        name: "Istio sidecar",
        timers: [
          knownTimer("response", Number.POSITIVE_INFINITY, "default", note, true),
          knownTimer("idle-in", 3_600_000, "default", note, true),
          knownTimer("idle-out", 3_600_000, "default", note, true),
        ],
      },
    ];
  }
  if (has("linkerd-proxy") || annotations["linkerd.io/inject"] === "enabled") {
    const why = "ServiceProfiles and HTTPRoutes of Linkerd were not read";
    return [
      {
        hop: "mesh",
        name: "Linkerd proxy",
        timers: (["response", "idle-out"] satisfies TimerKind[]).map((k) => unknownTimer(k, why)),
      },
    ];
  }
  return [];
}

/**
 * Response timers must shrink from the outside in: who gives up first hides the answer of the hop behind it.
 * Idle timers must grow: the hop that reuses a connection must let go of it before the one that accepted it.
 */
function inversionsOf(rungs: readonly Rung[]): TimerInversion[] {
  // A hop without a limit hides nothing: it is passed over.
  const waits = rungs.flatMap((rung) => timed(rung, "response")).filter((w) => w.timer.state === "known");
  const response = pairs(waits)
    .filter(({ outer, inner }) => limitOf(outer.timer) < limitOf(inner.timer))
    .map((pair): TimerInversion => ({ kind: "response", ...pair }));
  const idle = rungs.flatMap((rung, i): TimerInversion[] => {
    const next = rungs[i + 1];
    const [outer] = timed(rung, "idle-out");
    const [inner] = next === undefined ? [] : timed(next, "idle-in");
    if (outer === undefined || inner === undefined) return [];
    if (inner.timer.state !== "known" || limitOf(inner.timer) > limitOf(outer.timer)) return [];
    return [{ kind: "keep-alive", outer, inner }];
  });
  return [...response, ...idle];
}

interface Timed {
  readonly rung: Rung;
  readonly timer: Timer;
}

const timed = (rung: Rung, kind: TimerKind): Timed[] =>
  rung.timers
    .filter((timer) => timer.kind === kind && (timer.state === "known" || timer.state === "unlimited"))
    .map((timer) => ({ rung, timer }));

const limitOf = (timer: Timer): number => timer.value ?? Number.POSITIVE_INFINITY;

/** Neighbours among those whose timer is known. */
const pairs = (all: readonly Timed[]): { readonly outer: Timed; readonly inner: Timed }[] =>
  all.slice(1).map((inner, i) => ({ outer: all[i] ?? inner, inner }));
