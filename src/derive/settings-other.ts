import type { Service } from "kubernetes-types/core/v1";
import { firstFlag, type Flags } from "./gateway-args.ts";
import { byDefault, effective, type Layers, optional } from "./setting-layers.ts";
import { goDuration, haproxyTime, nginxSize, nginxTime, wholeNumber } from "./setting-values.ts";
import type { GatewayDefaults } from "./settings-defaults.ts";
import { snippetsOf } from "./settings-snippets.ts";
import { items, maybe, texts } from "./shape.ts";
import type { GatewaySettings, Setting } from "./views.ts";

/** Settings of a gateway of which only the defaults are known. */
export function plainSettings(layers: Layers, defaults: GatewayDefaults): GatewaySettings {
  const plain = <T>(value: T): Setting<T> => byDefault(layers, value);
  return {
    connectTimeoutMs: plain(defaults.connectTimeoutMs),
    readTimeoutMs: plain(defaults.readTimeoutMs),
    sendTimeoutMs: plain(defaults.sendTimeoutMs),
    nextUpstreamTries: plain(defaults.nextUpstreamTries),
    upstreamKeepaliveMs: plain(defaults.upstreamKeepaliveMs),
    bufferSizeBytes: plain(defaults.bufferSizeBytes),
    backendProtocol: plain("HTTP"),
    proxySslVerify: plain(false),
    serviceUpstream: plain(false),
    customHttpErrors: [],
    snippets: [],
    ignored: layers.ignored,
  };
}

/** F5 NGINX Ingress Controller: `nginx.org/` annotations over ConfigMap keys of the same name. */
export function nginxIncSettings(
  layers: Layers,
  defaults: GatewayDefaults,
  service: string,
): GatewaySettings {
  const key = "nginx.org/";
  const time = { read: nginxTime, expects: "a time such as 60s" };
  const written = (name: string, fallback: number): Setting<number> =>
    effective(layers, { annotations: [`${key}${name}`], configKey: name, ...time, fallback });
  const count = { read: wholeNumber, expects: "a whole number" };
  const pool = effective(layers, {
    annotations: [`${key}keepalive`],
    configKey: "keepalive",
    ...count,
    fallback: 0,
  });
  const tries = effective(layers, {
    annotations: [`${key}proxy-next-upstream-tries`],
    configKey: "proxy-next-upstream-tries",
    ...count,
    fallback: 0,
  });
  const listed = (name: string): boolean =>
    (layers.annotations[`${key}${name}`] ?? "").split(",").some((s) => s.trim() === service);
  const secure = listed("ssl-services");
  const grpc = listed("grpc-services");
  const annotated = secure ? "ssl-services" : "grpc-services";
  const rate = /^(\d+)r\/([sm])$/;
  const perUnit = (unit: string) => ({
    read: (text: string): number | undefined => {
      const match = rate.exec(text.trim());
      return match?.[2] === unit ? Number(match[1]) : undefined;
    },
    expects: "a rate such as 10r/s",
    annotations: [`${key}limit-req-rate`],
  });
  return {
    ...plainSettings(layers, defaults),
    connectTimeoutMs: written("proxy-connect-timeout", defaults.connectTimeoutMs),
    readTimeoutMs: written("proxy-read-timeout", defaults.readTimeoutMs),
    sendTimeoutMs: written("proxy-send-timeout", defaults.sendTimeoutMs),
    nextUpstreamTries: tries.value === 0 ? { ...tries, value: defaults.nextUpstreamTries } : tries,
    upstreamKeepaliveMs: pool.value > 0 ? { ...pool, value: 60_000 } : { ...pool, value: 0 },
    bufferSizeBytes: effective(layers, {
      annotations: [`${key}proxy-buffer-size`],
      configKey: "proxy-buffer-size",
      read: nginxSize,
      expects: "a size such as 8k",
      fallback: defaults.bufferSizeBytes,
    }),
    backendProtocol:
      secure || grpc
        ? {
            value: grpc ? (secure ? "GRPCS" : "GRPC") : "HTTPS",
            from: "annotation",
            source: `${layers.annotated} annotation ${key}${annotated}`,
          }
        : byDefault(layers, "HTTP", false),
    ...maybe("limitRps", quiet(layers, perUnit("s"))),
    ...maybe("limitRpm", quiet(layers, perUnit("m"))),
    snippets: snippetsOf(
      layers,
      ["main-snippets", "http-snippets", "server-snippets", "location-snippets"],
      [`${key}server-snippets`, `${key}location-snippets`],
      true,
    ),
  };
}

/** Reads a value whose unit picks the setting, so that the other unit is no mistake to report. */
function quiet(layers: Layers, written: Parameters<typeof optional<number>>[1]): Setting<number> | undefined {
  return optional({ ...layers, ignored: [] }, written);
}

/** Both HAProxy controllers name their timeouts alike; a bare number is milliseconds. */
export function haproxySettings(layers: Layers, defaults: GatewayDefaults): GatewaySettings {
  const prefixes = ["haproxy.org/", "haproxy-ingress.github.io/", "ingress.kubernetes.io/"];
  const keys = (name: string): readonly string[] => prefixes.map((prefix) => `${prefix}${name}`);
  const written = (name: string, fallback: number): Setting<number> =>
    effective(layers, {
      annotations: keys(name),
      configKey: name,
      read: haproxyTime,
      expects: "a time such as 50s",
      fallback,
    });
  const server = written("timeout-server", defaults.readTimeoutMs);
  const secure = optional(layers, {
    annotations: [...keys("server-ssl"), ...keys("secure-backends"), ...keys("backend-protocol")],
    read: (text) => (/^(true|h[12]-ssl|https|grpcs)$/i.test(text) ? "HTTPS" : "HTTP"),
    expects: "a protocol",
  });
  return {
    ...plainSettings(layers, defaults),
    connectTimeoutMs: written("timeout-connect", defaults.connectTimeoutMs),
    readTimeoutMs: server,
    sendTimeoutMs: server,
    ...maybe("backendProtocol", secure),
    ...maybe(
      "limitConnections",
      optional(layers, {
        annotations: keys("limit-connections"),
        read: wholeNumber,
        expects: "a whole number",
      }),
    ),
  };
}

/** Traefik: timers are flags of the process, the scheme is an annotation or the port of the Service. */
export function traefikSettings(
  layers: Layers,
  defaults: GatewayDefaults,
  flags: Flags | undefined,
  service: Service | undefined,
  portOf: { readonly number?: number; readonly name?: string } | undefined,
): GatewaySettings {
  const timer = (name: string, fallback: number): Setting<number> => {
    const key = `serverstransport.forwardingtimeouts.${name}`;
    const value = flags === undefined ? undefined : goDuration(firstFlag(flags, [key]) ?? "");
    if (value === undefined)
      return flags === undefined ? byDefault(layers, fallback) : byDefault(layers, fallback, false);
    return {
      value: value === 0 ? Number.POSITIVE_INFINITY : value,
      from: "args",
      source: `flag --${key} of traefik`,
    };
  };
  const prefix = "traefik.ingress.kubernetes.io/service.";
  const annotations = texts(service?.metadata?.annotations);
  const name = `Service ${service?.metadata?.namespace ?? "default"}/${service?.metadata?.name ?? ""}`;
  const scheme = annotations[`${prefix}serversscheme`];
  const port = items(service?.spec?.ports).find((p) => p.port === portOf?.number || p.name === portOf?.name);
  const byPort = port?.port === 443 || port?.name?.startsWith("https") === true;
  const protocol: Setting<string> =
    scheme !== undefined
      ? {
          value: scheme.toUpperCase(),
          from: "annotation",
          source: `${name} annotation ${prefix}serversscheme`,
        }
      : byPort
        ? {
            value: "HTTPS",
            from: "default",
            source: `${name} port ${port?.name ?? port?.port}: traefik speaks TLS to it`,
          }
        : byDefault(layers, "HTTP", false);
  return {
    ...plainSettings(layers, defaults),
    connectTimeoutMs: timer("dialtimeout", defaults.connectTimeoutMs),
    readTimeoutMs: timer("responseheadertimeout", defaults.readTimeoutMs),
    upstreamKeepaliveMs: timer("idleconntimeout", defaults.upstreamKeepaliveMs),
    backendProtocol: protocol,
  };
}
