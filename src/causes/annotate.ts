import { type ObjectRef, refText } from "../evidence/object-ref.ts";
import type { Route } from "../derive/views.ts";
import type { Fix } from "./fix.ts";
import { see } from "./see.ts";

/** A fix that sets an ingress-nginx annotation on the route's Ingress; advice when there is none. */
export function annotateIngress(route: Route, annotation: string, value: string, why: string): Fix {
  const object: ObjectRef | undefined = route.rule?.object;
  const key = `nginx.ingress.kubernetes.io/${annotation}`;
  if (object === undefined || object.kind !== "Ingress") {
    return {
      title: `${why}: ${annotation} ${value} at the gateway`,
      applicability: "display-only",
      commands: [],
    };
  }
  const body = { metadata: { annotations: { [key]: value } } };
  return {
    title: `${why}: set ${annotation} "${value}" on ${refText(object)}`,
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
        `${key}=${value}`,
      ),
    ],
    patch: { object, type: "merge", body },
    effect: "reloads the gateway; no pod restarts",
  };
}
