import type { Evidence } from "../evidence/evidence.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { deriveAppLog } from "./app-log.ts";
import { deriveAttemptStates } from "./attempt-states.ts";
import { deriveAutoscalers } from "./autoscalers.ts";
import { deriveBudgets } from "./budgets.ts";
import { deriveClaims } from "./claims.ts";
import { deriveDeparted } from "./departed.ts";
import { deriveDependencies } from "./dependencies.ts";
import { deriveDns } from "./dns.ts";
import { deriveEndpoints } from "./endpoints.ts";
import { deriveEvents } from "./events.ts";
import { deriveGateway } from "./gateway.ts";
import { deriveMetrics } from "./metrics.ts";
import { deriveNodes } from "./nodes.ts";
import type { Observations } from "./observations.ts";
import { derivePatterns } from "./patterns.ts";
import { deriveNeighbours, derivePods } from "./pods.ts";
import { derivePolicies } from "./policies.ts";
import { deriveQuotas } from "./quotas.ts";
import { deriveService, deriveServicePort, deriveServices } from "./service-port.ts";
import { deriveSettings } from "./settings.ts";
import { deriveGatewayLog, deriveGatewayTraffic, deriveTraffic } from "./traffic.ts";
import type { FactName, Facts, Route } from "./views.ts";
import { deriveWorkloads } from "./workloads.ts";

type Derivations = { readonly [F in FactName]: () => Observed<Facts[F]> };

/**
 * Every fact about one route. A fact is derived when it is first asked for, and once; those in `given` are
 * taken as they are.
 */
export function observe(evidence: Evidence, route: Route, given: Partial<Observations> = {}): Observations {
  const facts: Observations = lazily({
    route: () => present(route),
    gateway: () => deriveGateway(evidence, route),
    settings: () => deriveSettings(evidence, route, facts.gateway),
    service: () => deriveService(evidence, route),
    servicePort: () => deriveServicePort(facts.service, route),
    endpoints: () => deriveEndpoints(evidence, route, facts.service, facts.servicePort),
    pods: () => derivePods(evidence, route, facts.service, facts.servicePort, facts.endpoints),
    neighbours: () => deriveNeighbours(evidence, route, facts.pods),
    departed: () => deriveDeparted(evidence, route, facts.pods, facts.workloads),
    workloads: () => deriveWorkloads(evidence, route, facts.service, facts.pods),
    events: () => deriveEvents(evidence, route),
    traffic: () =>
      deriveTraffic(evidence, route, facts.service, facts.gateway, facts.settings, () => facts.endpoints),
    patterns: () => derivePatterns(facts.traffic, facts),
    attemptStates: () => deriveAttemptStates(facts.traffic, facts),
    gatewayTraffic: () => deriveGatewayTraffic(evidence),
    gatewayLog: () => deriveGatewayLog(evidence),
    appLog: () => deriveAppLog(evidence, route, facts.pods, facts.departed),
    policies: () => derivePolicies(evidence, route, facts.pods, facts.gateway),
    nodes: () => deriveNodes(evidence, route, facts.pods),
    autoscalers: () => deriveAutoscalers(evidence, route, facts.workloads),
    metrics: () => deriveMetrics(evidence, route),
    budgets: () => deriveBudgets(evidence, route, facts.pods),
    quotas: () => deriveQuotas(evidence, route),
    claims: () => deriveClaims(evidence, route, facts.pods),
    dns: () => deriveDns(evidence, route),
    dependencies: () => deriveDependencies(evidence, route, facts.pods, facts.appLog),
    services: () => deriveServices(evidence, route),
    ...asDerivations(given),
  });
  return facts;
}

const asDerivations = (given: Partial<Observations>): Partial<Derivations> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, () => value]));

function lazily(derivations: Derivations): Observations {
  const facts = {};
  for (const [name, derive] of Object.entries(derivations)) {
    let value: unknown;
    const get = (): unknown => (value ??= derive());
    Object.defineProperty(facts, name, { get, enumerable: true });
  }
  return facts as Observations;
}
