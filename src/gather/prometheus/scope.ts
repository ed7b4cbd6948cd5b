import { deriveGateway } from "../../derive/gateway.ts";
import { observe } from "../../derive/observe.ts";
import { resolveRoutes } from "../../derive/routes.ts";
import type { GatewayKind, PodView, Route, Workload } from "../../derive/views.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { Target } from "../../target/target.ts";
import { escapedPattern } from "./promql.ts";

/** The objects whose numbers are asked for: those of the routes and of their gateways. */
export interface MetricScope {
  readonly namespaces: readonly string[];
  readonly services: readonly string[];
  readonly ingresses: readonly string[];
  /** Patterns of pod names: those there are, and those that their workloads had before. */
  readonly pods: readonly string[];
  readonly autoscalers: readonly string[];
  readonly backends: readonly { readonly namespace: string; readonly name: string }[];
  readonly gatewayKinds: readonly GatewayKind[];
  readonly gatewayPods: readonly string[];
}

/** Of more routes than this the metrics would be those of the cluster. */
const maxBackends = 20;
const maxPods = 40;

/** @returns why nothing can be asked, as a text */
export function metricScope(evidence: Evidence, target: Target): MetricScope | string {
  const { routes } = resolveRoutes(evidence, target);
  if (routes.length === 0) return "no route was found to ask about";
  const backends = new Map(
    routes.map(({ backend: { service } }) => [`${service.namespace}/${service.name}`, service]),
  );
  if (backends.size > maxBackends)
    return `${backends.size} Services are looked at, and metrics are read for at most ${maxBackends}: name a route`;
  const scopes = routes.map((route) => ofRoute(evidence, route));
  const all = (of: (scope: RouteScope) => readonly string[]): string[] =>
    [...new Set(scopes.flatMap(of))].sort();
  return {
    namespaces: [...new Set(routes.map(({ backend }) => backend.service.namespace ?? "default"))].sort(),
    services: [...new Set(routes.map(({ backend }) => backend.service.name))].sort(),
    ingresses: all((s) => s.ingresses),
    pods: all((s) => s.pods).slice(0, maxPods),
    autoscalers: all((s) => s.autoscalers),
    backends: [...backends.values()].map(({ namespace = "default", name }) => ({ namespace, name })),
    gatewayKinds: [...new Set(routes.map((r) => r.gatewayKind))].sort(),
    gatewayPods: all((s) => s.gatewayPods).slice(0, maxPods),
  };
}

type RouteScope = Pick<MetricScope, "ingresses" | "pods" | "autoscalers" | "gatewayPods">;

function ofRoute(evidence: Evidence, route: Route): RouteScope {
  const facts = observe(evidence, route);
  const gateway = deriveGateway(evidence, route);
  const pods = facts.pods.state === "present" ? facts.pods.value : [];
  const workloads = facts.workloads.state === "present" ? facts.workloads.value : [];
  const scalers = facts.autoscalers.state === "present" ? facts.autoscalers.value : [];
  const own = workloads.filter(({ relation }) => relation !== "named-alike");
  return {
    ingresses: route.rule?.object.kind === "Ingress" ? [route.rule.object.name] : [],
    pods: [
      ...own.flatMap(patternOf),
      ...pods.filter((pod) => !isOf(pod, own)).map((p) => escapedPattern(p.ref.name)),
    ],
    autoscalers: scalers.map((s) => s.ref.name),
    gatewayPods: gateway.state === "present" ? gateway.value.pods.map((p) => p.ref.name) : [],
  };
}

const isOf = ({ owner }: PodView, workloads: readonly Workload[]): boolean =>
  workloads.some(({ ref }) => ref.kind === owner?.kind && ref.name === owner.name);

/** Names of pods that a workload makes: kubernetes/kubernetes pkg/controller/{deployment,statefulset,daemon}, and five random characters of apiserver pkg/storage/names. */
function patternOf({ ref }: Workload): string[] {
  const name = escapedPattern(ref.name);
  switch (ref.kind) {
    case "Deployment":
    case "Rollout":
      return [`${name}-[a-z0-9]+-[a-z0-9]{5}`];
    case "StatefulSet":
      return [`${name}-[0-9]+`];
    default:
      return [`${name}-[a-z0-9]{5}`];
  }
}
