import { type Layers, effective, optional, type Written } from "./setting-layers.ts";
import { goBool, nginxSize, statusCodes, wholeNumber, wholeSeconds } from "./setting-values.ts";
import { type GatewayDefaults } from "./settings-defaults.ts";
import { maybe } from "./shape.ts";
import type { GatewaySettings, Setting } from "./views.ts";

const seconds = { read: wholeSeconds, expects: "a whole number of seconds, without a unit" };

/**
 * ingress-nginx: annotation over ConfigMap over default. Timeouts are whole seconds: a value such
 * as "60s" is ignored and the next level holds (internal/ingress/annotations/proxy/main.go).
 */
export function ingressNginxSettings(
  layers: Layers,
  prefix: string,
  defaults: GatewayDefaults,
): GatewaySettings {
  const both = (name: string): Pick<Written<never>, "annotations" | "configKey"> => ({
    annotations: [`${prefix}${name}`],
    configKey: name,
  });
  const only = (name: string): Pick<Written<never>, "annotations"> => ({ annotations: [`${prefix}${name}`] });
  const nextUpstream = effective(layers, {
    ...both("proxy-next-upstream"),
    ...words,
    fallback: "error timeout",
  });
  return {
    connectTimeoutMs: effective(layers, {
      ...both("proxy-connect-timeout"),
      ...seconds,
      fallback: defaults.connectTimeoutMs,
    }),
    readTimeoutMs: effective(layers, {
      ...both("proxy-read-timeout"),
      ...seconds,
      fallback: defaults.readTimeoutMs,
    }),
    sendTimeoutMs: effective(layers, {
      ...both("proxy-send-timeout"),
      ...seconds,
      fallback: defaults.sendTimeoutMs,
    }),
    nextUpstream,
    nextUpstreamTries: tries(layers, prefix, defaults, nextUpstream),
    upstreamKeepaliveMs: keepalive(layers, defaults),
    bufferSizeBytes: effective(layers, {
      ...both("proxy-buffer-size"),
      read: nginxSize,
      expects: "a size such as 8k",
      fallback: defaults.bufferSizeBytes,
    }),
    backendProtocol: effective(layers, { ...only("backend-protocol"), ...protocol, fallback: "HTTP" }),
    ...maybe("limitRps", limit(layers, `${prefix}limit-rps`)),
    ...maybe("limitRpm", limit(layers, `${prefix}limit-rpm`)),
    ...maybe("limitConnections", limit(layers, `${prefix}limit-connections`)),
    proxySslVerify: sslVerify(layers, prefix),
    serviceUpstream: effective(layers, { ...both("service-upstream"), ...boolean, fallback: false }),
    ...maybe("affinity", optional(layers, { ...only("affinity"), ...words })),
    customHttpErrors: intercepted(layers, prefix),
    snippets: [],
    ignored: layers.ignored,
  };
}

const words = { read: (text: string): string | undefined => text.trim() || undefined, expects: "a value" };
const boolean = { read: goBool, expects: "true or false" };

const protocols = ["AUTO_HTTP", "HTTP", "HTTPS", "GRPC", "GRPCS", "FCGI"];
const protocol = {
  read: (text: string): string | undefined => protocols.find((p) => p === text.trim().toUpperCase()),
  expects: protocols.join(", "),
};

/** Zero or less is the same as no limit. */
function limit(layers: Layers, key: string): Setting<number> | undefined {
  const written = optional(layers, { annotations: [key], read: wholeNumber, expects: "a whole number" });
  return written !== undefined && written.value > 0 ? written : undefined;
}

/** "off" allows no second try; 0 tries means every peer once. */
function tries(
  layers: Layers,
  prefix: string,
  defaults: GatewayDefaults,
  conditions: Setting<string>,
): Setting<number> {
  const written = effective(layers, {
    annotations: [`${prefix}proxy-next-upstream-tries`],
    configKey: "proxy-next-upstream-tries",
    read: wholeNumber,
    expects: "a whole number",
    fallback: defaults.nextUpstreamTries,
  });
  if (conditions.value.split(/\s+/).includes("off")) return { ...conditions, value: 1 };
  return written.value === 0 ? { ...written, value: Number.POSITIVE_INFINITY } : written;
}

/** Without a pool of idle connections nothing is reused, whatever the timeout says. */
function keepalive(layers: Layers, defaults: GatewayDefaults): Setting<number> {
  const pool = effective(layers, {
    configKey: "upstream-keepalive-connections",
    read: wholeNumber,
    expects: "a whole number",
    fallback: 320,
  });
  if (pool.value <= 0) return { ...pool, value: 0 };
  return effective(layers, {
    configKey: "upstream-keepalive-timeout",
    ...seconds,
    fallback: defaults.upstreamKeepaliveMs,
  });
}

/** Verification is read only together with proxy-ssl-secret: internal/ingress/annotations/proxyssl/main.go. */
function sslVerify(layers: Layers, prefix: string): Setting<boolean> {
  const written = effective(layers, {
    annotations: [`${prefix}proxy-ssl-verify`],
    read: (text): boolean | undefined => (text === "on" ? true : text === "off" ? false : undefined),
    expects: "on or off",
    fallback: false,
  });
  const secret = `${prefix}proxy-ssl-secret`;
  if (!written.value || layers.annotations[secret] !== undefined) return written;
  return { value: false, from: "default", source: `${written.source} has no effect without ${secret}` };
}

function intercepted(layers: Layers, prefix: string): readonly number[] {
  const switched = effective(layers, {
    annotations: [`${prefix}disable-proxy-intercept-errors`],
    configKey: "disable-proxy-intercept-errors",
    ...boolean,
    fallback: false,
  });
  if (switched.value) return [];
  const text =
    layers.annotations[`${prefix}custom-http-errors`] ?? layers.config?.["custom-http-errors"] ?? "";
  return statusCodes(text);
}
