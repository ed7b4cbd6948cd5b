import { type Evidence, get } from "../evidence/evidence.ts";
import { firstFlag } from "./gateway-args.ts";
import type { GatewayPod } from "./gateway-pods.ts";
import type { Match } from "./label-selector.ts";
import { texts } from "./shape.ts";
import type { Route } from "./views.ts";

/** The class that an Ingress asks for, with its controller when the IngressClass was read. */
export interface WantedClass {
  readonly name?: string;
  readonly from?: "spec" | "annotation" | "default-class";
  readonly controller?: string;
}

const classFlags = ["ingress-class", "ingress.class", "providers.kubernetesingress.ingressclass"];
const namespaceFlags = ["watch-namespace", "namespace-whitelist", "providers.kubernetesingress.namespaces"];

/** Whether a gateway pod takes Ingresses of a class. */
export function claims(gateway: GatewayPod, wanted: WantedClass): Match {
  return gateway.kind === "ingress-nginx"
    ? ingressNginxClaims(gateway, wanted)
    : otherClaims(gateway, wanted);
}

/** kubernetes/ingress-nginx internal/ingress/controller/store/store.go, GetIngressClass; pkg/flags/flags.go. */
function ingressNginxClaims(gateway: GatewayPod, wanted: WantedClass): Match {
  const { flags } = gateway;
  const annotationValue = firstFlag(flags, ["ingress-class"]) ?? "nginx";
  const controllerClass = firstFlag(flags, ["controller-class"]) ?? "k8s.io/ingress-nginx";
  if (wanted.name === undefined) return yesNo(flags.get("watch-ingress-without-class") === "true");
  if (wanted.from === "annotation") return yesNo(wanted.name === annotationValue);
  if (flags.get("ingress-class-by-name") === "true" && wanted.name === annotationValue) return "yes";
  if (wanted.controller !== undefined) return yesNo(wanted.controller === controllerClass);
  return wanted.name === annotationValue ? "yes" : "unknown";
}

/**
 * The other kinds name at most one class in a flag; without it they take every class of their
 * controller. Traefik, HAProxy and Contour without that flag take Ingresses without a class too.
 */
function otherClaims(gateway: GatewayPod, wanted: WantedClass): Match {
  const flag = firstFlag(gateway.flags, classFlags);
  if (wanted.name === undefined) {
    return yesNo(flag === undefined && ["traefik", "haproxy", "contour"].includes(gateway.kind));
  }
  if (flag !== undefined) return yesNo(flag.split(",").includes(wanted.name));
  return "yes";
}

/** Whether a gateway pod watches the route's namespace; `only` says which it watches when not. */
export function watches(
  evidence: Evidence,
  gateway: GatewayPod,
  route: Route,
): { readonly match: Match; readonly only: string } {
  const namespaces = firstFlag(gateway.flags, namespaceFlags);
  if (namespaces !== undefined) {
    const list = namespaces.split(",").map((n) => n.trim());
    return { match: yesNo(list.includes(route.namespace)), only: `namespace ${list.join(", ")}` };
  }
  const selector = firstFlag(gateway.flags, ["watch-namespace-selector"]);
  if (selector === undefined) return { match: "yes", only: "" };
  const namespace = get(evidence, "namespaces", route.namespace);
  const labels = namespace.state === "present" ? texts(namespace.value.metadata?.labels) : undefined;
  const only = `namespaces with ${selector}`;
  return { match: labels === undefined ? "unknown" : equalitySelects(selector, labels), only };
}

/** Reads `key=value,key2!=value2,key3`; a set-based term is left undecided. */
function equalitySelects(selector: string, labels: Readonly<Record<string, string>>): Match {
  if (/[()]/.test(selector)) return "unknown";
  const terms = selector.split(",").map((t) => t.trim());
  return yesNo(
    terms.every((term) => {
      const [, key = "", operator, value] = /^([^=!]+)(==|=|!=)?(.*)$/.exec(term) ?? [];
      if (operator === undefined) return Object.hasOwn(labels, key.trim());
      const equal = labels[key.trim()] === value?.trim();
      return operator === "!=" ? !equal : equal;
    }),
  );
}

const yesNo = (condition: boolean): Match => (condition ? "yes" : "no");
