import type { KubeObject } from "../../stored-object.ts";
import { isObject, listOf, objectAt, objectsOf, setDefault } from "../json.ts";

/** kubernetes/kubernetes pkg/apis/core/v1/defaults.go, SetDefaults_Service; addresses are given elsewhere. */
export function defaultService(service: KubeObject): void {
  const spec = objectAt(service, "spec");
  setDefault(spec, "type", "ClusterIP");
  setDefault(spec, "sessionAffinity", "None");
  if (spec["sessionAffinity"] === "ClientIP")
    setDefault(spec, "sessionAffinityConfig", { clientIP: { timeoutSeconds: 10_800 } });
  for (const port of objectsOf(spec["ports"])) {
    setDefault(port, "protocol", "TCP");
    if (port["targetPort"] === undefined || port["targetPort"] === 0 || port["targetPort"] === "")
      port["targetPort"] = port["port"];
  }
  const isExternal = spec["type"] === "NodePort" || spec["type"] === "LoadBalancer";
  if (isExternal) setDefault(spec, "externalTrafficPolicy", "Cluster");
  if (spec["type"] === "LoadBalancer") setDefault(spec, "allocateLoadBalancerNodePorts", true);
  if (spec["type"] === "ExternalName") return;
  setDefault(spec, "internalTrafficPolicy", "Cluster");
  setDefault(spec, "ipFamilies", ["IPv4"]);
  setDefault(spec, "ipFamilyPolicy", "SingleStack");
}

export function defaultEndpoints(endpoints: KubeObject): void {
  for (const subset of objectsOf(endpoints["subsets"]))
    for (const port of objectsOf(subset["ports"])) setDefault(port, "protocol", "TCP");
}

export function defaultEndpointSlice(slice: KubeObject): void {
  for (const port of objectsOf(slice["ports"])) {
    setDefault(port, "name", "");
    setDefault(port, "protocol", "TCP");
  }
}

export function defaultNetworkPolicy(policy: KubeObject): void {
  const spec = objectAt(policy, "spec");
  setDefault(spec, "podSelector", {});
  const hasEgress = listOf(spec["egress"]).length > 0;
  setDefault(spec, "policyTypes", hasEgress ? ["Ingress", "Egress"] : ["Ingress"]);
  for (const rule of [...objectsOf(spec["ingress"]), ...objectsOf(spec["egress"])])
    for (const port of objectsOf(rule["ports"])) setDefault(port, "protocol", "TCP");
}

export function defaultIngressClass(ingressClass: KubeObject): void {
  const parameters = objectAt(ingressClass, "spec")["parameters"];
  if (isObject(parameters)) setDefault(parameters, "scope", "Cluster");
}
