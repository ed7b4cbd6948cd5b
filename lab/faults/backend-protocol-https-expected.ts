import type { Container } from "kubernetes-types/core/v1";
import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** The application speaks TLS, and so do the kubelets' probes; the gateway was not told. */
export const backendProtocolHttpsExpected: Fault = {
  id: "backend-protocol-https-expected",
  title: "The gateway speaks HTTP to a port that expects TLS",
  causes: ["backend-protocol-https-expected"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = { ...shopOf(random), port: random.pick([8443, 443, 9443]) };
    const name = random.pick(["https", "http", "web-tls"]);
    const container: Partial<Container> = {
      ports: [{ name, containerPort: shop.port, protocol: "TCP" }],
      readinessProbe: {
        httpGet: { path: "/healthz", port: name, scheme: "HTTPS" },
        periodSeconds: 1,
        timeoutSeconds: 1,
      },
    };
    const told = { "backend-protocol": gateway === "nginx" ? "HTTPS" : "h1-ssl" };
    return steadyPlan(random, gateway, shop, {
      objects: [
        namespaceOf(shop),
        deploymentOf(shop, { env: { TLS: "1" }, container }),
        serviceOf(shop, name),
        ingressOf(shop, gateway),
      ],
      mend: applying(ingressOf(shop, gateway, told)),
    });
  },
};
