import type { Service } from "kubernetes-types/core/v1";
import { nameOf, namespaceOf } from "../evidence/evidence.ts";
import { firstFlag, type Flags } from "./gateway-args.ts";
import { byDefault, type Layers } from "./setting-layers.ts";
import { goDuration } from "./setting-values.ts";
import type { GatewayDefaults } from "./settings-defaults.ts";
import { plainSettings } from "./settings-plain.ts";
import { items, texts } from "./shape.ts";
import type { GatewaySettings, RouteBackend, Setting } from "./views.ts";

/** Traefik: timers are flags of the process, the scheme is an annotation or the port of the Service. */
export function traefikSettings(
  layers: Layers,
  defaults: GatewayDefaults,
  flags: Flags | undefined,
  service: Service | undefined,
  wanted: RouteBackend["port"],
): GatewaySettings {
  const timer = (name: string, fallback: number): Setting<number> => {
    const key = `serverstransport.forwardingtimeouts.${name}`;
    const value = flags === undefined ? undefined : goDuration(firstFlag(flags, [key]) ?? "");
    if (value === undefined) return byDefault(layers, fallback, flags === undefined);
    const source = `flag --${key} of traefik`;
    return { value: value === 0 ? Number.POSITIVE_INFINITY : value, from: "args", source };
  };
  return {
    ...plainSettings(layers, defaults),
    connectTimeoutMs: timer("dialtimeout", defaults.connectTimeoutMs),
    readTimeoutMs: timer("responseheadertimeout", defaults.readTimeoutMs),
    upstreamKeepaliveMs: timer("idleconntimeout", defaults.upstreamKeepaliveMs),
    backendProtocol: scheme(layers, service, wanted),
  };
}

/** Without the annotation, port 443 or a port named https… is spoken to in TLS (traefik docs, routing to Services). */
function scheme(layers: Layers, service: Service | undefined, wanted: RouteBackend["port"]): Setting<string> {
  if (service === undefined) return byDefault(layers, "HTTP");
  const key = "traefik.ingress.kubernetes.io/service.serversscheme";
  const written = texts(service.metadata?.annotations)[key];
  const name = `Service ${namespaceOf(service)}/${nameOf(service)}`;
  if (written !== undefined) {
    return { value: written.toUpperCase(), from: "annotation", source: `${name} annotation ${key}` };
  }
  const port = items(service.spec?.ports).find((p) =>
    wanted?.number === undefined ? p.name === wanted?.name : p.port === wanted.number,
  );
  if (port?.port !== 443 && port?.name?.startsWith("https") !== true) return byDefault(layers, "HTTP", false);
  return {
    value: "HTTPS",
    from: "default",
    source: `default of traefik for ${name} port ${port.name ?? port.port}`,
  };
}
