import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** The gateway was told of TLS that the application does not speak. */
export const backendProtocolHttpExpected: Fault = {
  id: "backend-protocol-http-expected",
  title: "The gateway speaks TLS to a port that expects HTTP",
  causes: ["backend-protocol-http-expected"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const told = { "backend-protocol": gateway === "nginx" ? "HTTPS" : "h1-ssl" };
    const wrong = ingressOf(shop, gateway, told);
    const right = ingressOf(shop, gateway);
    const objects = [namespaceOf(shop), deploymentOf(shop), serviceOf(shop)];
    const isBefore = random.next() < 0.5;
    return steadyPlan(random, gateway, shop, {
      objects: [...objects, isBefore ? wrong : right],
      seconds: 15,
      steps: isBefore
        ? []
        : [
            {
              atMs: random.between(2000, 4000),
              text: `kubectl annotate ingress/${shop.app} backend-protocol=${told["backend-protocol"]}`,
              run: applying(wrong),
            },
          ],
      mend: applying(right),
    });
  },
};
