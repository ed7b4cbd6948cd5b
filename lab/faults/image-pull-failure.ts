import type { Fault } from "./fault.ts";
import { shopOf } from "./shop.ts";
import { unstartablePlan } from "./unstartable.ts";

/** The image of the pods is in no registry. */
export const imagePullFailure: Fault = {
  id: "image-pull-failure",
  title: "The image of the application's pods cannot be pulled",
  causes: ["image-pull-failure"],
  acceptable: ["no-endpoints-pods-not-ready", "rollout-bad-revision", "rollout-recreate-or-max-unavailable"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const image = random.pick([
      `registry.example.com/${shop.namespace}/${shop.app}:2.4.1`,
      `lab/node-sever:1.0`,
      `lab/node-server:v1.1-rc`,
    ]);
    const text = `kubectl set image deployment/${shop.app} ${shop.app}=${image}`;
    return unstartablePlan(random, gateway, shop, { wrong: { image }, text });
  },
};
