import type { KubeObject } from "../api-server/stored-object.ts";
import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** The Ingress leads to a Service of type ExternalName, whose name nobody knows. */
export const dnsUpstreamResolutionFailure: Fault = {
  id: "dns-upstream-resolution-failure",
  title: "The name of an ExternalName Service cannot be resolved",
  causes: ["dns-upstream-resolution-failure"],
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const { app, servicePort } = shop;
    const real = { ...shop, namespace: `${shop.namespace}-${random.pick(["backend", "core", "legacy"])}` };
    const external = (externalName: string): KubeObject => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { namespace: shop.namespace, name: app },
      spec: { type: "ExternalName", externalName, ports: [{ port: servicePort, protocol: "TCP" }] },
    });
    const right = `${app}.${real.namespace}.svc.cluster.local`;
    const wrong = random.pick([
      `${app}-svc.${real.namespace}.svc.cluster.local`,
      `${app}.${real.namespace}s.svc.cluster.local`,
      `${app}.internal.example.com`,
    ]);
    return steadyPlan(random, gateway, shop, {
      objects: [
        namespaceOf(shop),
        namespaceOf(real),
        deploymentOf(real),
        serviceOf(real),
        external(wrong),
        ingressOf(shop, gateway),
      ],
      mend: applying(external(right)),
    });
  },
};
