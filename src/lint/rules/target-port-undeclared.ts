import { items } from "../../derive/shape.ts";
import { isMeantForRequests } from "../facts.ts";
import type { LintRule } from "../rule.ts";
import { declaredPorts } from "../runnables.ts";

export const targetPortUndeclared: LintRule = {
  id: "target-port-undeclared",
  severity: "warning",
  title: "A Service sends to a port that its pods do not declare",
  why: "Declaring a port opens nothing, so this can work; but where containers declare other ports, the Service usually has the wrong number, and every connect is refused: 502.",
  check: (facts) =>
    facts.services.flatMap((s) => {
      const { service, ref, selected } = s;
      return items(service.spec?.ports).flatMap((port, i) => {
        const target = port.targetPort ?? port.port;
        if (typeof target !== "number" || service.spec?.clusterIP === "None") return [];
        const [first] = selected;
        if (first === undefined) return [];
        const declared = selected.map(declaredPorts);
        if (declared.some((ports) => ports.length === 0 || ports.includes(target))) return [];
        const object = `${first.ref.kind} ${first.ref.name}`;
        const known = [...new Set(declared[0])];
        const [only] = known;
        const isSure = known.length === 1 && only !== undefined && items(service.spec?.ports).length === 1;
        return {
          subject: ref,
          part: String(port.port),
          path: ["spec", "ports", i, "targetPort"],
          message: `port ${port.port} leads to ${target}; ${object} declares ${known.join(", ")}`,
          ...(isMeantForRequests(facts, s, port) ? {} : { severity: "note" as const }),
          ...(isSure
            ? {
                fix: {
                  title: `Send to ${only}`,
                  applicability: "unsafe" as const,
                  patch: {
                    object: ref,
                    type: "json" as const,
                    body: [{ op: "add", path: `/spec/ports/${i}/targetPort`, value: only }],
                  },
                },
              }
            : {}),
        };
      });
    }),
};
