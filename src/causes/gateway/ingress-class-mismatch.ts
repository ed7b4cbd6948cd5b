import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { someOf } from "../names.ts";
import { see } from "../see.ts";

/**
 * No controller serves this Ingress: its class does not exist, belongs to a controller that is not
 * there, or is not named at all while no class is the default. Clients get the default backend's
 * answer, or whatever another controller still holds for that host.
 */
export const ingressClassMismatch = defineCause({
  id: "ingress-class-mismatch",
  title: "No controller claims this Ingress",
  hop: "gateway",
  codes: [404, 503, 502],
  prior: 0.02,
  leadsTo: [],
  needs: ["route", "gateway"],
  helps: ["traffic", "gatewayLog"],
  weigh({ route, gateway, traffic, gatewayLog }) {
    const rule = route.rule?.object;
    if (rule === undefined || rule.kind !== "Ingress")
      return refuted(speaksAgainst.decisive("the target is not an Ingress rule", route.target));
    const source = `${refText(rule)} .spec.ingressClassName`;
    const show = see.field(rule, ".spec.ingressClassName");
    if (traffic.state === "present" && traffic.value.requests > 0) {
      return refuted(
        speaksAgainst.decisive(
          `the gateway logged ${traffic.value.requests} requests for this route`,
          "gateway log",
        ),
      );
    }
    const ignored =
      gatewayLog.state === "present" &&
      gatewayLog.value.find(
        (s) => s.kind === "ingress-ignored" && s.about === `${rule.namespace}/${rule.name}`,
      );
    const clues: Clue[] = [];
    if (gateway.classProblem !== undefined)
      clues.push(speaksFor.decisive(gateway.classProblem, source, { see: show }));
    if (ignored)
      clues.push(
        speaksFor.strong(
          `the controller logs that it ignores ${refText(rule)}`,
          `log of ${ignored.gatewayPod ?? "the gateway"}`,
        ),
      );
    if (clues.length === 0) {
      if (gateway.controller === undefined)
        return undecided(
          "which controller serves the class was not read",
          see.list("ingressclasses", undefined),
        );
      return refuted(
        speaksAgainst.strong(`class ${route.className?.name} belongs to ${gateway.controller}`, source, {
          see: show,
        }),
      );
    }
    const others = gateway.otherClasses.map((c) => `${c.name} (${c.controller})`);
    if (others.length > 0)
      clues.push(
        speaksFor.weak(`classes that exist: ${someOf(others)}`, "IngressClasses", {
          see: see.list("ingressclasses", undefined),
        }),
      );
    return {
      state: "supported",
      subject: rule,
      clues,
      // The default backend's lines name neither Ingress nor host.
      leavesNoLine: true,
      fixes: setClass(),
    };

    function setClass(): Fix[] {
      const meant =
        gateway.otherClasses.find((c) => c.isDefault) ??
        (gateway.otherClasses.length === 1 ? gateway.otherClasses[0] : undefined);
      if (meant === undefined) return [];
      const body = { spec: { ingressClassName: meant.name } };
      return [
        {
          title: `Set ingressClassName of ${refText(rule!)} to ${meant.name}`,
          applicability: "unsafe",
          commands: [see.patch(rule!, "merge", body)],
          patch: { object: rule!, type: "merge", body },
          effect: "that controller starts to serve the Ingress",
        },
      ];
    }
  },
});
