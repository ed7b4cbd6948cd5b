import type { Ingress } from "kubernetes-types/networking/v1";
import { codesOf } from "./settings.ts";

/** What holds for the locations of one Ingress: its annotations over the gateway's ConfigMap over the defaults. */
export interface LocationSettings {
  readonly protocol: "HTTP" | "HTTPS" | "GRPC" | "GRPCS" | "AUTO_HTTP";
  readonly connectTimeoutS: string;
  readonly readTimeoutS: string;
  readonly sendTimeoutS: string;
  readonly bodySize: string;
  readonly buffering: string;
  readonly bufferSize: string;
  readonly buffersNumber: string;
  readonly requestBuffering: string;
  readonly httpVersion: string;
  readonly nextUpstream: string;
  readonly nextUpstreamTries: string;
  readonly nextUpstreamTimeoutS: string;
  readonly rewriteTarget?: string;
  readonly useRegex: boolean;
  readonly upstreamVhost?: string;
  /** Requests go to the Service's own address. */
  readonly serviceUpstream: boolean;
  readonly limits: Limits;
  readonly canary?: Canary;
  readonly customHttpErrors: readonly string[];
  /** Name of the Service that answers for failures and where no endpoint is ready. */
  readonly defaultBackend?: string;
  readonly configurationSnippet: string;
  readonly serverSnippet: string;
  /** Cookie that keeps a client at one endpoint. */
  readonly affinityCookie?: string;
  readonly proxySsl: ProxySsl;
  readonly authSecret?: string;
}

interface Limits {
  readonly rps: number;
  readonly rpm: number;
  readonly connections: number;
  readonly burstMultiplier: number;
}

export interface Canary {
  readonly weight: number;
  readonly weightTotal: number;
  readonly header: string;
  readonly headerValue: string;
  readonly cookie: string;
}

interface ProxySsl {
  readonly verify: string;
  readonly verifyDepth: string;
  readonly serverName: string;
  readonly name?: string;
  /** "namespace/name" of the Secret with ca.crt. */
  readonly secret?: string;
}

const prefix = "nginx.ingress.kubernetes.io/";
const protocols = ["HTTP", "HTTPS", "GRPC", "GRPCS", "AUTO_HTTP"] as const;

/** Defaults: kubernetes/ingress-nginx internal/ingress/controller/config/config.go `NewDefault`. */
export function locationSettings(
  ingress: Ingress | undefined,
  configMap: Readonly<Record<string, string>>,
  allowSnippets: boolean,
): LocationSettings {
  const annotations = ingress?.metadata?.annotations ?? {};
  const own = (name: string): string | undefined => annotations[`${prefix}${name}`];
  const text = (name: string, fallback: string): string => own(name) ?? configMap[name] ?? fallback;
  const written = own("backend-protocol")?.toUpperCase();
  const snippet = (name: string): string => (allowSnippets ? (own(name) ?? "") : "");
  return {
    protocol: protocols.find((p) => p === written) ?? "HTTP",
    connectTimeoutS: text("proxy-connect-timeout", "5"),
    readTimeoutS: text("proxy-read-timeout", "60"),
    sendTimeoutS: text("proxy-send-timeout", "60"),
    bodySize: text("proxy-body-size", "1m"),
    buffering: text("proxy-buffering", "off"),
    bufferSize: text("proxy-buffer-size", "4k"),
    buffersNumber: text("proxy-buffers-number", "4"),
    requestBuffering: text("proxy-request-buffering", "on"),
    httpVersion: text("proxy-http-version", "1.1"),
    nextUpstream: text("proxy-next-upstream", "error timeout"),
    nextUpstreamTries: text("proxy-next-upstream-tries", "3"),
    nextUpstreamTimeoutS: text("proxy-next-upstream-timeout", "0"),
    ...maybe("rewriteTarget", own("rewrite-target")),
    useRegex: own("use-regex") === "true",
    ...maybe("upstreamVhost", own("upstream-vhost")),
    serviceUpstream: text("service-upstream", "false") === "true",
    limits: limitsOf(own),
    ...maybe("canary", canaryOf(own)),
    customHttpErrors: codesOf(own("custom-http-errors")),
    ...maybe("defaultBackend", own("default-backend")),
    configurationSnippet: snippet("configuration-snippet"),
    serverSnippet: snippet("server-snippet"),
    ...maybe(
      "affinityCookie",
      own("affinity") === "cookie" ? (own("session-cookie-name") ?? "INGRESSCOOKIE") : undefined,
    ),
    proxySsl: proxySslOf(own),
    ...maybe("authSecret", authSecretOf(own, ingress?.metadata?.namespace ?? "default")),
  };
}

type Own = (name: string) => string | undefined;

const whole = (text: string | undefined): number => Math.max(0, Math.floor(Number(text ?? 0)) || 0);

/** kubernetes/ingress-nginx internal/ingress/annotations/ratelimit/main.go: the burst is five times the rate. */
const limitsOf = (own: Own): Limits => ({
  rps: whole(own("limit-rps")),
  rpm: whole(own("limit-rpm")),
  connections: whole(own("limit-connections")),
  burstMultiplier: whole(own("limit-burst-multiplier")) || 5,
});

function canaryOf(own: Own): Canary | undefined {
  if (own("canary") !== "true") return undefined;
  return {
    weight: whole(own("canary-weight")),
    weightTotal: Math.max(100, whole(own("canary-weight-total"))),
    header: own("canary-by-header") ?? "",
    headerValue: own("canary-by-header-value") ?? "",
    cookie: own("canary-by-cookie") ?? "",
  };
}

const proxySslOf = (own: Own): ProxySsl => ({
  verify: own("proxy-ssl-verify") ?? "off",
  verifyDepth: own("proxy-ssl-verify-depth") ?? "1",
  serverName: own("proxy-ssl-server-name") ?? "off",
  ...maybe("name", own("proxy-ssl-name")),
  ...maybe("secret", own("proxy-ssl-secret")),
});

function authSecretOf(own: Own, namespace: string): string | undefined {
  const secret = own("auth-secret");
  if (own("auth-type") !== "basic" || secret === undefined) return undefined;
  return secret.includes("/") ? secret : `${namespace}/${secret}`;
}

function maybe<K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: V };
}
