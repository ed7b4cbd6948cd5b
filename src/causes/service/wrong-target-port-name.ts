import type { PodView } from "../../derive/views.ts";
import { nearestNames } from "../../derive/near-names.ts";
import { refText } from "../../evidence/object-ref.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { serviceRef, someOf } from "../names.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";

/**
 * The Service's targetPort is a name that the pods' containers do not carry. Such a pod gives no
 * endpoint for the port, however ready it is.
 */
export const wrongTargetPortName = defineCause({
  id: "wrong-target-port-name",
  title: "The Service's targetPort is a name that no container port carries",
  hop: "service",
  codes: [503, 502],
  prior: 0.02,
  leadsTo: [],
  needs: ["service", "servicePort", "pods"],
  helps: ["endpoints"],
  weigh({ service, servicePort, pods, endpoints }) {
    const subject = serviceRef(service);
    const name = servicePort.targetPort;
    const source = `${refText(subject)} .spec.ports[].targetPort`;
    if (typeof name !== "string")
      return refuted(speaksAgainst.decisive(`targetPort is the number ${name ?? servicePort.port}`, source));
    const alive = pods.filter((p) => p.deletedMs === undefined);
    if (alive.length === 0) return undecided("the Service selects no pod whose ports could be compared");
    const without = alive.filter((p) => p.targetPort === undefined);
    if (without.length < alive.length) {
      const carrying = alive.length - without.length;
      return refuted(
        speaksAgainst.decisive(`${carrying} of ${alive.length} pods have a port named ${name}`, source),
      );
    }
    if (endpoints.state === "present" && endpoints.value.ready.some((e) => e.port !== undefined)) {
      return refuted(
        speaksAgainst.decisive(
          "the EndpointSlices carry a port for it",
          `EndpointSlices of ${refText(subject)}`,
        ),
      );
    }
    const known = portNames(alive);
    const text = `targetPort is ${name}; the pods' container ports are named ${known.length === 0 ? "nothing" : someOf(known)}`;
    const clues = [speaksFor.decisive(text, source, { see: see.field(subject, ".spec.ports") })];
    const ready = alive.filter((p) => p.ready).length;
    if (ready > 0)
      clues.push(
        speaksFor.moderate(
          `${ready} pods are ready and still no endpoint has the port`,
          "Pods .status.conditions",
        ),
      );
    const meant = nearestNames(name, known, 1)[0] ?? (known.length === 1 ? known[0] : undefined);
    return {
      state: "supported",
      subject,
      clues,
      explains: ofClass("no-endpoint"),
      fixes: meant === undefined ? [] : [rename(meant)],
    };

    function rename(to: string): Fix {
      const index = (service.spec?.ports ?? []).findIndex(
        (p) => p.port === servicePort.port && p.name === servicePort.name,
      );
      const body = [{ op: "replace", path: `/spec/ports/${index}/targetPort`, value: to }];
      return {
        title: `Set targetPort of ${refText(subject)} port ${servicePort.port} to ${to}`,
        applicability: "unsafe",
        commands: [see.patch(subject, "json", body)],
        patch: { object: subject, type: "json", body },
        effect: "the pods become endpoints at once; no pod restarts",
      };
    }
  },
});

const portNames = (pods: readonly PodView[]): string[] => [
  ...new Set(
    pods.flatMap((p) => p.containers.flatMap((c) => c.spec.ports?.flatMap((x) => x.name ?? []) ?? [])),
  ),
];
