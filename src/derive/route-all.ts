import type { Service } from "kubernetes-types/core/v1";
import { type Evidence, list, nameOf, namespaceOf } from "../evidence/evidence.ts";
import type { AllRoutes } from "../target/target.ts";
import { objectsOf } from "./coverage.ts";
import { gatewayPods } from "./gateway-processes.ts";
import { routeOf } from "./ingress-claims.ts";
import { winningClaims } from "./ingress-match.ts";
import { distinctRoutes, ingressesUnread, serviceRoute, unreadNote } from "./route-list.ts";
import type { ResolvedRoutes } from "./routes.ts";
import { ruleSets } from "./rule-sets.ts";
import { serviceSelector, serviceSelects } from "./selectors.ts";
import { compareText, texts } from "./shape.ts";
import type { Route } from "./views.ts";

/** Every rule of every Ingress in scope, then every Service with a selector that no rule names. */
export function resolveAll(evidence: Evidence, target: AllRoutes): ResolvedRoutes {
  const inScope = (namespace: string): boolean =>
    target.namespace === undefined || namespace === target.namespace;
  const rules = ruleSets(evidence)
    .flatMap((set) => winningClaims(set).filter((c) => inScope(namespaceOf(c.ingress))))
    .map((claim) => routeOf(claim));
  const named = new Set(rules.map((r) => `${r.namespace}/${r.backend.service.name}`));
  const services = objectsOf(evidence, "services").filter(
    (s) =>
      inScope(namespaceOf(s)) && !named.has(`${namespaceOf(s)}/${nameOf(s)}`) && isAsked(evidence, s, target),
  );
  const routes = [...distinctRoutes(rules).sort(byTarget), ...services.map(serviceRoute)];
  const message = whatIsMissing(evidence, target, routes);
  return message === undefined ? { routes } : { routes, problem: { message, near: [] } };
}

/** Namespaces of the cluster's own components: looked at only when asked for by name. */
const systemNamespace = /^(kube-.*|openshift(-.*)?|.*-system|ingress-nginx|cert-manager|tigera-operator)$/;

function isAsked(evidence: Evidence, service: Service, target: AllRoutes): boolean {
  if (serviceSelector(service) === undefined || service.spec?.type === "ExternalName") return false;
  if (target.namespace !== undefined) return true;
  return !systemNamespace.test(namespaceOf(service)) && !selectsGateway(evidence, service);
}

/** The Service in front of a gateway carries every route; it is none itself. */
function selectsGateway(evidence: Evidence, service: Service): boolean {
  return gatewayPods(evidence).some(
    ({ pod }) =>
      namespaceOf(pod) === namespaceOf(service) && serviceSelects(service, texts(pod.metadata?.labels)),
  );
}

function whatIsMissing(evidence: Evidence, target: AllRoutes, routes: readonly Route[]): string | undefined {
  const unread = ingressesUnread(evidence, target.namespace);
  const note = `${unreadNote(evidence, "ingresses")}${unreadNote(evidence, "services")}`;
  const where = target.namespace === undefined ? "" : ` in namespace ${target.namespace}`;
  if (routes.length === 0) {
    if (unread === undefined) return `no Ingress and no Service with a selector${where}${note}.`;
    const services = list(evidence, "services", target.namespace);
    return `nothing to look at${where}: Ingresses: ${unread}${services.state === "unknown" ? `; Services: ${services.reason}` : ""}.`;
  }
  if (unread !== undefined) return `Ingresses were not read (${unread}): only Services are looked at.`;
  return note === "" ? undefined : `part of the cluster was not read:${note}`;
}

const byTarget = (a: Route, b: Route): number =>
  compareText(a.namespace, b.namespace) ||
  compareText(a.target, b.target) ||
  compareText(a.role === "canary" ? "1" : "0", b.role === "canary" ? "1" : "0") ||
  compareText(a.backend.service.name, b.backend.service.name);
