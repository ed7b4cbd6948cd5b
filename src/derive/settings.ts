import { type Evidence, get } from "../evidence/evidence.ts";
import { type Observed, present, unknown } from "../evidence/observed.ts";
import { firstFlag, flagsOf } from "./gateway-args.ts";
import { type Layers, layersOf } from "./setting-layers.ts";
import { type GatewayDefaults, gatewayDefaults } from "./settings-defaults.ts";
import { haproxySettings } from "./settings-haproxy.ts";
import { ingressNginxSettings } from "./settings-ingress-nginx.ts";
import { nginxIncSettings } from "./settings-nginx-inc.ts";
import { plainSettings } from "./settings-plain.ts";
import { snippetsAllowed, snippetsOf } from "./settings-snippets.ts";
import { traefikSettings } from "./settings-traefik.ts";
import { items } from "./shape.ts";
import type { Gateway, GatewaySettings, Route } from "./views.ts";

/**
 * The effective settings of the route at its gateway, each with where it was read. A value that a
 * part of the configuration which was not read could override carries `assumed`.
 */
export function deriveSettings(
  evidence: Evidence,
  route: Route,
  gateway: Observed<Gateway>,
): Observed<GatewaySettings> {
  const known = gateway.state === "present" ? gateway.value : undefined;
  const kind = known === undefined || known.kind === "unknown" ? route.gatewayKind : known.kind;
  const defaults = gatewayDefaults[kind];
  if (defaults === undefined)
    return unknown("gateway", `settings of a gateway of kind "${kind}" are not known`);
  return present(settingsOf(evidence, route, known, layersOf(route, kind, known), defaults));
}

function settingsOf(
  evidence: Evidence,
  route: Route,
  gateway: Gateway | undefined,
  layers: Layers,
  defaults: GatewayDefaults,
): GatewaySettings {
  const flags = gateway === undefined || gateway.args.length === 0 ? undefined : flagsOf(gateway.args);
  switch (layers.kind) {
    case "ingress-nginx": {
      const prefix = `${(flags && firstFlag(flags, ["annotations-prefix"])) ?? "nginx.ingress.kubernetes.io"}/`;
      const snippets = snippetsOf(
        layers,
        ["main-snippet", "http-snippet", "server-snippet", "location-snippet"],
        [`${prefix}server-snippet`, `${prefix}configuration-snippet`],
        snippetsAllowed(layers, controllerImage(gateway)),
      );
      return { ...ingressNginxSettings(layers, prefix, defaults), snippets };
    }
    case "nginx-ingress":
      return nginxIncSettings(layers, defaults, route.backend.service.name);
    case "haproxy":
      return haproxySettings(layers, defaults);
    case "traefik": {
      const { name, namespace } = route.backend.service;
      const service = get(evidence, "services", name, namespace);
      const object = service.state === "present" ? service.value : undefined;
      return traefikSettings(layers, defaults, flags, object, route.backend.port);
    }
    default:
      return plainSettings(layers, defaults);
  }
}

const controllerImage = (gateway: Gateway | undefined): string | undefined =>
  items(gateway?.pods[0]?.spec.containers).find((c) => /controller/.test(c.image ?? ""))?.image;
