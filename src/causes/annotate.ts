import type { GatewayKind, Route } from "../derive/views.ts";
import { type ObjectRef, refText } from "../evidence/object-ref.ts";
import type { Fix } from "./fix.ts";
import { haproxyWords } from "./haproxy-words.ts";
import { see } from "./see.ts";

/** How a gateway spells what ingress-nginx calls by this annotation, in words where it has no such annotation; undefined when nobody knows. */
function spelled(
  route: Route,
  annotation: string,
  value: string,
): { readonly key: string; readonly value: string } | { readonly advice: string } | undefined {
  const kind: GatewayKind = route.gatewayKind;
  if (kind === "haproxy") return haproxyWords(route, annotation, value);
  if (kind === "ingress-nginx" || kind === "unknown")
    return { key: `nginx.ingress.kubernetes.io/${annotation}`, value };
  if (kind !== "nginx-ingress" || annotation !== "proxy-read-timeout") return undefined;
  return { key: `nginx.org/${annotation}`, value: `${value}s` };
}

/** A fix that sets an annotation on the route's Ingress, named as ingress-nginx names it; advice when there is none. */
export function annotateIngress(route: Route, annotation: string, value: string, why: string): Fix {
  const object: ObjectRef | undefined = route.rule?.object;
  const found = spelled(route, annotation, value);
  if (object === undefined || object.kind !== "Ingress" || found === undefined || "advice" in found) {
    return {
      title: `${why}${adviceFor(route, annotation, value, found)}`,
      applicability: "display-only",
      commands: [],
    };
  }
  const { key, value: written } = found;
  const body = { metadata: { annotations: { [key]: written } } };
  return {
    title: `${why}: set ${key.replace(/^.*\//, "")} "${written}" on ${refText(object)}`,
    applicability: "unsafe",
    commands: [
      see.shell(
        "kubectl",
        "annotate",
        "ingress",
        object.name,
        "-n",
        object.namespace ?? "default",
        "--overwrite",
        `${key}=${written}`,
      ),
    ],
    patch: { object, type: "merge", body },
    effect: "reloads the gateway; no pod restarts",
  };
}

function adviceFor(
  { gatewayKind }: Route,
  annotation: string,
  value: string,
  found: ReturnType<typeof spelled>,
): string {
  if (found !== undefined && "advice" in found) return `: ${found.advice}`;
  if (found !== undefined && gatewayKind === "haproxy")
    return `: ${found.key} "${found.value}" at the gateway`;
  return ["ingress-nginx", "nginx-ingress", "unknown"].includes(gatewayKind)
    ? `: ${annotation} ${value} at the gateway`
    : `, by the gateway's own setting for what ingress-nginx calls ${annotation}: ${value}`;
}
