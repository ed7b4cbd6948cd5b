import type { Service } from "kubernetes-types/core/v1";
import { type Evidence, get, list, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { type ObjectRef, ref } from "../evidence/object-ref.ts";
import { firstFlag } from "./gateway-args.ts";
import type { GatewayPod } from "./gateway-pods.ts";
import { serviceSelects } from "./selectors.ts";
import { compareText, texts } from "./shape.ts";

/** The controller's ConfigMap. No `config`: it was not read, or this kind takes none we know. */
export interface GatewayConfig {
  readonly config?: Readonly<Record<string, string>>;
  readonly configRef?: ObjectRef;
}

const configFlags = ["configmap", "nginx-configmaps"];
const kindsWithConfigMap = new Set(["ingress-nginx", "nginx-ingress", "haproxy"]);

/** Data of the ConfigMap that the controller's flag names; empty when no flag names one or it does not exist. A name that was not expanded is not known. */
export function gatewayConfig(evidence: Evidence, gateway: GatewayPod): GatewayConfig {
  if (!kindsWithConfigMap.has(gateway.kind)) return {};
  const flag = firstFlag(gateway.flags, configFlags);
  if (flag === undefined) return gateway.args.length === 0 ? {} : { config: {} };
  if (flag.includes("$(")) return {};
  const slash = flag.indexOf("/");
  const namespace = slash < 0 ? namespaceOf(gateway.pod) : flag.slice(0, slash);
  const name = flag.slice(slash + 1);
  const configRef = ref("ConfigMap", name, namespace);
  const object = get(evidence, "configmaps", name, namespace);
  if (object.state === "present") return { config: texts(object.value.data), configRef };
  return object.state === "absent" ? { config: {}, configRef } : { configRef };
}

/**
 * The Service in front of a gateway's pods: the one that `--publish-service` names, else one that
 * selects the pod and is reachable from outside, a LoadBalancer before a NodePort.
 */
export function gatewayService(evidence: Evidence, gateway: GatewayPod): Service | undefined {
  const namespace = namespaceOf(gateway.pod);
  const services = list(evidence, "services", namespace);
  if (services.state !== "present") return undefined;
  const labels = texts(gateway.pod.metadata?.labels);
  const published = firstFlag(gateway.flags, ["publish-service", "ingress.publish-service"]);
  const outside = services.value
    .filter((s) => serviceSelects(s, labels))
    .filter((s) => s.spec?.type === "LoadBalancer" || s.spec?.type === "NodePort")
    .sort((a, b) => rank(a) - rank(b) || compareText(nameOf(a), nameOf(b)));
  return services.value.find((s) => `${namespace}/${nameOf(s)}` === published) ?? outside[0];
}

const rank = (service: Service): number => (service.spec?.type === "LoadBalancer" ? 0 : 1);
