import type { Cluster } from "../cluster/cluster.ts";
import { namespace } from "../cluster/gateway.ts";
import { meta } from "../cluster/store.ts";
import { hexOf } from "../ids.ts";
import type { Line } from "../lines.ts";
import type { Seen } from "./front-log.ts";

/** Istio's ingress gateway beside ingress-nginx, and a class "istio" for Ingresses that it serves. */
export function installIstio(c: Cluster): void {
  c.store.put("namespaces", namespace("istio-system"));
  c.add("ingressclasses", {
    metadata: meta("IngressClass", undefined, "istio", { created: "-90d" }),
    spec: { controller: "istio.io/ingress-controller" },
  });
  c.addApp("istio-system", "istio-ingressgateway", {
    replicas: 2,
    port: 8080,
    created: "-30d",
    labels: { istio: "ingressgateway" },
    image: "docker.io/istio/proxyv2:1.27.3",
  });
}

/**
 * Lines of Istio's text format (istio pilot/pkg/model/telemetry_logging.go `EnvoyTextLogFormat`). `words` are flag and
 * details: "UO upstream_reset_before_response_started{overflow}".
 */
export function istioLog(host: string, cluster: string, seen: readonly Seen[]): Line[] {
  return seen.map((one, i) => ({ atMs: one.atMs, text: lineOf(host, cluster, one, i) }));
}

function lineOf(host: string, cluster: string, one: Seen, i: number): string {
  const [flags = "-", details = "via_upstream"] = one.words?.split(" ") ?? [];
  const upstream = one.target ?? "-";
  const served = one.answered === undefined ? "-" : String(Math.max(1, one.elapsedMs - 1));
  const client = `203.0.113.${5 + (i % 50)}`;
  const id = hexOf(`${host} ${one.atMs} ${i}`);
  const requestId = `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-9${id.slice(17, 20)}-${id.slice(20, 32)}`;
  const rest = upstream === "-" ? "-" : "10.42.1.9:51234";
  return [
    `[${new Date(one.atMs - one.elapsedMs).toISOString()}]`,
    `"${one.method} ${one.path} HTTP/1.1" ${one.status} ${flags} ${details} - "-"`,
    `0 ${one.status === 200 ? 1480 : 95} ${one.elapsedMs} ${served}`,
    `"${client}" "Mozilla/5.0 (X11; Linux x86_64) Firefox/143.0" "${requestId}" "${host}" "${upstream}"`,
    `${cluster} ${rest} 10.42.1.9:8080 ${client}:${41_000 + i} - -`,
  ].join(" ");
}
