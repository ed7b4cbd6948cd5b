import type { Fault } from "./fault.ts";
import { appObjects, deploymentOf, ingressOf, serviceOf, shopOf, targetOf } from "./shop.ts";
import { visitsOf } from "./steady.ts";

/** The host has a second route, and it fails all the time: in its application, or for want of a pod that is ready. */
export const errorsOnAnotherRoute: Fault = {
  id: "errors-on-another-route",
  title: "Another route of the same host fails all the time; the one that is asked about is well",
  causes: [],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const app = random.pick(["reviews", "banners", "wishlist"]);
    const other = { ...shop, app, path: `/${app}`, replicas: random.between(1, 2) };
    const status = random.pick([502, 503, 503, 504]);
    const env = { ROUTES: JSON.stringify([{ path: `/${app}/*`, status }]) };
    const isDown = random.next() < 0.4;
    return {
      target: targetOf(shop),
      objects: [
        ...appObjects(shop, gateway),
        deploymentOf(other, isDown ? { replicas: 0 } : { env }),
        serviceOf(other),
        ingressOf(other, gateway),
      ],
      traffic: [visitsOf(random, shop), visitsOf(random, other)],
      seconds: 15,
      steps: [],
      isOwn: () => false,
    };
  },
};
