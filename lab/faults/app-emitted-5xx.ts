import type { Fault } from "./fault.ts";
import { appObjects, deploymentOf, shopOf, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** The application itself answers with a status that looks like the gateway's. */
export const appEmitted5xx: Fault = {
  id: "app-emitted-5xx",
  title: "The application answers some requests of one path with a 5xx of its own",
  causes: ["app-emitted-5xx"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = shopOf(random);
    const bad = `${shop.path}/${random.pick(["export", "report", "import"])}`;
    const status = random.pick([502, 503, 503, 504]);
    const latencyMs = [5, random.between(20, 200)];
    const routes = [{ path: bad, status, every: random.between(1, 4), latencyMs }];
    return {
      target: targetOf(shop),
      objects: appObjects(shop, gateway, { env: { ROUTES: JSON.stringify(routes) } }),
      traffic: [
        {
          host: shop.host,
          paths: [
            { path: shop.path, method: "GET", weight: 3 },
            { path: bad, method: random.pick(["GET", "POST"]), weight: 1 },
          ],
          perSecond: random.between(10, 30),
          clients: shop.clients,
        },
      ],
      seconds: 15,
      steps: [],
      isOwn: ({ path }) => path === bad,
      mend: applying(deploymentOf(shop)),
    };
  },
};
