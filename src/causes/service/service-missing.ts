import { nearestNames } from "../../derive/near-names.ts";
import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";
import { createService } from "./missing-service.ts";

/**
 * The rule names a Service that does not exist in the rule's own namespace: renamed, deleted,
 * never created, or living next door (an Ingress cannot reach across namespaces).
 */
export const serviceMissing = defineCause({
  id: "service-missing",
  title: "The Service that the route names does not exist",
  hop: "service",
  codes: [503, 502, 500, 404],
  prior: 0.03,
  leadsTo: ["lb-fixed-response-missing-service"],
  needs: ["route"],
  helps: ["service", "services", "gatewayLog", "workloads"],
  weigh({ route, service, services, gatewayLog, workloads }) {
    const wanted = route.backend.service;
    const show = see.get(wanted, "name");
    if (service.state === "present")
      return refuted(speaksAgainst.decisive(`${refText(wanted)} exists`, refText(wanted), { see: show }));
    if (service.state === "unknown")
      return undecided(`${refText(wanted)} could not be read: ${service.reason}`, show);
    const by = route.rule === undefined ? "the target" : refText(route.rule.object);
    const clues: Clue[] = [
      speaksFor.decisive(`${by} names ${refText(wanted)}, which does not exist`, `${by} backend`, {
        see: show,
      }),
    ];
    const said =
      gatewayLog.state === "present" &&
      gatewayLog.value.find(
        (s) => s.kind === "service-not-found" && s.about === `${wanted.namespace}/${wanted.name}`,
      );
    if (said)
      clues.push(
        speaksFor.moderate(
          "the gateway logs that it cannot find it",
          `log of ${said.gatewayPod ?? "the gateway"}`,
        ),
      );
    const known = services.state === "present" ? services.value.map((s) => s.metadata?.name ?? "") : [];
    const fixes = nearestNames(wanted.name, known, 2).map((name) => rename(name));
    return {
      state: "supported",
      subject: wanted,
      clues,
      explains: ofClass("no-endpoint", "config-answer"),
      // A Service that was renamed is there still: to make it anew as well is not what is meant.
      fixes: fixes.length > 0 ? fixes : [createService(route, workloads)],
    };

    function rename(name: string): Fix {
      const object = route.rule?.object;
      const title = `Point the route at Service ${name}, the nearest that exists in ${wanted.namespace}`;
      if (object === undefined || route.rule?.pointer === undefined)
        return { title, applicability: "display-only", commands: [] };
      const body = [{ op: "replace", path: `${route.rule.pointer}/service/name`, value: name }];
      const command = see.patch(object, "json", body);
      return {
        title,
        applicability: "unsafe",
        commands: [command],
        patch: { object, type: "json", body },
        effect: "requests of this route go there at once",
      };
    }
  },
});
