import type { Container, Probe } from "kubernetes-types/core/v1";
import { items } from "./shape.ts";
import type { PodView, ProbeView } from "./views.ts";

/** What the API server fills in: kubernetes/kubernetes pkg/apis/core/v1/defaults.go. */
const probeDefaults = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
} as const;

export interface ProbeTiming {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
  /** Longest time from the first failing check to the kubelet acting on it. */
  readonly reactionMs: number;
}

/** Every probe of a pod's main and sidecar containers, in order of container, then startup, readiness, liveness. */
export function probesOf(pod: PodView): readonly ProbeView[] {
  return pod.containers
    .filter((c) => c.role !== "init")
    .flatMap((c) => [
      ...viewOf(c.spec, "startup", c.spec.startupProbe),
      ...viewOf(c.spec, "readiness", c.spec.readinessProbe),
      ...viewOf(c.spec, "liveness", c.spec.livenessProbe),
    ]);
}

/** A probe's numbers with the defaults filled in; a zero means the default, as in the API. */
export function probeTiming(probe: Probe): ProbeTiming {
  const periodMs = (probe.periodSeconds || probeDefaults.periodSeconds) * 1000;
  const timeoutMs = (probe.timeoutSeconds || probeDefaults.timeoutSeconds) * 1000;
  const failureThreshold = probe.failureThreshold || probeDefaults.failureThreshold;
  return {
    initialDelayMs: (probe.initialDelaySeconds ?? probeDefaults.initialDelaySeconds) * 1000,
    periodMs,
    timeoutMs,
    successThreshold: probe.successThreshold || probeDefaults.successThreshold,
    failureThreshold,
    reactionMs: failureThreshold * periodMs + timeoutMs,
  };
}

function viewOf(
  container: Container,
  kind: ProbeView["kind"],
  probe: Probe | undefined,
): readonly ProbeView[] {
  if (typeof probe !== "object" || probe === null) return [];
  const type = typeOf(probe);
  const port = portOf(container, probe);
  return [{ container: container.name, kind, probe, type, ...(port === undefined ? {} : { port }) }];
}

function typeOf(probe: Probe): ProbeView["type"] {
  if (probe.httpGet) return "http";
  if (probe.tcpSocket) return "tcp";
  return probe.grpc ? "grpc" : "exec";
}

/**
 * The kubelet looks a named port up in the probed container only, and reads digits in a string
 * as a number: kubernetes/kubernetes pkg/probe/util.go.
 */
function portOf(container: Container, probe: Probe): number | undefined {
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port;
  if (typeof port !== "string") return typeof port === "number" ? port : undefined;
  const named = items(container.ports).find((p) => p.name === port)?.containerPort;
  if (named !== undefined) return named;
  return /^\d{1,5}$/.test(port) ? Number(port) : undefined;
}
