import type { Container } from "kubernetes-types/core/v1";
import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** The application listens where only its own pod reaches it; the probe runs inside the pod, so it is ready. */
export const appListensOnLoopback: Fault = {
  id: "app-listens-on-loopback",
  title: "The application listens on 127.0.0.1, and its probe asks from inside the container",
  causes: ["app-listens-on-loopback"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const asksItself = ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${shop.port}`];
    const container: Partial<Container> = {
      readinessProbe: { exec: { command: asksItself }, periodSeconds: 1, timeoutSeconds: 1 },
    };
    const LOG_FORMAT = random.pick(["json", "plain"]);
    const appAt = (LISTEN: string) => deploymentOf(shop, { env: { LISTEN, LOG_FORMAT }, container });
    return steadyPlan(random, gateway, shop, {
      objects: [namespaceOf(shop), appAt("127.0.0.1"), serviceOf(shop), ingressOf(shop, gateway)],
      mend: applying(appAt("0.0.0.0")),
    });
  },
};
