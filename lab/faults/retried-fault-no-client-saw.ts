import type { KubeObject } from "../api-server/stored-object.ts";
import type { Fault } from "./fault.ts";
import { noiseOf } from "./noise.ts";
import { deploymentOf, ingressOf, namespaceOf, serviceOf, shopOf } from "./shop.ts";
import { steadyPlan } from "./steady.ts";

/** Its pods have one more label. */
function inGroup(deployment: KubeObject, group: string): KubeObject {
  const spec = deployment["spec"] as { template: { metadata: { labels: Record<string, string> } } };
  const { metadata } = spec.template;
  const labels = { ...metadata.labels, group };
  return { ...deployment, spec: { ...spec, template: { ...spec.template, metadata: { labels } } } };
}

/** One pod of several ends connections now and then, and the gateway asks the next: its error log tells of it, no client can. */
export const retriedFaultNoClientSaw: Fault = {
  id: "retried-fault-no-client-saw",
  title: "One pod drops requests, and each of them is tried again elsewhere with success",
  causes: [],
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const shop = { ...shopOf(random), replicas: random.between(2, 3) };
    const second = { ...shop, app: `${shop.app}-${random.pick(["canary", "next", "b"])}`, replicas: 1 };
    const latencyMs = [2, random.between(10, 25)];
    const drops = { closeBeforeHeader: random.pick([true, "reset"]), every: random.between(2, 4) };
    const routes = (extra: object) => ({ ROUTES: JSON.stringify([{ path: "/*", latencyMs, ...extra }]) });
    const service = serviceOf(shop);
    const spec = { ...(service["spec"] as object), selector: { group: shop.app } };
    const noise = noiseOf(random, shop, gateway, [500]);
    return steadyPlan(
      random,
      gateway,
      shop,
      {
        objects: [
          namespaceOf(shop),
          inGroup(deploymentOf(shop, { env: routes({}) }), shop.app),
          inGroup(deploymentOf(second, { env: routes(drops) }), shop.app),
          { ...service, spec },
          ingressOf(shop, gateway),
        ],
        traffic: [
          {
            host: shop.host,
            // What is not idempotent would not be sent again.
            paths: [
              { path: shop.path, method: "GET", weight: 2 },
              { path: `${shop.path}/items`, method: random.pick(["GET", "PUT"]), weight: 1 },
            ],
            perSecond: random.between(8, 20),
            clients: shop.clients,
          },
        ],
        seconds: 18,
        isOwn: () => false,
      },
      noise,
    );
  },
};
