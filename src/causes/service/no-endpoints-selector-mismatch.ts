import type { Service } from "kubernetes-types/core/v1";
import type { Workload } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { labelText, serviceRef } from "../names.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";

/**
 * The Service's selector matches no pod: a typo, a label renamed by a chart, a version label left
 * behind. The pods run and are ready, the Service has no endpoint, the gateway answers 503 itself.
 */
export const noEndpointsSelectorMismatch = defineCause({
  id: "no-endpoints-selector-mismatch",
  title: "The Service selects no pod",
  hop: "service",
  codes: [503, 502],
  prior: 0.03,
  leadsTo: ["lb-no-healthy-targets"],
  needs: ["service", "pods", "workloads"],
  helps: ["endpoints", "gatewayLog"],
  weigh({ service, pods, workloads, endpoints, gatewayLog }) {
    const object = serviceRef(service);
    const selector = service.spec?.selector ?? {};
    const source = `${refText(object)} .spec.selector`;
    if (Object.keys(selector).length === 0)
      return refuted(speaksAgainst.decisive("the Service has no selector", source));
    if (pods.length > 0)
      return refuted(speaksAgainst.decisive(`its selector matches ${pods.length} pods`, source));
    if (endpoints.state === "present" && endpoints.value.all.length > 0) {
      return refuted(
        speaksAgainst.decisive("the Service has endpoints", `EndpointSlices of ${refText(object)}`),
      );
    }
    const matching = workloads.find((w) => w.relation !== "named-alike");
    if (matching !== undefined) {
      return refuted(
        speaksAgainst.decisive(`the selector matches the pod template of ${refText(matching.ref)}`, source),
      );
    }
    const meant = workloads[0];
    const clues = [
      speaksFor.strong(`selector ${labelText(selector)} matches no pod of the namespace`, source, {
        see: see.field(object, ".spec.selector"),
      }),
    ];
    if (meant !== undefined) clues.push(missedBy(meant, service));
    const silent =
      gatewayLog.state === "present" &&
      gatewayLog.value.find(
        (s) => s.kind === "no-active-endpoint" && s.about === `${object.namespace}/${object.name}`,
      );
    if (silent)
      clues.push(
        speaksFor.moderate(
          "the gateway logs that the Service has no active endpoint",
          `log of ${silent.gatewayPod ?? "the gateway"}`,
        ),
      );
    return {
      state: "supported",
      subject: object,
      clues,
      explains: ofClass("no-endpoint"),
      fixes: meant === undefined ? [] : [fixFor(meant, service)],
    };
  },
});

/** Ready pods of the workload that was meant, one label away from the selector. */
function missedBy(workload: Workload, service: Service) {
  const labels = workload.template.labels;
  const wrong = Object.entries(service.spec?.selector ?? {}).filter(([key, value]) => labels[key] !== value);
  const text = wrong
    .map(([key, value]) => `${key} is ${labels[key] ?? "not set"} there, the selector wants ${value}`)
    .join("; ");
  const clue = workload.ready > 0 ? speaksFor.decisive : speaksFor.strong;
  return clue(
    `${refText(workload.ref)} has ${workload.ready} ready pods that it misses: ${text}`,
    `${refText(workload.ref)} .spec.template.metadata.labels`,
    {
      see: see.list("pods", workload.ref.namespace, undefined),
    },
  );
}

function fixFor(workload: Workload, service: Service) {
  const object = serviceRef(service);
  const wanted = Object.fromEntries(
    Object.keys(service.spec?.selector ?? {}).map((key) => [key, workload.template.labels[key] ?? null]),
  );
  const body = { spec: { selector: wanted } };
  return {
    title: `Set the selector of ${refText(object)} to the labels of ${refText(workload.ref)}`,
    applicability: "unsafe" as const,
    commands: [see.patch(object, "merge", body)],
    patch: { object, type: "merge" as const, body },
    effect: "traffic goes to that workload's pods at once; no pod restarts",
  };
}
