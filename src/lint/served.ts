import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type { Container, Service, ServicePort } from "kubernetes-types/core/v1";
import { recogniseGateway } from "../derive/gateway-pods.ts";
import { targetPortOf } from "../derive/pod-ports.ts";
import { matchesSelector } from "../derive/selectors.ts";
import { items, text } from "../derive/shape.ts";
import type { LadderBackend } from "../derive/timer-ladder.ts";
import { nameOf, namespaceOf } from "../evidence/evidence.ts";
import type { Budget, LintFacts, RouteFacts, ServiceFacts } from "./facts.ts";
import { isFilledIn, type Runnable } from "./runnables.ts";
import { scales } from "./scaled.ts";

/** A workload that a Service selects, with what decides whether requests survive its rollouts. */
export interface ServedWorkload extends Runnable {
  readonly services: readonly ServiceFacts[];
  readonly routes: readonly RouteFacts[];
  /** Requests from outside end here: a route leads to it, or no route was read and it speaks HTTP. */
  readonly isExposed: boolean;
  /** No route was read, and nothing but its Service's ports says that requests from outside end here. */
  readonly isGuess: boolean;
  /** It is itself a gateway: it drains in its own way. */
  readonly isGateway: boolean;
  /** Containers that answer on a port of a Service, with their place in the pod's spec. */
  readonly serving: readonly ServingContainer[];
  /** Fewest pods that are wanted: of the autoscaler when there is one. Undefined for a DaemonSet. */
  readonly replicas?: number;
  readonly autoscalers: readonly HorizontalPodAutoscaler[] | undefined;
  /** PodDisruptionBudgets that select its pods; undefined when they could not be read. */
  readonly budgets: readonly Budget[] | undefined;
}

export interface ServingContainer {
  readonly container: Container;
  readonly index: number;
}

/** Of its pods, what the timers of a route are read from; undefined without a container. */
export function backendOf({
  labels,
  annotations,
  spec,
  serving: [first],
}: ServedWorkload): LadderBackend | undefined {
  return first === undefined ? undefined : { labels, annotations, spec, container: first.container };
}

export function servedWorkloads(
  services: readonly ServiceFacts[],
  routes: readonly RouteFacts[],
  beside: LintFacts["beside"],
  reached: ReadonlySet<string>,
): readonly ServedWorkload[] {
  const servicesOf = new Map<Runnable, ServiceFacts[]>();
  for (const facts of services) {
    for (const runnable of facts.selected) {
      servicesOf.set(runnable, [...(servicesOf.get(runnable) ?? []), facts]);
    }
  }
  const routesTo = Map.groupBy(
    routes.filter((r) => r.service !== undefined),
    (r) => r.service,
  );
  const hasRoutes = routes.length > 0 || reached.size > 0;
  return [...servicesOf].map(([runnable, own]): ServedWorkload => {
    const to = own.flatMap((s) => routesTo.get(s) ?? []);
    const namespace = runnable.ref.namespace ?? "";
    const isGateway = isGatewayTemplate(runnable);
    const autoscalers = beside("horizontalpodautoscalers", namespace)?.filter((hpa) => scales(hpa, runnable));
    const budgets = beside("poddisruptionbudgets", namespace)?.filter(
      (budget) =>
        namespaceOf(budget) === namespace && matchesSelector(runnable.labels, budget.spec?.selector),
    );
    const replicas = wanted(runnable, autoscalers);
    const isReached = own.some(({ ref }) => reached.has(`${ref.namespace}/${ref.name}`));
    const isKnown = to.length > 0 || isGateway || isReached;
    const isHttp = !hasRoutes && own.some((s) => speaksHttp(s.service));
    return {
      ...runnable,
      services: own,
      routes: to,
      isExposed: isKnown || isHttp,
      isGuess: !isKnown && isHttp && !own.some((s) => isOpenToAll(s.service)),
      isGateway,
      serving: servingContainers(runnable, own, to),
      ...(replicas === undefined ? {} : { replicas }),
      autoscalers,
      budgets,
    };
  });
}

const isGatewayTemplate = ({ spec, labels, ref }: Runnable): boolean =>
  isFilledIn(spec) || recogniseGateway({ metadata: { labels: { ...labels }, ...ref }, spec }) !== undefined;

function wanted(
  { ref, workload }: Runnable,
  autoscalers: readonly HorizontalPodAutoscaler[] | undefined,
): number | undefined {
  if (ref.kind === "DaemonSet") return undefined;
  if (autoscalers === undefined) return undefined;
  const [first] = autoscalers;
  if (first !== undefined) return first.spec?.minReplicas ?? 1;
  return workload?.desired ?? 1;
}

const isOpenToAll = ({ spec }: Service): boolean =>
  spec?.type === "LoadBalancer" || spec?.type === "NodePort";

/** Of databases and queues, whose HTTP is for who looks after them: 5672 is RabbitMQ's, 11211 memcached's. */
const storePorts = new Set([2379, 3306, 4222, 5432, 5672, 6379, 9042, 9092, 11211, 26379, 27017]);

/** Called by the API server or by Prometheus, not by users. */
const ofTheCluster = /(^|-)(webhook|exporter|metrics)(-|$)/;

/** By the names and numbers that HTTP servers use; a port for metrics is not for users. */
function speaksHttp(service: Service): boolean {
  if (service.spec?.clusterIP === "None" || ofTheCluster.test(nameOf(service))) return false;
  if (items(service.spec?.ports).some(({ port }) => storePorts.has(port))) return false;
  return items(service.spec?.ports).some((port) => {
    const name = `${text(port.name)} ${text((port as { appProtocol?: string }).appProtocol)}`;
    if (/metric|admin|debug|webhook/i.test(name)) return false;
    return (
      /\b(http|https|web|grpc|h2c)\b/i.test(name) || [80, 443, 8080, 8000, 3000, 5000].includes(port.port)
    );
  });
}

/** The containers that declare a served port; else the first, as nothing says which it is. */
function servingContainers(
  { spec }: Runnable,
  services: readonly ServiceFacts[],
  routes: readonly RouteFacts[],
): ServingContainer[] {
  const routed = routes.flatMap((r) => r.port ?? []);
  const ports: readonly ServicePort[] =
    routed.length > 0 ? routed : services.flatMap((s) => items(s.service.spec?.ports));
  const names = new Set(ports.flatMap((port) => targetPortOf(spec, port)?.container ?? []));
  const all = items(spec.containers).map((container, index) => ({ container, index }));
  const found = all.filter(({ container }) => names.has(container.name));
  return found.length > 0 ? found : all.slice(0, 1);
}
