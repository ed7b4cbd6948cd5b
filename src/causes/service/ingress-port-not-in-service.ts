import type { Service, ServicePort } from "kubernetes-types/core/v1";
import type { Route } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { serviceRef } from "../names.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";

/**
 * The rule asks for a port that the Service does not have: the container's port instead of the
 * Service's, a renamed port, or a number where ports are only known by other numbers. The gateway
 * finds no endpoint for it and ingress-nginx writes no line about that.
 */
export const ingressPortNotInService = defineCause({
  id: "ingress-port-not-in-service",
  title: "The route names a port that the Service does not have",
  hop: "service",
  codes: [503, 502, 500, 404],
  prior: 0.03,
  leadsTo: ["lb-fixed-response-missing-service"],
  needs: ["route", "service"],
  helps: ["servicePort"],
  weigh({ route, service, servicePort }) {
    const subject = serviceRef(service);
    const asked = route.backend.port?.name ?? route.backend.port?.number;
    if (asked === undefined)
      return refuted(speaksAgainst.decisive("the route names no port", refText(subject)));
    const source = `${refText(subject)} .spec.ports`;
    const show = see.field(subject, ".spec.ports");
    if (servicePort.state !== "absent") {
      return refuted(speaksAgainst.decisive(`the Service has port ${asked}`, source, { see: show }));
    }
    const ports = service.spec?.ports ?? [];
    const by = route.rule === undefined ? "the target" : refText(route.rule.object);
    const text = `${by} asks for port ${asked}; the Service has ${ports.map(portText).join(", ") || "no port"}`;
    const fix = repoint(route, ports);
    return {
      state: "supported",
      subject: route.rule?.object ?? subject,
      clues: [speaksFor.decisive(text, source, { see: show })],
      explains: ofClass("no-endpoint", "config-answer"),
      fixes: fix === undefined ? [] : [fix],
    };
  },
});

const portText = (port: ServicePort): string =>
  port.name === undefined || port.name === "" ? `${port.port} (unnamed)` : `${port.port} (${port.name})`;

/** The port that was meant: the only one, or the one whose targetPort was asked for. */
function repoint(route: Route, ports: NonNullable<Service["spec"]>["ports"] & object): Fix | undefined {
  const { number, name } = route.backend.port ?? {};
  const meant =
    ports.find((p) => p.targetPort !== undefined && (p.targetPort === number || p.targetPort === name)) ??
    (ports.length === 1 ? ports[0] : undefined);
  const object = route.rule?.object;
  if (meant === undefined || object === undefined) return undefined;
  const title = `Set the port of the backend in ${refText(object)} to ${meant.port}`;
  if (route.rule?.pointer === undefined) return { title, applicability: "display-only", commands: [] };
  const body = [{ op: "replace", path: `${route.rule.pointer}/service/port`, value: { number: meant.port } }];
  return {
    title,
    applicability: "unsafe",
    commands: [see.patch(object, "json", body)],
    patch: { object, type: "json", body },
    effect: "requests of this route reach the Service's endpoints at once",
  };
}
