import type { ServicePort } from "kubernetes-types/core/v1";
import { items } from "../../derive/shape.ts";
import type { LintRule } from "../rule.ts";
import { declaredPorts, type Runnable } from "../runnables.ts";

export const selectorTooWide: LintRule = {
  id: "selector-too-wide",
  severity: "warning",
  title: "A Service selects pods that do not serve its port",
  why: "Every ready pod that has the selector's labels gets its share of the requests: a worker or a second application that wears the same label refuses them, so a fixed part of all requests is a 502. Give the selector a label that only the pods of one application have.",
  check: ({ services }) =>
    services.flatMap(({ service, ref, selected }) => {
      if (service.spec?.clusterIP === "None") return [];
      const ports = items(service.spec?.ports);
      const strangers = selected.filter((r) => ports.every((port) => isStranger(r, port)));
      const [first] = strangers;
      const others = selected.filter((r) => !strangers.includes(r));
      if (first === undefined || others.length === 0) return [];
      const declared = declaredPorts(first);
      return {
        subject: ref,
        path: ["spec", "selector"],
        message: `it selects the pods of ${first.ref.kind} ${first.ref.name} too, which declare ${declared.join(", ")} and not ${ports.map((p) => p.targetPort ?? p.port).join(", ")}`,
      };
    }),
};

/** A pod without a port of the name gets no endpoint, so only numbers reach pods that do not serve them. */
function isStranger(runnable: Runnable, port: ServicePort): boolean {
  const target = port.targetPort ?? port.port;
  const declared = declaredPorts(runnable);
  return typeof target === "number" && declared.length > 0 && !declared.includes(target);
}
