import { targetPortOf } from "../../derive/pod-ports.ts";
import { items } from "../../derive/shape.ts";
import { isMeantForRequests } from "../facts.ts";
import type { LintRule } from "../rule.ts";

export const targetPortNameUnknown: LintRule = {
  id: "target-port-name-unknown",
  severity: "error",
  title: "A Service names a port that no container has",
  why: "A pod whose containers do not carry the name gets no endpoint for that port, though it is ready.",
  check: (facts) =>
    facts.services.flatMap((s) => {
      const { service, ref, selected } = s;
      return items(service.spec?.ports).flatMap((port, i) => {
        const { targetPort } = port;
        if (typeof targetPort !== "string" || selected.length === 0) return [];
        const isMeant = isMeantForRequests(facts, s, port);
        // Peers find each other's addresses by a headless Service, and know the port themselves.
        if (service.spec?.clusterIP === "None" && !isMeant) return [];
        const without = selected.filter(({ spec }) => targetPortOf(spec, port) === undefined);
        const [first] = without;
        if (first === undefined || without.length < selected.length) return [];
        const known = items(first.spec.containers).flatMap((c) =>
          items(c.ports).flatMap((p) => p.name ?? []),
        );
        return {
          subject: ref,
          part: String(port.port),
          path: ["spec", "ports", i, "targetPort"],
          message: `port ${port.port} leads to "${targetPort}"; the containers of ${first.ref.kind} ${first.ref.name} name ${known.length === 0 ? "no port" : known.join(", ")}`,
          ...(isMeant ? {} : { severity: "warning" as const }),
        };
      });
    }),
};
