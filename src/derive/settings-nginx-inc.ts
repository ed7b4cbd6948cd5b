import { byDefault, effective, type Layers, optional } from "./setting-layers.ts";
import { nginxSize, nginxTime, wholeNumber } from "./setting-values.ts";
import type { GatewayDefaults } from "./settings-defaults.ts";
import { plainSettings } from "./settings-plain.ts";
import { snippetsOf } from "./settings-snippets.ts";
import { maybe } from "./shape.ts";
import type { GatewaySettings, Setting } from "./views.ts";

const key = "nginx.org/";

/** F5 NGINX Ingress Controller: `nginx.org/` annotations over ConfigMap keys of the same name. */
export function nginxIncSettings(
  layers: Layers,
  defaults: GatewayDefaults,
  service: string,
): GatewaySettings {
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
    backendProtocol: protocol(layers, service),
    ...maybe("limitRps", rate(layers, "s")),
    ...maybe("limitRpm", rate(layers, "m")),
    snippets: snippetsOf(
      layers,
      ["main-snippets", "http-snippets", "server-snippets", "location-snippets"],
      [`${key}server-snippets`, `${key}location-snippets`],
      true,
    ),
  };
}

/** The annotations list the Services of the Ingress that are spoken to in TLS or gRPC. */
function protocol(layers: Layers, service: string): Setting<string> {
  const lists = (name: string): boolean =>
    (layers.annotations[`${key}${name}`] ?? "").split(",").some((s) => s.trim() === service);
  const secure = lists("ssl-services");
  const grpc = lists("grpc-services");
  if (!secure && !grpc) return byDefault(layers, "HTTP", false);
  const source = `${layers.annotated} annotation ${key}${secure ? "ssl-services" : "grpc-services"}`;
  return { value: grpc ? (secure ? "GRPCS" : "GRPC") : "HTTPS", from: "annotation", source };
}

/** `limit-req-rate` in requests per second ("10r/s") or minute ("600r/m"); the other unit is no mistake. */
function rate(layers: Layers, unit: "s" | "m"): Setting<number> | undefined {
  return optional(
    { ...layers, ignored: [] },
    {
      annotations: [`${key}limit-req-rate`],
      read: (text) => {
        const match = /^(\d{1,9})r\/([sm])$/.exec(text.trim());
        return match?.[2] === unit ? Number(match[1]) : undefined;
      },
      expects: "a rate such as 10r/s",
    },
  );
}
