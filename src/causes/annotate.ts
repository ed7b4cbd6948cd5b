import type { GatewayKind, Route } from "../derive/views.ts";
import { type ObjectRef, refText } from "../evidence/object-ref.ts";
import type { Fix } from "./fix.ts";
import { see } from "./see.ts";

/** How a gateway spells what ingress-nginx calls by this annotation, as "key=value"; undefined when it has no such annotation. */
function spelled(route: Route, annotation: string, value: string): [key: string, value: string] | undefined {
  const kind: GatewayKind = route.gatewayKind;
  if (kind === "ingress-nginx" || kind === "unknown")
    return [`nginx.ingress.kubernetes.io/${annotation}`, value];
  if (annotation !== "proxy-read-timeout") return undefined;
  if (kind === "nginx-ingress") return [`nginx.org/${annotation}`, `${value}s`];
  const prefix = kind === "haproxy" ? haproxyPrefix(route) : undefined;
  return prefix === undefined ? undefined : [`${prefix}timeout-server`, `${value}s`];
}

/** Two controllers share the name: the one whose annotations the object has already. */
const haproxyPrefix = ({ rule }: Route): string | undefined =>
  ["haproxy-ingress.github.io/", "haproxy.org/"].find((prefix) =>
    Object.keys(rule?.annotations ?? {}).some((key) => key.startsWith(prefix)),
  );

/** A fix that sets an annotation on the route's Ingress, named as ingress-nginx names it; advice when there is none. */
export function annotateIngress(route: Route, annotation: string, value: string, why: string): Fix {
  const object: ObjectRef | undefined = route.rule?.object;
  const found = spelled(route, annotation, value);
  if (object === undefined || object.kind !== "Ingress" || found === undefined) {
    const isNginx = ["ingress-nginx", "nginx-ingress", "unknown"].includes(route.gatewayKind);
    return {
      title: isNginx
        ? `${why}: ${annotation} ${value} at the gateway`
        : `${why}, by the gateway's own setting for what ingress-nginx calls ${annotation}: ${value}`,
      applicability: "display-only",
      commands: [],
    };
  }
  const [key, written] = found;
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
