import type { ConfigMap, Service } from "kubernetes-types/core/v1";
import type { Ingress } from "kubernetes-types/networking/v1";

/** What holds for all of the gateway: jcmoraisjr/haproxy-ingress pkg/converters/ingress/defaults.go. */
export interface GlobalSettings {
  readonly timeoutClient: string;
  readonly maxConnections: string;
  /** Absent: `option httplog`. */
  readonly logFormat?: string;
  readonly logLength: string;
  readonly timeoutStop: string;
  readonly globalSnippet: string;
  readonly frontendSnippet: string;
}

export interface BackendSettings {
  readonly timeoutConnect: string;
  readonly timeoutServer: string;
  readonly timeoutQueue: string;
  readonly timeoutHttpRequest: string;
  readonly timeoutKeepAlive: string;
  readonly balance: string;
  readonly retries: string;
  /** "h1", "h1-ssl", "h2" or "h2-ssl". */
  readonly protocol: string;
  readonly verifyHost: boolean;
  readonly checkInterval: string;
  readonly checkUri?: string;
  readonly maxconnServer?: string;
  readonly limitRps?: string;
  readonly limitConnections?: string;
  readonly rewriteTarget?: string;
  readonly snippet: string;
}

const prefixes = ["haproxy-ingress.github.io/", "ingress.kubernetes.io/"];

export function globalSettings(configMap: ConfigMap | undefined): GlobalSettings {
  const data = configMap?.data ?? {};
  const logFormat = data["http-log-format"];
  return {
    timeoutClient: data["timeout-client"] ?? "50s",
    maxConnections: data["max-connections"] ?? "2000",
    ...(logFormat === undefined ? {} : { logFormat }),
    logLength: data["syslog-length"] ?? "1024",
    timeoutStop: data["timeout-stop"] ?? "10m",
    globalSnippet: data["config-global"] ?? "",
    frontendSnippet: data["config-frontend"] ?? "",
  };
}

/** Annotations of the Service over those of the Ingress over the ConfigMap over the defaults. */
export function backendSettings(
  ingress: Ingress,
  service: Service | undefined,
  configMap: ConfigMap | undefined,
): BackendSettings {
  const layers = [service?.metadata?.annotations, ingress.metadata?.annotations];
  const own = (name: string): string | undefined => {
    const written = layers.flatMap((layer) => prefixes.map((prefix) => layer?.[`${prefix}${name}`]));
    return written.find((text) => text !== undefined) ?? configMap?.data?.[name];
  };
  return {
    timeoutConnect: own("timeout-connect") ?? "5s",
    timeoutServer: own("timeout-server") ?? "50s",
    timeoutQueue: own("timeout-queue") ?? "5s",
    timeoutHttpRequest: own("timeout-http-request") ?? "5s",
    timeoutKeepAlive: own("timeout-keep-alive") ?? "1m",
    balance: own("balance-algorithm") ?? "roundrobin",
    // haproxy's own default.
    retries: own("retries") ?? "3",
    protocol: (own("backend-protocol") ?? "h1").toLowerCase(),
    verifyHost: own("secure-verify-ca-secret") !== undefined,
    checkInterval: own("health-check-interval") ?? own("backend-check-interval") ?? "2s",
    ...maybe("checkUri", own("health-check-uri")),
    ...maybe("maxconnServer", own("maxconn-server")),
    ...maybe("limitRps", own("limit-rps")),
    ...maybe("limitConnections", own("limit-connections")),
    ...maybe("rewriteTarget", own("rewrite-target")),
    snippet: own("config-backend") ?? "",
  };
}

function maybe<K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: V };
}
