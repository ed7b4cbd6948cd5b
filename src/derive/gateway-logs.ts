import { type Evidence, type LogStream, nameOf, namespaceOf, nowMs } from "../evidence/evidence.ts";
import type { ObjectRef } from "../evidence/object-ref.ts";
import { type Observed, present, unknown } from "../evidence/observed.ts";
import { type GatewayScan, scanGatewayLogs } from "../logs/scan-gateway.ts";
import { findObject } from "./coverage.ts";
import { gatewayConfig } from "./gateway-config.ts";
import { gatewayPods } from "./gateway-processes.ts";
import { oncePer } from "./once.ts";

const given = new WeakMap<Evidence, GatewayScan>();

/** The same evidence with a scan of log files in the place of its gateways' own streams: files may be larger than memory. */
export function withScan(evidence: Evidence, scan: GatewayScan): Evidence {
  const scanned = { ...evidence };
  given.set(scanned, scan);
  return scanned;
}

/** The logs of every gateway, scanned once per evidence; unknown when none could be read. */
export const gatewayScan = oncePer((evidence: Evidence): Observed<GatewayScan> => {
  const scan = given.get(evidence);
  if (scan !== undefined) return present(scan);
  const streams = gatewayStreams(evidence);
  const read = streams.filter((stream) => stream.bytes !== undefined);
  if (read.length > 0) {
    return present(scanGatewayLogs(read, { nowMs: nowMs(evidence), formats: logFormats(evidence) }));
  }
  const reason = streams.find((stream) => stream.reason !== undefined)?.reason;
  return unknown("gateway-log", reason ?? "no log of a gateway was read; give one with --access-log FILE");
});

/** Streams of gateways' pods, and log files that were given as such. */
const gatewayStreams = oncePer((evidence: Evidence): readonly LogStream[] =>
  evidence.logs.filter((stream) => stream.role !== "container" || isGatewayStream(evidence, stream)),
);

/** Logs given as files may be of any gateway; those of pods count for a gateway that has the pod. */
export function hasLogOf(evidence: Evidence, pods: readonly ObjectRef[]): boolean {
  if (given.has(evidence)) return true;
  const names = new Set(pods.map((p) => `${p.namespace}/${p.name}`));
  return gatewayStreams(evidence).some(
    (stream) =>
      stream.bytes !== undefined &&
      (stream.pod === undefined ||
        names.has(`${stream.namespace}/${stream.pod}`) ||
        hasGone(evidence, stream)),
  );
}

/** A pod that was not read, or is gone, is known by the name that charts and manifests give it. */
function isGatewayStream(evidence: Evidence, stream: LogStream): boolean {
  const { namespace, pod, container } = stream;
  if (pod === undefined) return false;
  const known = gatewayPods(evidence).find((g) => nameOf(g.pod) === pod && namespaceOf(g.pod) === namespace);
  if (known !== undefined) return container === undefined || container === known.container.name;
  return hasGone(evidence, stream) && gatewayName.test(pod) && !sideContainer.test(container ?? "");
}

const gatewayName =
  /(^|-)(ingress-nginx-controller|nginx-ingress(-controller|-microk8s)?|ingress-controller|traefik|haproxy-ingress|kong)-/;
const sideContainer = /^(istio-proxy|linkerd-proxy|metrics|config-reloader|admission.*)$/;

const hasGone = (evidence: Evidence, stream: LogStream): boolean =>
  findObject(evidence, "pods", stream.namespace ?? "default", stream.pod ?? "") === undefined;

const formatKeys = ["log-format-upstream", "log-format"];

/** nginx `log_format` strings by pod; when all pods share one, files without a pod are read with it, too. */
function logFormats(evidence: Evidence): Record<string, string> {
  const formats = new Map<string, string>();
  for (const gateway of gatewayPods(evidence)) {
    const { config } = gatewayConfig(evidence, gateway);
    const format = formatKeys.map((key) => config?.[key]).find((text) => text !== undefined && text !== "");
    if (format !== undefined) formats.set(`${namespaceOf(gateway.pod)}/${nameOf(gateway.pod)}`, format);
  }
  const distinct = new Set(formats.values());
  const [only] = distinct;
  if (distinct.size === 1 && only !== undefined) formats.set("*", only);
  return Object.fromEntries(formats);
}
