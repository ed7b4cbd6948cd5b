import type { Probe } from "kubernetes-types/core/v1";
import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { type AppOptions, appObjects, deploymentOf, quickProbe, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** The application serves, and the probe asks it something else: it is never ready, or killed for its answer. */
export const probeWrongPortOrProtocol: Fault = {
  id: "probe-wrong-port-or-protocol",
  title: "The probe asks a port, protocol or path that the application does not serve",
  causes: ["probe-wrong-port-or-protocol"],
  acceptable: ["liveness-probe-restart-loop", "crash-loop-backoff", "no-endpoints-pods-not-ready"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const { shop, routes, others, otherNames, traffic, isShops } = sceneOf(random, gateway);
    const path = random.pick(["/ready", "/actuator/health/readiness", "/status"]);
    const env = { ROUTES: routes({ path, status: random.pick([404, 404, 401]) }) };
    const wrong: Probe = {
      ...quickProbe,
      ...random.pick<Probe>([
        { httpGet: { path: "/healthz", port: shop.port + random.pick([1, 10, 1000]) } },
        { httpGet: { path, port: "http" } },
        { httpGet: { path: "/healthz", port: "http", scheme: "HTTPS" } },
      ]),
      failureThreshold: 2,
    };
    const isLiveness = random.next() < 0.3;
    const options: AppOptions = isLiveness
      ? { env, container: { livenessProbe: { ...wrong, periodSeconds: 2 }, lifecycle: {} } }
      : { env, readiness: wrong };
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, options), ...others],
      // It never comes to rest.
      waitFor: otherNames,
      traffic,
      seconds: isLiveness ? 35 : 20,
      steps: [],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, { env })),
    };
  },
};
