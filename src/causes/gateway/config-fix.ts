import type { Gateway } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { Observed } from "../../evidence/observed.ts";
import type { Fix } from "../fix.ts";
import { see } from "../see.ts";

/** A fix that sets keys of the ingress-nginx controller's ConfigMap; advice when it is not known which that is. */
export function configFix(
  gateway: Observed<Gateway>,
  data: Readonly<Record<string, string>>,
  why: string,
  effect: string,
): Fix {
  const object =
    gateway.state === "present" && gateway.value.kind === "ingress-nginx"
      ? gateway.value.configRef
      : undefined;
  const keys = Object.entries(data).map(([key, value]) => `${key} "${value}"`);
  if (object === undefined) {
    const title = `${why}: ${keys.join(", ")} in the controller's ConfigMap`;
    return {
      title,
      applicability: "display-only",
      commands: [see.list("configmaps", undefined, "app.kubernetes.io/name=ingress-nginx")],
    };
  }
  return {
    title: `${why}: ${keys.join(", ")} in ${refText(object)}`,
    applicability: "unsafe",
    commands: [see.patch(object, "merge", { data })],
    patch: { object, type: "merge", body: { data } },
    effect,
  };
}
