import { items } from "../derive/shape.ts";
import { observe } from "../derive/observe.ts";
import { targetPortOf } from "../derive/pod-ports.ts";
import type { Observations } from "../derive/observations.ts";
import { probesOf } from "../derive/probes.ts";
import type { Gateway, PodView, Route } from "../derive/views.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { refText } from "../evidence/object-ref.ts";
import type { ServiceProbe } from "../report/probe-report.ts";

/** What stands behind the gateway by the objects of the cluster: whom a probe asks, and what is known without asking. */
export interface Inside {
  readonly target: string;
  readonly namespace: string;
  readonly service: ServiceProbe;
  /** Ready endpoints of the Service; absent when they were not read. */
  readonly ready?: number;
  /** Pods that the Service selects; absent when they were not read. */
  readonly selected?: number;
  readonly pods: readonly PodPlan[];
  readonly gatewayPods: readonly PodPlan[];
  /** Pods beyond those that are asked. */
  readonly left: number;
  /** Why a NetworkPolicy stops the gateway's packets. */
  readonly blocked?: string;
  readonly notes: readonly string[];
}

interface PodPlan {
  readonly place: "pod" | "gateway-pod";
  readonly namespace: string;
  readonly name: string;
  readonly port?: number;
  readonly declared: readonly number[];
  readonly isSecure: boolean;
  readonly isReady: boolean;
  /** The kubelet reaches that port at the pod's own address, by its readiness probe. */
  readonly isProbed?: true;
  readonly unasked?: string;
  /** "container app: CrashLoopBackOff, 5 restarts" */
  readonly trouble?: string;
}

const mostPods = 8;
const mostUnready = 3;
const mostGatewayPods = 3;
const mostDeclared = 2;

/** @param isSecure whether the request comes to the gateway over TLS */
export function insideOf(evidence: Evidence, route: Route, isSecure: boolean): Inside {
  const facts = observe(evidence, route);
  const protocol = facts.settings.state === "present" ? facts.settings.value.backendProtocol.value : "HTTP";
  const pods = facts.pods.state === "present" ? facts.pods.value : [];
  const chosen = chosenPods(pods);
  const { endpoints, gateway } = facts;
  return {
    target: route.target,
    namespace: route.namespace,
    service: serviceOf(facts, route),
    ...(endpoints.state === "present" ? { ready: readyOf(facts) } : {}),
    ...(facts.pods.state === "present" ? { selected: pods.length } : {}),
    pods: chosen.map((pod) => podPlan(pod, protocol)),
    gatewayPods: gateway.state === "present" ? gatewayPlans(gateway.value, isSecure) : [],
    left: pods.length - chosen.length,
    ...blockedBy(facts),
    notes: notesOf(route, protocol),
  };
}

const readyOf = ({ endpoints }: Observations): number =>
  endpoints.state === "present" ? endpoints.value.ready.filter((e) => e.port !== undefined).length : 0;

/** Ready ones first, and a few of the others: a fault of one pod shows beside those that are well. */
function chosenPods(pods: readonly PodView[]): readonly PodView[] {
  const staying = pods.filter((pod) => pod.deletedMs === undefined);
  const wanted = staying.length > 0 ? staying : pods;
  const unready = wanted.filter((pod) => !pod.ready).slice(0, mostUnready);
  const ready = wanted.filter((pod) => pod.ready).slice(0, mostPods - unready.length);
  return [...ready, ...unready];
}

function podPlan(pod: PodView, protocol: string): PodPlan {
  const declared = items(pod.spec.containers)
    .flatMap((container) => items(container.ports))
    .filter((p) => (p.protocol ?? "TCP") === "TCP")
    .map((p) => p.containerPort)
    .slice(0, mostDeclared + 1);
  const unasked = unaskedOf(pod, protocol);
  return {
    place: "pod",
    namespace: pod.ref.namespace ?? "default",
    name: pod.ref.name,
    ...(pod.targetPort === undefined ? {} : { port: pod.targetPort }),
    declared: [...new Set(declared)].filter((port) => port !== pod.targetPort).slice(0, mostDeclared),
    isSecure: protocol === "HTTPS",
    isReady: pod.ready,
    ...(pod.ready && isProbedAt(pod) ? { isProbed: true as const } : {}),
    ...(unasked === undefined ? {} : { unasked }),
    ...troubleOf(pod),
  };
}

function troubleOf({ containers }: PodView): { trouble?: string } {
  const stuck = containers.find((c) => c.waiting !== undefined) ?? containers.find((c) => c.restarts > 0);
  if (stuck === undefined) return {};
  const { name, waiting, restarts } = stuck;
  const parts = [
    ...(waiting === undefined ? [] : [waiting.reason]),
    ...(restarts === 0 ? [] : [`${restarts} restart${restarts === 1 ? "" : "s"}`]),
  ];
  return { trouble: `container ${name}: ${parts.join(", ")}` };
}

const isProbedAt = (pod: PodView): boolean =>
  probesOf(pod).some((p) => p.kind === "readiness" && p.type !== "exec" && p.port === pod.targetPort);

function unaskedOf(pod: PodView, protocol: string): string | undefined {
  if (pod.phase !== "Running") {
    const waiting = pod.containers.find((c) => c.waiting !== undefined)?.waiting;
    return `it does not run: ${pod.phase}${waiting === undefined ? "" : `, ${waiting.reason}`}`;
  }
  if (/^(?:GRPC|GRPCS|FCGI|AJP)$/.test(protocol))
    return `the gateway speaks ${protocol} to it, a probe HTTP/1.1`;
  return undefined;
}

/** The gateway's pods on the port that its Service has for the URL's scheme, or on the usual ones. */
function gatewayPlans({ pods, service }: Gateway, isSecure: boolean): readonly PodPlan[] {
  const wanted = isSecure ? 443 : 80;
  const servicePort = items(service?.spec?.ports).find(
    (p) => p.port === wanted || p.name === (isSecure ? "https" : "http"),
  );
  return pods
    .filter((pod) => pod.phase === "Running" && pod.deletedMs === undefined)
    .slice(0, mostGatewayPods)
    .map((pod) => {
      const port =
        servicePort === undefined ? declaredFor(pod, isSecure) : targetPortOf(pod.spec, servicePort)?.port;
      return {
        place: "gateway-pod",
        namespace: pod.ref.namespace ?? "default",
        name: pod.ref.name,
        ...(port === undefined ? { unasked: "which of its ports takes requests is not known" } : { port }),
        declared: [],
        isSecure,
        isReady: pod.ready,
      };
    });
}

const declaredFor = ({ spec }: PodView, isSecure: boolean): number | undefined =>
  items(spec.containers)
    .flatMap((container) => items(container.ports))
    .find(
      (p) =>
        p.name === (isSecure ? "https" : "http") ||
        p.containerPort === (isSecure ? 443 : 80) ||
        p.containerPort === (isSecure ? 8443 : 8080),
    )?.containerPort;

function serviceOf(facts: Observations, route: Route): ServiceProbe {
  const name = refText(route.backend.service);
  const { service, servicePort, endpoints } = facts;
  if (service.state === "absent") return { name, state: "broken", note: `missing: ${service.why}` };
  if (service.state === "unknown") return { name, state: "unknown", note: service.reason };
  if (servicePort.state === "absent") return { name, state: "broken", note: servicePort.why };
  const way =
    servicePort.state === "present"
      ? `${servicePort.value.port} → ${servicePort.value.targetPort ?? servicePort.value.port}, `
      : "";
  if (endpoints.state !== "present") {
    const why = endpoints.state === "absent" ? endpoints.why : endpoints.reason;
    return { name, state: endpoints.state === "absent" ? "ok" : "unknown", note: `${way}${why}` };
  }
  const ready = readyOf(facts);
  const note = `${way}${ready} ready of ${endpoints.value.all.length} endpoint${endpoints.value.all.length === 1 ? "" : "s"}`;
  return { name, state: ready === 0 ? "broken" : "ok", note };
}

function blockedBy({ policies }: Observations): { blocked?: string } {
  if (policies.state !== "present") return {};
  const [first] = policies.value.blocked;
  return first === undefined ? {} : { blocked: first.why };
}

/** A path that the gateway rewrites reaches the pods as another one. */
function notesOf(route: Route, protocol: string): readonly string[] {
  const rewritten = Object.keys(route.rule?.annotations ?? {}).find((key) =>
    /rewrite|strip-?prefix/i.test(key),
  );
  return [
    ...(rewritten === undefined
      ? []
      : [`The gateway rewrites paths (${rewritten}); the pods were asked for the path as it is in the URL.`]),
    ...(protocol === "HTTPS"
      ? ["The pods were asked over TLS, as the gateway does; their certificates were not checked."]
      : []),
  ];
}
