import type { KubeObject } from "../api-server/stored-object.ts";
import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, type Shop, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

const from = (namespace: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
});

const policy = ({ namespace, app, port }: Shop, peers: readonly object[]): KubeObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { namespace, name: `${app}-ingress` },
  spec: {
    podSelector: { matchLabels: { app } },
    policyTypes: ["Ingress"],
    ingress: [{ from: peers, ports: [{ protocol: "TCP", port }] }],
  },
});

/** The pods admit their own namespace only; kubelets ask from the node and are let through. */
export const networkPolicyBlocksIngress: Fault = {
  id: "network-policy-blocks-ingress",
  title: "A NetworkPolicy of the application lets the gateway's packets not through",
  causes: ["network-policy-blocks-ingress"],
  acceptable: ["proxy-connect-timeout"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const others = random.next() < 0.5 ? [{ podSelector: {} }] : [from(shop.namespace), from("monitoring")];
    const timeout: Record<string, string> =
      gateway === "nginx"
        ? { "proxy-connect-timeout": String(random.between(1, 2)) }
        : { "timeout-connect": "1s" };
    const wrong = policy(shop, others);
    const isBefore = random.next() < 0.5;
    const namespace = gateway === "nginx" ? "ingress-nginx" : "haproxy-ingress";
    return steadyPlan(random, gateway, shop, {
      objects: [
        namespaceOf(shop),
        deploymentOf(shop),
        serviceOf(shop),
        ingressOf(shop, gateway, timeout),
        ...(isBefore ? [wrong] : []),
      ],
      seconds: 15,
      steps: isBefore
        ? []
        : [{ atMs: 3000, text: `kubectl apply -f ${shop.app}-policy.yaml`, run: applying(wrong) }],
      mend: applying(policy(shop, [...others, from(namespace)])),
    });
  },
};
