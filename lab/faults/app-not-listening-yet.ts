import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { type AppOptions, deploymentOf, ingressOf, namespaceOf, serviceOf, targetOf } from "./shop.ts";
import { applying, restartAt } from "./steps.ts";

/** The process needs seconds to open its socket; the pod counts from its start, or its Service publishes whatever is not ready. */
export const appNotListeningYet: Fault = {
  id: "app-not-listening-yet",
  title: "New pods get requests before they listen",
  causes: ["app-not-listening-yet"],
  // A Service that publishes all keeps the pods that leave, too.
  acceptable: [
    "readiness-probe-missing-or-lenient",
    "stale-endpoint-after-pod-deletion",
    "shutdown-no-prestop-race",
  ],
  // HAProxy tries a refused connect again, a second later and at another server: clients see no failure.
  gateways: ["nginx"],
  plan: (random, gateway) => {
    const publishes = random.next() < 0.65;
    const { shop, routes, others, traffic, isShops } = sceneOf(random, gateway, {
      replicas: random.between(1, 3),
    });
    // Longer than the gateways try again: haproxy three times, a second apart.
    const env = { ROUTES: routes(), START_DELAY_MS: String(random.between(8000, 10_000)) };
    const careless: AppOptions = publishes ? { env } : { env, readiness: "none" };
    const service = serviceOf(shop);
    const publishing = {
      ...service,
      spec: { ...(service["spec"] as object), publishNotReadyAddresses: publishes },
    };
    // With other pods a retry would hide that the new ones refuse.
    const annotations: Readonly<Record<string, string>> =
      gateway === "nginx" ? { "proxy-next-upstream": "off" } : {};
    return {
      target: targetOf(shop),
      objects: [
        namespaceOf(shop),
        deploymentOf(shop, careless),
        publishing,
        ingressOf(shop, gateway, annotations),
        ...others,
      ],
      restMs: 7000,
      traffic,
      seconds: 30,
      steps: [restartAt(random.between(6000, 9000), shop)],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, { env }), service),
      repeatSteps: true,
    };
  },
};
