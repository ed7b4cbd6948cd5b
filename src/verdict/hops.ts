import type { Hop } from "../causes/define-cause.ts";
import type { Observations } from "../derive/observations.ts";
import type { Route } from "../derive/views.ts";
import type { ObjectRef } from "../evidence/object-ref.ts";
import type { HopReport } from "../report/report.ts";
import type { Chain } from "./chain.ts";

/** The way of the request, hop by hop, with the hop of the best verdict marked broken. */
export function hopsOf(route: Route, facts: Observations, best: Chain | undefined): HopReport[] {
  const hops: HopReport[] = [
    gatewayHop(route, facts),
    ...ruleHop(route),
    serviceHop(facts, route),
    endpointsHop(facts),
    ...podHop(facts),
  ];
  if (best === undefined) return hops;
  const broken = best.root;
  const marked = new Set<Hop>(ownLinks(best).map((l) => l.cause.hop));
  const shown = hops.map((hop): HopReport => {
    if (hop.hop === broken.cause.hop)
      return { ...hop, state: "broken", object: hop.object ?? broken.subject };
    return marked.has(hop.hop as Hop) && hop.state === "ok" ? { ...hop, state: "suspect" } : hop;
  });
  if (shown.some((h) => h.state === "broken" && h.hop === broken.cause.hop)) return shown;
  const extra: HopReport = {
    hop: broken.cause.hop,
    object: broken.subject,
    state: "broken",
    note: broken.cause.title,
  };
  return ["client", "dns", "cdn", "load-balancer"].includes(broken.cause.hop)
    ? [extra, ...shown]
    : [...shown, extra];
}

/** The links about this route; behind a followed dependency they are about another Service. */
function ownLinks({ links }: Chain): Chain["links"] {
  const leaves = links.findIndex((l) => l.follow !== undefined);
  return leaves < 0 ? links : links.slice(0, leaves + 1);
}

function gatewayHop(route: Route, facts: Observations): HopReport {
  const { gateway } = facts;
  const name = route.gatewayKind === "unknown" ? "gateway" : route.gatewayKind;
  if (gateway.state !== "present") {
    const note = gateway.state === "unknown" ? `${name}; its pods could not be read` : gateway.why;
    return { hop: "gateway", state: gateway.state === "unknown" ? "unknown" : "suspect", note };
  }
  const { pods, workload, classProblem } = gateway.value;
  const ready = pods.filter((p) => p.ready).length;
  const note = classProblem ?? (pods.length === 0 ? name : `${name}, ${ready} of ${pods.length} pods ready`);
  const isFine = classProblem === undefined && (pods.length === 0 || ready > 0);
  return {
    hop: "gateway",
    state: isFine ? "ok" : "suspect",
    note,
    ...(workload === undefined ? {} : { object: workload }),
  };
}

function ruleHop(route: Route): HopReport[] {
  if (route.rule === undefined) return [];
  const note = `${route.host ?? "any host"}${route.path ?? "/"}${route.role === "canary" ? " (canary)" : ""}`;
  return [{ hop: "route", object: route.rule.object, state: "ok", note }];
}

function serviceHop(facts: Observations, route: Route): HopReport {
  const object: ObjectRef = route.backend.service;
  const { service, servicePort: port } = facts;
  if (service.state !== "present") return stateless("service", object, service);
  if (port.state !== "present") return stateless("service", object, port);
  const target = port.value.targetPort ?? port.value.port;
  return { hop: "service", object, state: "ok", note: `port ${port.value.port} → ${target}` };
}

function endpointsHop(facts: Observations): HopReport {
  const { endpoints } = facts;
  if (endpoints.state !== "present") {
    const isUnknown = endpoints.state === "unknown";
    return {
      hop: "endpoints",
      state: isUnknown ? "unknown" : "ok",
      note: isUnknown ? endpoints.reason : endpoints.why,
    };
  }
  const { ready, all } = endpoints.value;
  const note = all.length === 0 ? "none" : `${ready.length} ready of ${all.length}`;
  return { hop: "endpoints", state: ready.length === 0 ? "suspect" : "ok", note };
}

function podHop(facts: Observations): HopReport[] {
  const { pods, workloads } = facts;
  if (pods.state !== "present") {
    return pods.state === "unknown" ? [{ hop: "pod", state: "unknown", note: pods.reason }] : [];
  }
  const ready = pods.value.filter((p) => p.ready).length;
  const owner = workloads.state === "present" ? workloads.value[0]?.ref : undefined;
  const note = pods.value.length === 0 ? "none selected" : `${ready} ready of ${pods.value.length}`;
  return [
    {
      hop: "pod",
      state: ready === 0 ? "suspect" : "ok",
      note,
      ...(owner === undefined ? {} : { object: owner }),
    },
  ];
}

function stateless(
  hop: string,
  object: ObjectRef,
  fact: { state: "absent"; why: string } | { state: "unknown"; reason: string },
): HopReport {
  return fact.state === "absent"
    ? { hop, object, state: "suspect", note: fact.why }
    : { hop, object, state: "unknown", note: fact.reason };
}
