import type { IngressClass } from "kubernetes-types/networking/v1";
import { type Evidence, get, list, nameOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref, refText, sameRef } from "../evidence/object-ref.ts";
import { absent, type Observed, present, unknown } from "../evidence/observed.ts";
import { objectsOf } from "./coverage.ts";
import { claims, type WantedClass, watches } from "./gateway-claims.ts";
import { gatewayConfig, gatewayService } from "./gateway-config.ts";
import { kindOfController } from "./gateway-kind.ts";
import { type GatewayPod, hasKnownPods, hasNoPods } from "./gateway-pods.ts";
import { gatewayPods } from "./gateway-processes.ts";
import { nearestNames } from "./near-names.ts";
import { podView } from "./pods.ts";
import { readEverywhere, unreadReason } from "./read-everywhere.ts";
import { compareText, maybe } from "./shape.ts";
import type { Gateway, GatewayKind, Route } from "./views.ts";

/**
 * The gateway that serves the route: its IngressClass, its pods, its configuration. Unknown when
 * its pods were not read; a class that certainly does not exist or that no controller claims is
 * `classProblem`, and the pods are then those of the only gateway there is, if there is just one.
 */
export function deriveGateway(evidence: Evidence, route: Route): Observed<Gateway> {
  if (route.rule === undefined && route.className === undefined) {
    return absent(`no Ingress rule leads to ${refText(route.backend.service)}`);
  }
  const found = findClass(evidence, route);
  const candidates = gatewayPods(evidence);
  const answers = candidates.map((gateway) => ({ gateway, claim: claims(gateway, found.wanted) }));
  const claiming = found.problem === undefined ? pick(answers, found, route) : [];
  const serving = claiming.filter((g) => watches(evidence, g, route).match !== "no");
  const kind = kindOf(found, route, serving[0] ?? claiming[0]);
  if (serving.length > 0 || hasNoPods(kind)) {
    return present(view(evidence, kind, found, serving, found.problem));
  }
  const problem = found.problem ?? unclaimed(evidence, route, found, kind, claiming);
  if (problem === undefined) {
    return unknown("gateway", unreadReason(evidence, "pods", "the gateway's pods were not read"));
  }
  return present(view(evidence, kind, found, onlyGateway(evidence, candidates, kind), problem));
}

interface FoundClass {
  readonly wanted: WantedClass;
  readonly object?: IngressClass;
  readonly controllerKind?: GatewayKind;
  readonly problem?: string;
}

/** An annotation's class needs no IngressClass object; a class in the spec does. */
function findClass(evidence: Evidence, route: Route): FoundClass {
  const { className } = route;
  if (className === undefined) return { wanted: {} };
  const looked = get(evidence, "ingressclasses", className.name);
  if (looked.state === "present") {
    const controller = looked.value.spec?.controller ?? "";
    return {
      wanted: { ...className, controller },
      object: looked.value,
      controllerKind: kindOfController(controller),
    };
  }
  if (looked.state === "unknown" || className.from === "annotation") return { wanted: className };
  const near = nearestNames(className.name, objectsOf(evidence, "ingressclasses").map(nameOf));
  const hint = near.length === 0 ? "" : `; there is ${near.join(", ")}`;
  return { wanted: className, problem: `no IngressClass "${className.name}"${hint}` };
}

/** Those that claim the class; when the class could not be read, those of the kind the route points to. */
function pick(
  answers: readonly { readonly gateway: GatewayPod; readonly claim: "yes" | "no" | "unknown" }[],
  found: FoundClass,
  route: Route,
): readonly GatewayPod[] {
  const fits = (kind: GatewayKind): boolean => {
    const wanted = found.controllerKind ?? route.gatewayKind;
    return wanted === "other" || wanted === "unknown" || wanted === kind;
  };
  const sure = answers.filter((a) => a.claim === "yes").map((a) => a.gateway);
  const byKind = sure.filter((g) => fits(g.kind));
  // A controller class of one's own says no kind; the pod that names it in a flag does.
  const claimed = byKind.length > 0 ? byKind : sure.filter((g) => g.flags.has("controller-class"));
  if (claimed.length > 0) return claimed;
  const maybe = answers.filter((a) => a.claim === "unknown" && fits(a.gateway.kind)).map((a) => a.gateway);
  return new Set(maybe.map((g) => g.kind)).size === 1 ? maybe : [];
}

function kindOf(found: FoundClass, route: Route, gateway: GatewayPod | undefined): GatewayKind {
  if (gateway !== undefined) return gateway.kind;
  return found.controllerKind ?? route.gatewayKind;
}

/** Why no controller serves the route; undefined when what was read cannot tell. */
function unclaimed(
  evidence: Evidence,
  route: Route,
  found: FoundClass,
  kind: GatewayKind,
  claiming: readonly GatewayPod[],
): string | undefined {
  if (!readEverywhere(evidence, "pods")) return undefined;
  const [first] = claiming;
  if (first !== undefined) {
    const only = watches(evidence, first, route).only;
    return `the controller ${nameOf(first.pod)} watches only ${only}, not namespace ${route.namespace}`;
  }
  const rule = route.rule === undefined ? "the route" : refText(route.rule.object);
  if (found.wanted.name === undefined) {
    if (list(evidence, "ingressclasses").state !== "present") return undefined;
    return `${rule} names no class, no IngressClass is the default, and no controller takes Ingresses without a class`;
  }
  if (!hasKnownPods(kind)) return undefined;
  const controller = found.wanted.controller === undefined ? "" : ` (controller ${found.wanted.controller})`;
  return `no running controller claims class "${found.wanted.name}"${controller}`;
}

function onlyGateway(
  evidence: Evidence,
  candidates: readonly GatewayPod[],
  kind: GatewayKind,
): readonly GatewayPod[] {
  const known = kind === "unknown" || kind === "other";
  const alike = candidates.filter((g) => known || g.kind === kind);
  return workloadsOf(evidence, alike).length === 1 ? alike : [];
}

function workloadsOf(evidence: Evidence, gateways: readonly GatewayPod[]): readonly ObjectRef[] {
  const owners: ObjectRef[] = [];
  for (const gateway of gateways) {
    const view = podView(evidence, gateway.pod);
    const owner = view.owner ?? view.ref;
    if (!owners.some((o) => sameRef(o, owner))) owners.push(owner);
  }
  return owners;
}

function view(
  evidence: Evidence,
  kind: GatewayKind,
  found: FoundClass,
  gateways: readonly GatewayPod[],
  problem: string | undefined,
): Gateway {
  const [first] = gateways;
  const owners = workloadsOf(evidence, gateways);
  const own = found.object === undefined ? undefined : nameOf(found.object);
  return {
    kind: first?.kind ?? kind,
    ...maybe("controller", found.wanted.controller),
    ...(own === undefined ? {} : { classObject: ref("IngressClass", own) }),
    ...maybe("classProblem", problem),
    pods: gateways.map((g) => podView(evidence, g.pod)),
    ...maybe("workload", owners[0]),
    workloads: owners,
    ...(first === undefined ? {} : gatewayConfig(evidence, first)),
    args: first?.args ?? [],
    ...(first === undefined ? {} : maybe("service", gatewayService(evidence, first))),
    otherClasses: otherClasses(evidence, own),
  };
}

function otherClasses(evidence: Evidence, own: string | undefined): Gateway["otherClasses"] {
  return objectsOf(evidence, "ingressclasses")
    .filter((c) => nameOf(c) !== own)
    .map((c) => ({
      name: nameOf(c),
      controller: c.spec?.controller ?? "",
      isDefault: c.metadata?.annotations?.["ingressclass.kubernetes.io/is-default-class"] === "true",
    }))
    .sort((a, b) => compareText(a.name, b.name));
}
