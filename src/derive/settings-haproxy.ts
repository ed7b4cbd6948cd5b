import { effective, type Layers, optional } from "./setting-layers.ts";
import { haproxyTime, wholeNumber } from "./setting-values.ts";
import type { GatewayDefaults } from "./settings-defaults.ts";
import { snippetsOf } from "./settings-snippets.ts";
import { plainSettings } from "./settings-plain.ts";
import { maybe } from "./shape.ts";
import type { GatewaySettings, Setting } from "./views.ts";

/**
 * Directives that are put into haproxy.cfg as they are: jcmoraisjr/haproxy-ingress pkg/converters/ingress/types/annotations.go
 * and global.go, haproxytech/kubernetes-ingress documentation/annotations.md.
 */
const backendSnippets = [
  "config-backend",
  "config-backend-early",
  "config-backend-late",
  "backend-config-snippet",
];
const frontendSnippets = [
  "config-frontend",
  "config-frontend-early",
  "config-frontend-late",
  "frontend-config-snippet",
];

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
    snippets: snippetsOf(
      layers,
      [...frontendSnippets, ...backendSnippets],
      backendSnippets.flatMap(keys),
      true,
    ),
  };
}
