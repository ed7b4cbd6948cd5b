import { items } from "../../derive/shape.ts";
import type { LintRule } from "../rule.ts";
import { containerPath, exposed } from "../template.ts";

export const probePortUndeclared: LintRule = {
  id: "probe-port-undeclared",
  severity: "note",
  title: "Readiness asks a port that no container declares",
  why: "Declaring a port changes nothing, so this can be right; but a check of another port than the one that takes requests says little about them, and a typing error never becomes ready.",
  check: ({ workloads }) =>
    exposed(workloads).flatMap((w) => {
      const declared = items(w.spec.containers).flatMap((c) => items(c.ports).map((p) => p.containerPort));
      if (declared.length === 0) return [];
      return w.serving.flatMap((serving) => {
        const probe = serving.container.readinessProbe;
        const handler = probe?.httpGet ? "httpGet" : probe?.tcpSocket ? "tcpSocket" : "grpc";
        const port = probe?.[handler]?.port;
        if (typeof port !== "number" || declared.includes(port)) return [];
        return {
          subject: w.ref,
          part: serving.container.name,
          path: containerPath(w, serving, "readinessProbe", handler, "port"),
          message: `readiness of container ${serving.container.name} asks port ${port}; the pod declares ${[...new Set(declared)].join(", ")}`,
        };
      });
    }),
};
