import type { Ingress, IngressClass } from "kubernetes-types/networking/v1";
import { type Evidence, list, nameOf } from "../evidence/evidence.ts";
import { findObject, objectsOf } from "./coverage.ts";
import { kindOfAnnotations, kindOfClassName, kindOfController } from "./gateway-kind.ts";
import { gatewayProcesses } from "./gateway-processes.ts";
import { compareText, texts, timeMs } from "./shape.ts";
import type { GatewayKind, Route } from "./views.ts";

/** Which controller answers for an Ingress, as far as classes, annotations and command lines say. */
export interface ClassAssignment {
  readonly kind: GatewayKind;
  readonly className?: NonNullable<Route["className"]>;
  /** Ingresses with the same key are merged into one set of hosts by one controller. */
  readonly controller: string;
  /** False when nothing in the cluster would take this Ingress. */
  readonly taken: boolean;
}

const legacyAnnotation = "kubernetes.io/ingress.class";
const defaultAnnotation = "ingressclass.kubernetes.io/is-default-class";

/**
 * `.spec.ingressClassName`, else the legacy annotation, else the default class (which the API
 * server writes into new Ingresses), else a controller that takes Ingresses without a class.
 * Order as kubernetes/ingress-nginx internal/ingress/controller/store `GetIngressClass`.
 */
export function assignClass(evidence: Evidence, ingress: Ingress): ClassAssignment {
  const named = ingress.spec?.ingressClassName;
  if (typeof named === "string" && named !== "") return bySpec(evidence, named);
  const legacy = texts(ingress.metadata?.annotations)[legacyAnnotation];
  if (legacy !== undefined && legacy !== "") return byAnnotation(evidence, legacy);
  const standard = defaultClass(evidence);
  if (standard !== undefined) return ofClass(standard, "default-class");
  return withoutClass(evidence, ingress);
}

function ofClass(found: IngressClass, from: NonNullable<Route["className"]>["from"]): ClassAssignment {
  const controller = found.spec?.controller ?? "";
  const kind = controller === "" ? kindOfClassName(nameOf(found)) : kindOfController(controller);
  return { kind, className: { name: nameOf(found), from }, controller, taken: true };
}

/** A class that does not exist is served by nobody; when classes were not read it is taken on trust. */
function bySpec(evidence: Evidence, name: string): ClassAssignment {
  const found = findObject(evidence, "ingressclasses", "", name);
  if (found !== undefined) return ofClass(found, "spec");
  const known = list(evidence, "ingressclasses").state === "present";
  return { ...guess(evidence, name), className: { name, from: "spec" }, taken: !known };
}

function byAnnotation(evidence: Evidence, name: string): ClassAssignment {
  const className = { name, from: "annotation" } as const;
  const nginx = gatewayProcesses(evidence).filter((p) => p.kind === "ingress-nginx");
  const answering = nginx.find((p) => p.annotationClass === name);
  if (answering?.controllerClass !== undefined) {
    return { kind: "ingress-nginx", className, controller: answering.controllerClass, taken: true };
  }
  const found = findObject(evidence, "ingressclasses", "", name);
  if (found !== undefined) return ofClass(found, "annotation");
  const assumed = guess(evidence, name);
  return { ...assumed, className, taken: assumed.kind !== "ingress-nginx" || nginx.length === 0 };
}

/** By the class's usual name; it joins the controller of that kind when the cluster has one. */
function guess(evidence: Evidence, name: string): { kind: GatewayKind; controller: string } {
  const kind = kindOfClassName(name);
  const classes = objectsOf(evidence, "ingressclasses");
  const same = classes.find((c) => kindOfController(c.spec?.controller ?? "") === kind);
  return { kind, controller: same?.spec?.controller ?? `class ${name}` };
}

/** With several defaults the newest counts, as the API server's DefaultIngressClass plugin does. */
function defaultClass(evidence: Evidence): IngressClass | undefined {
  return objectsOf(evidence, "ingressclasses")
    .filter((c) => texts(c.metadata?.annotations)[defaultAnnotation] === "true")
    .toSorted((a, b) => createdMs(b) - createdMs(a) || compareText(nameOf(a), nameOf(b)))[0];
}

const createdMs = (found: IngressClass): number => timeMs(found.metadata?.creationTimestamp) ?? 0;

/** Kinds that leave an Ingress without a class alone unless they are told to take it. */
const strict: readonly GatewayKind[] = ["ingress-nginx", "nginx-ingress", "haproxy", "aws-lbc", "kong"];

function withoutClass(evidence: Evidence, ingress: Ingress): ClassAssignment {
  const processes = gatewayProcesses(evidence);
  const willing = processes.find((p) => p.watchesWithoutClass);
  if (willing?.controllerClass !== undefined) {
    return { kind: willing.kind, controller: willing.controllerClass, taken: true };
  }
  const kinds = new Set([
    ...processes.map((p) => p.kind),
    ...objectsOf(evidence, "ingressclasses").map((c) => kindOfController(c.spec?.controller ?? "")),
  ]);
  const addressed = kindOfAnnotations(texts(ingress.metadata?.annotations));
  const [only] = kinds;
  const kind = addressed === "unknown" && kinds.size === 1 && only !== undefined ? only : addressed;
  const seen = kinds.size > 0;
  return { kind, controller: "no class", taken: !seen || !strict.includes(kind) };
}
