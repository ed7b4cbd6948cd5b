import { byDefault, type Layers } from "./setting-layers.ts";
import type { GatewayDefaults } from "./settings-defaults.ts";
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
