import type { Fault } from "./fault.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";
import { applying } from "./steps.ts";

/** The Ingress names a Service that is not there, or is there no longer. */
export const serviceMissing: Fault = {
  id: "service-missing",
  title: "The Service that the Ingress names does not exist in its namespace",
  causes: ["service-missing"],
  // HAProxy's controllers leave a path out whose Service is not there: the default backend answers 404.
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const service = serviceOf(shop);
    const renamed = serviceOf({ ...shop, app: `${shop.app}-${random.pick(["svc", "api", "v2"])}` });
    const objects = [namespaceOf(shop), deploymentOf(shop), ingressOf(shop, gateway)];
    if (random.next() < 0.5)
      return steadyPlan(random, gateway, shop, {
        objects: [...objects, { ...renamed, spec: service["spec"] }],
        mend: applying(service),
      });
    return steadyPlan(random, gateway, shop, {
      objects: [...objects, service],
      seconds: 15,
      steps: [
        {
          atMs: random.between(2000, 4000),
          text: `kubectl delete service/${shop.app} -n ${shop.namespace}`,
          run: ({ writes }) => void writes.remove("services", shop.app, shop.namespace),
        },
      ],
      mend: applying(service),
    });
  },
};
