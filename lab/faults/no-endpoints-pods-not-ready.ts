import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { type AppOptions, appObjects, deploymentOf, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** Nobody ever says that the pods are ready: a gate whose controller is not there, or a file that nobody writes. */
export const noEndpointsPodsNotReady: Fault = {
  id: "no-endpoints-pods-not-ready",
  title: "All pods run and none is ready: a readiness gate or a probe waits for what does not come",
  causes: ["no-endpoints-pods-not-ready"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const isGate = random.next() < 0.65;
    const { shop, routes, others, otherNames, traffic, isShops } = sceneOf(random, gateway);
    const env = { ROUTES: routes() };
    const gate = random.pick(["example.com/traffic-allowed", "example.com/cache-filled"]);
    const file = random.pick(["/var/run/app/ready", "/var/run/app/migrated"]);
    const waiting: AppOptions = isGate
      ? { env, pod: { readinessGates: [{ conditionType: gate }] } }
      : { env, readiness: { exec: { command: ["cat", file] }, periodSeconds: 1, failureThreshold: 3 } };
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, waiting), ...others],
      // It never comes to rest.
      waitFor: otherNames,
      traffic,
      seconds: 20,
      steps: [],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, { env })),
    };
  },
};
