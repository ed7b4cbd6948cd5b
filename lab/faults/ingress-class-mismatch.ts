import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/**
 * The Ingress is of a class that no controller has, so the gateway answers with its default backend, and that one
 * says 503 to whatever it does not know.
 */
export const ingressClassMismatch: Fault = {
  id: "ingress-class-mismatch",
  title: "No controller claims the Ingress, and the gateway's default backend answers 503",
  causes: ["ingress-class-mismatch"],
  acceptable: ["app-emitted-5xx"],
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const sorry = { ...shop, namespace: "sorry", app: "sorry-page", port: 8080, replicas: 1 };
    const routes = JSON.stringify([{ path: "/*", status: 503 }]);
    const right = ingressOf(shop, gateway);
    const ingressClassName = random.pick(["nginx-internal", "public", "ngnix", "haproxy"]);
    const wrong = { ...right, spec: { ...(right["spec"] as object), ingressClassName } };
    return steadyPlan(random, gateway, shop, {
      gateway: {
        args: [`--default-backend-service=${sorry.namespace}/${sorry.app}`],
        config: { "enable-access-log-for-default-backend": "true" },
      },
      objects: [
        namespaceOf(sorry),
        deploymentOf(sorry, { env: { ROUTES: routes } }),
        serviceOf(sorry),
        namespaceOf(shop),
        deploymentOf(shop),
        serviceOf(shop),
        wrong,
      ],
      mend: applying(right),
    });
  },
};
