import type { Service, ServicePort } from "kubernetes-types/core/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import { objectsOf, readWhole } from "../derive/coverage.ts";
import { deriveGateway } from "../derive/gateway.ts";
import { gatewayPods } from "../derive/gateway-processes.ts";
import { routeOf } from "../derive/ingress-claims.ts";
import { ruleSets } from "../derive/rule-sets.ts";
import { items } from "../derive/shape.ts";
import { matchServicePort } from "../derive/service-port.ts";
import { deriveSettings } from "../derive/settings.ts";
import type { Gateway, GatewaySettings, Route } from "../derive/views.ts";
import { type Evidence, nameOf, namespaceOf } from "../evidence/evidence.ts";
import type { KindMap, Resource } from "../evidence/kinds.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import type { Observed } from "../evidence/observed.ts";
import { type Runnable, runnables, selectedBy } from "./runnables.ts";
import { type ServedWorkload, servedWorkloads } from "./served.ts";

/** What every rule reads. Built once; the costly parts when they are first asked for. */
export interface LintFacts {
  readonly evidence: Evidence;
  /** Whether every object of the kind was read, so that finding none means there is none. Never of manifests. */
  readonly isWhole: (resource: Resource, namespace: string) => boolean;
  /** The objects of a kind beside a workload; undefined when some could not be read. */
  readonly beside: <R extends Resource>(resource: R, namespace: string) => readonly KindMap[R][] | undefined;
  readonly routes: readonly RouteFacts[];
  readonly services: readonly ServiceFacts[];
  /** Workloads that a Service selects. */
  readonly workloads: readonly ServedWorkload[];
  /** Everything that runs pods. */
  readonly runnables: readonly Runnable[];
}

export interface RouteFacts {
  readonly route: Route;
  readonly object: ObjectRef;
  readonly service?: ServiceFacts;
  /** Of the Service, the port that the rule means; absent when it has none such. */
  readonly port?: ServicePort;
  readonly gateway: () => Observed<Gateway>;
  readonly settings: () => Observed<GatewaySettings>;
}

export interface ServiceFacts {
  readonly service: Service;
  readonly ref: ObjectRef;
  readonly selected: readonly Runnable[];
}

/**
 * Whether requests are meant for a port of a Service: a route leads to it, or it is the only one. A Service of several
 * often names one that is switched off, or that is for metrics.
 */
export const isMeantForRequests = (
  { routes }: LintFacts,
  { service }: ServiceFacts,
  port: ServicePort,
): boolean =>
  items(service.spec?.ports).length === 1 ||
  routes.some((r) => r.service?.service === service && r.port === port);

export type Budget = PodDisruptionBudget;

/** `reached`: Services that a route leads to that is not among the evidence. */
export function lintFacts(evidence: Evidence, reached: ReadonlySet<string> = new Set()): LintFacts {
  const isOpen = evidence.source.kind === "files";
  const all = runnables(evidence);
  const selecting = selectedBy(all);
  const services = objectsOf(evidence, "services").map((service): ServiceFacts => {
    const namespace = namespaceOf(service);
    return { service, ref: ref("Service", nameOf(service), namespace), selected: selecting(service) };
  });
  const byName = new Map(services.map((s) => [`${s.ref.namespace}/${s.ref.name}`, s]));
  const routes = routesOf(evidence, byName);
  const grouped = new Map<Resource, ReadonlyMap<string, readonly KindMap[Resource][]>>();
  const inNamespace = <R extends Resource>(resource: R, namespace: string): readonly KindMap[R][] => {
    const known = grouped.get(resource) ?? Map.groupBy(objectsOf(evidence, resource), namespaceOf);
    grouped.set(resource, known);
    return (known.get(namespace) ?? []) as readonly KindMap[R][];
  };
  const beside: LintFacts["beside"] = (resource, namespace) => {
    const here = inNamespace(resource, namespace);
    if (!isOpen) return readWhole(evidence, resource, namespace) ? here : undefined;
    const entries = evidence.coverage.filter((c) => c.resource === resource);
    return entries.some((c) => c.extent === "failed") ? undefined : here;
  };
  return {
    evidence,
    isWhole: (resource, namespace) => !isOpen && readWhole(evidence, resource, namespace),
    beside,
    routes,
    services,
    runnables: all,
    workloads: servedWorkloads(services, routes, beside, reached),
  };
}

/** With these a gateway serves some namespaces only; without, all routes of one class have the same one. */
const scopeFlags = [
  "watch-namespace",
  "watch-namespace-selector",
  "namespace-whitelist",
  "providers.kubernetesingress.namespaces",
];

/** Every host and path that an Ingress claims, those that an older Ingress has taken too. */
function routesOf(evidence: Evidence, services: ReadonlyMap<string, ServiceFacts>): RouteFacts[] {
  const gateways = new Map<string, Observed<Gateway>>();
  const isScoped = gatewayPods(evidence).some(({ flags }) => scopeFlags.some((flag) => flags.has(flag)));
  return ruleSets(evidence)
    .flatMap((set) => set.claims)
    .map((claim): RouteFacts => {
      const route = routeOf(claim);
      const object = ref("Ingress", nameOf(claim.ingress), namespaceOf(claim.ingress));
      const service = services.get(`${route.namespace}/${route.backend.service.name}`);
      const port = service === undefined ? undefined : matchServicePort(service.service, route)?.port;
      let settings: Observed<GatewaySettings> | undefined;
      const gateway = (): Observed<Gateway> => {
        const key = JSON.stringify([
          route.className,
          route.gatewayKind,
          isScoped ? route.namespace : "",
          route.className === undefined ? object.name : "",
        ]);
        const known = gateways.get(key) ?? deriveGateway(evidence, route);
        gateways.set(key, known);
        return known;
      };
      return {
        route,
        object,
        ...(service === undefined ? {} : { service }),
        ...(port === undefined ? {} : { port }),
        gateway,
        settings: () => (settings ??= deriveSettings(evidence, route, gateway())),
      };
    });
}
