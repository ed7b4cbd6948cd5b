import type { Observed } from "../evidence/observed.ts";
import { firstFlag, flagsOf } from "./gateway-args.ts";
import { recogniseGateway } from "./gateway-pods.ts";
import { goDuration, haproxyTime, nginxTime, wholeSeconds } from "./setting-values.ts";
import { knownTimer, offTimer, type Rung, type Timer, type TimerKind, unknownTimer } from "./timer.ts";
import type { Gateway, GatewayKind, GatewaySettings, Route, Setting } from "./views.ts";

/** The gateway: how long it waits for the backend, keeps connections to it, and keeps those of its clients. */
export function gatewayRung(
  route: Route,
  gateway: Observed<Gateway>,
  settings: Observed<GatewaySettings>,
): Rung {
  const known = gateway.state === "present" ? gateway.value : undefined;
  const kind = known === undefined || known.kind === "unknown" ? route.gatewayKind : known.kind;
  const name = kind === "unknown" || kind === "other" ? "gateway" : `${kind}${versionText(known)}`;
  if (settings.state !== "present") {
    const why = settings.state === "unknown" ? settings.reason : settings.why;
    const kinds: readonly TimerKind[] = ["connect", "response", "idle-out", "idle-in"];
    return { hop: "gateway", name, timers: kinds.map((k) => unknownTimer(k, why)) };
  }
  const s = settings.value;
  const attributes = balancerTimer(route, kind);
  return {
    hop: "gateway",
    name,
    timers: [
      fromSetting("connect", s.connectTimeoutMs),
      attributes === undefined
        ? fromSetting("response", s.readTimeoutMs)
        : { ...attributes, kind: "response" },
      fromSetting("tries", s.nextUpstreamTries),
      attributes === undefined ? idleOut(s.upstreamKeepaliveMs) : { ...attributes, kind: "idle-out" },
      clientIdle(kind, known),
    ],
  };
}

/** " v1.12.1": the tag of the image that its pods run, as defaults are those of a version. */
function versionText(gateway: Gateway | undefined): string {
  const pod = gateway?.pods[0]?.pod;
  const image = pod === undefined ? undefined : recogniseGateway(pod)?.container.image;
  const tag = /:(v?\d[\w.-]{0,40})(?:@|$)/.exec(image ?? "")?.[1];
  return tag === undefined ? "" : ` ${tag}`;
}

const fromSetting = (kind: TimerKind, setting: Setting<number>): Timer =>
  knownTimer(kind, setting.value, setting.from, setting.source, setting.assumed === true);

const idleOut = (setting: Setting<number>): Timer =>
  setting.value === 0
    ? offTimer("idle-out", `connections are not reused (${setting.source})`)
    : fromSetting("idle-out", setting);

/** An ALB's idle timeout is an attribute in an annotation: idle_timeout.timeout_seconds=120. */
function balancerTimer(route: Route, kind: GatewayKind): Timer | undefined {
  const key = "alb.ingress.kubernetes.io/load-balancer-attributes";
  const written = /(?:^|,)\s*idle_timeout\.timeout_seconds\s*=\s*(\d{1,5})/.exec(
    route.rule?.annotations[key] ?? "",
  )?.[1];
  if (kind !== "aws-lbc" || written === undefined) return undefined;
  const source = `Ingress ${route.rule?.object.namespace}/${route.rule?.object.name} annotation ${key}`;
  return knownTimer("response", Number(written) * 1000, "annotation", source);
}

interface ClientIdle {
  readonly ms: number;
  readonly configKeys?: readonly string[];
  readonly read?: (text: string) => number | undefined;
  readonly source: string;
}

/** Idle connections of clients. Sources: each project's own configuration reference. */
const clientIdles: { readonly [K in GatewayKind]?: ClientIdle } = {
  "ingress-nginx": {
    ms: 75_000,
    configKeys: ["keep-alive"],
    read: wholeSeconds,
    source: "default of ingress-nginx",
  },
  "nginx-ingress": {
    ms: 75_000,
    configKeys: ["keepalive-timeout"],
    read: nginxTime,
    source: "default of nginx-ingress",
  },
  traefik: { ms: 180_000, source: "default of traefik" },
  haproxy: {
    ms: 60_000,
    // haproxytech's controller, haproxy-ingress.
    configKeys: ["timeout-http-keep-alive", "timeout-keep-alive"],
    read: haproxyTime,
    source: "default of haproxy",
  },
  contour: { ms: 3_600_000, source: "default of Envoy" },
  "envoy-gateway": { ms: 3_600_000, source: "default of Envoy" },
  istio: { ms: 3_600_000, source: "default of Envoy" },
  "aws-lbc": { ms: 3_600_000, source: "default of an Application Load Balancer" },
  gce: { ms: 610_000, source: "fixed in Google's load balancer" },
};

const traefikIdleFlag = /^entrypoints\.[\w-]+\.transport\.respondingtimeouts\.idletimeout$/;

function clientIdle(kind: GatewayKind, gateway: Gateway | undefined): Timer {
  const standard = clientIdles[kind];
  if (standard === undefined) return unknownTimer("idle-in", `not known for a gateway of kind "${kind}"`);
  if (kind === "traefik" && gateway !== undefined) {
    const flags = flagsOf(gateway.args);
    const name = [...flags.keys()].find((key) => traefikIdleFlag.test(key));
    const ms = name === undefined ? undefined : goDuration(firstFlag(flags, [name]) ?? "");
    if (ms !== undefined) return knownTimer("idle-in", ms, "args", `flag --${name} of traefik`);
  }
  const { configKeys, read } = standard;
  if (configKeys !== undefined && gateway?.config !== undefined) {
    for (const key of configKeys) {
      const written = gateway.config[key];
      const ms = written === undefined ? undefined : read?.(written);
      const place = `ConfigMap ${gateway.configRef?.namespace}/${gateway.configRef?.name} key ${key}`;
      if (ms !== undefined) return knownTimer("idle-in", ms, "configmap", place);
    }
    return knownTimer("idle-in", standard.ms, "default", standard.source);
  }
  const isAssumed = configKeys !== undefined || (kind === "traefik" && gateway === undefined);
  const note = isAssumed ? " (its configuration was not read)" : "";
  return knownTimer("idle-in", standard.ms, "default", `${standard.source}${note}`, isAssumed);
}
