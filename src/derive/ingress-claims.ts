import type { Ingress, IngressBackend } from "kubernetes-types/networking/v1";
import { nameOf, namespaceOf } from "../evidence/evidence.ts";
import { ref } from "../evidence/object-ref.ts";
import type { ClassAssignment } from "./ingress-class.ts";
import { items, maybe, text, texts, timeMs } from "./shape.ts";
import type { Route, RouteBackend } from "./views.ts";

/** One host and path that an Ingress claims for one backend. */
export interface Claim {
  readonly ingress: Ingress;
  readonly assigned: ClassAssignment;
  /** Lower case; "" for a rule without a host. */
  readonly host: string;
  /** As written; "/" when the rule has none. */
  readonly path: string;
  readonly pathType: "Exact" | "Prefix" | "ImplementationSpecific";
  readonly backend: RouteBackend;
  /** The Ingress's `.spec.defaultBackend`. */
  readonly isDefault: boolean;
  readonly role: Route["role"];
  /** Percent of the requests, for a canary by weight. */
  readonly weight?: number;
  /** The path is part of a regular expression in ingress-nginx. */
  readonly regex: boolean;
  /** JSON pointer of the backend in its Ingress; absent where the old API's fields are written. */
  readonly pointer?: string;
}

const nginx = "nginx.ingress.kubernetes.io/";

/** Everything an Ingress claims, in the order it is written; its default backend comes last. */
export function claimsOf(ingress: Ingress, assigned: ClassAssignment): Claim[] {
  const namespace = namespaceOf(ingress);
  const annotations = annotationsOf(ingress);
  const canary = isCanary(ingress);
  const weight = canary ? canaryWeight(annotations) : undefined;
  const rewrite = annotations[`${nginx}rewrite-target`] ?? "";
  const useRegex = annotations[`${nginx}use-regex`] === "true";
  const common = {
    ingress,
    assigned,
    role: canary ? "canary" : "primary",
    ...maybe("weight", weight),
  } as const;
  const rules = items(ingress.spec?.rules).flatMap((rule, r) =>
    items(rule.http?.paths).flatMap((written, p): Claim[] => {
      const backend = backendOf(written.backend, namespace);
      if (backend === undefined) return [];
      const path = text(written.path) || "/";
      const regex = useRegex || (rewrite !== "" && rewrite !== path);
      const host = text(rule.host).toLowerCase();
      const pathType = pathTypeOf(written.pathType);
      const pointer = pointerTo(written.backend, `/spec/rules/${r}/http/paths/${p}/backend`);
      return [{ ...common, host, path, pathType, backend, isDefault: false, regex, ...pointer }];
    }),
  );
  const fallback = backendOf(ingress.spec?.defaultBackend ?? oldDefault(ingress), namespace);
  if (fallback === undefined) return rules;
  const last: Claim = {
    ...common,
    host: "",
    path: "/",
    pathType: "Prefix",
    backend: fallback,
    isDefault: true,
    regex: false,
    ...pointerTo(ingress.spec?.defaultBackend, "/spec/defaultBackend"),
  };
  return [...rules, last];
}

const annotationsOf = (ingress: Ingress): Readonly<Record<string, string>> =>
  texts(ingress.metadata?.annotations);

export const isCanary = (ingress: Ingress): boolean => annotationsOf(ingress)[`${nginx}canary`] === "true";

export const hostsOf = (ingress: Ingress): string[] =>
  items(ingress.spec?.rules).map((rule) => text(rule.host).toLowerCase());

/** Names that ingress-nginx serves beside the hosts of the rules. */
export const aliasesOf = (ingress: Ingress): string[] =>
  (annotationsOf(ingress)[`${nginx}server-alias`] ?? "")
    .split(",")
    .map((alias) => alias.trim().toLowerCase())
    .filter((alias) => alias !== "");

export const hasServiceBackend = (claim: Claim): boolean => claim.backend.service.kind === "Service";

/** The route that a claim stands for. `asked` replaces the target's text for a URL. */
export function routeOf(claim: Claim, asked?: string): Route {
  const { ingress, assigned } = claim;
  return {
    target: asked ?? claimText(claim),
    namespace: namespaceOf(ingress),
    ...(claim.host === "" ? {} : { host: claim.host }),
    ...(claim.isDefault ? {} : { path: claim.path, pathType: claim.pathType }),
    rule: {
      object: ref("Ingress", nameOf(ingress), namespaceOf(ingress)),
      ...maybe("pointer", claim.pointer),
      annotations: annotationsOf(ingress),
      ...maybe("createdMs", timeMs(ingress.metadata?.creationTimestamp)),
    },
    gatewayKind: assigned.kind,
    ...(text(assigned.controller).includes("/") ? { controller: assigned.controller } : {}),
    ...maybe("className", assigned.className),
    backend: claim.backend,
    role: claim.role,
    ...maybe("weight", claim.weight),
    isDefaultBackend: claim.isDefault,
  };
}

/** "shop.example.com/cart", "*\/cart" without a host, "ingress/web" for a default backend. */
function claimText(claim: Claim): string {
  if (claim.isDefault) return `ingress/${nameOf(claim.ingress)}`;
  return `${claim.host === "" ? "*" : claim.host}${claim.path}`;
}

interface OldBackend {
  readonly serviceName?: string;
  readonly servicePort?: number | string;
}

/** A backend of networking.k8s.io/v1, or of the v1beta1 that old bundles still hold. */
function backendOf(
  written: (IngressBackend & OldBackend) | null | undefined,
  namespace: string,
): RouteBackend | undefined {
  if (written === null || written === undefined) return undefined;
  const { service, resource, serviceName, servicePort } = written;
  if (typeof service?.name === "string") {
    const port = { ...maybe("number", service.port?.number), ...maybe("name", service.port?.name) };
    const named = Object.keys(port).length > 0;
    return { service: ref("Service", service.name, namespace), ...(named ? { port } : {}) };
  }
  if (typeof serviceName === "string") {
    const number = typeof servicePort === "number" ? servicePort : undefined;
    const port = number === undefined ? maybe("name", servicePort as string | undefined) : { number };
    return { service: ref("Service", serviceName, namespace), port };
  }
  if (typeof resource?.name === "string") {
    return { service: ref(resource.kind, resource.name, namespace) };
  }
  return undefined;
}

const pointerTo = (written: IngressBackend | undefined, pointer: string): { pointer?: string } =>
  written?.service === undefined ? {} : { pointer };

const oldDefault = (ingress: Ingress): (IngressBackend & OldBackend) | undefined =>
  (ingress.spec as { backend?: IngressBackend & OldBackend } | undefined)?.backend;

function pathTypeOf(written: string | undefined): Claim["pathType"] {
  return written === "Exact" || written === "Prefix" ? written : "ImplementationSpecific";
}

function canaryWeight(annotations: Readonly<Record<string, string>>): number | undefined {
  const weight = Number.parseInt(annotations[`${nginx}canary-weight`] ?? "", 10);
  const total = Number.parseInt(annotations[`${nginx}canary-weight-total`] ?? "100", 10);
  return Number.isFinite(weight) && total > 0 ? (weight * 100) / total : undefined;
}
