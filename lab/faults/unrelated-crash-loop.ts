import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { appObjects, deploymentOf, serviceOf, type Shop, targetOf } from "./shop.ts";

/** Next door something restarts all the time; no request goes there. */
export const unrelatedCrashLoop: Fault = {
  id: "unrelated-crash-loop",
  title: "Another application of the namespace crashes again and again; nothing fails",
  causes: [],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const { shop, routes, others, otherNames, traffic } = sceneOf(random, gateway);
    const crashing: Shop = {
      ...shop,
      app: `${shop.app}-${random.pick(["worker", "mailer", "indexer"])}`,
      replicas: random.between(1, 2),
    };
    const hasService = random.next() < 0.5;
    const env = { CRASH_AFTER_MS: String(random.between(300, 3000)), CRASH_CODE: "1" };
    return {
      target: targetOf(shop),
      objects: [
        ...appObjects(shop, gateway, { env: { ROUTES: routes() } }),
        deploymentOf(crashing, { env, readiness: "none" }),
        ...(hasService ? [serviceOf(crashing)] : []),
        ...others,
      ],
      waitFor: [`${shop.namespace}/${shop.app}`, ...otherNames],
      traffic,
      seconds: 25,
      steps: [],
      isOwn: () => false,
    };
  },
};
