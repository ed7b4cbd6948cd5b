import type { Fault } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { appObjects, deploymentOf, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** The process ends by itself: at once, for what it is not told, or again and again after a while. */
export const crashLoopBackoff: Fault = {
  id: "crash-loop-backoff",
  title: "The application's process ends again and again",
  causes: ["crash-loop-backoff"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const isAtOnce = random.next() < 0.65;
    const scene = sceneOf(random, gateway, { replicas: random.between(1, 2) });
    const { shop, routes, others, otherNames, traffic, isShops } = scene;
    const setting = random.pick(["DATABASE_URL", "API_TOKEN", "QUEUE_HOST"]);
    const required = { ROUTES: routes(), REQUIRED_ENV: setting };
    const told = { ...required, [setting]: "amqp://queue:5672" };
    const crashing = {
      ...told,
      CRASH_AFTER_MS: String(random.between(7000, 10_000)),
      CRASH_CODE: String(random.pick([1, 1, 70])),
    };
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, { env: isAtOnce ? required : crashing }), ...others],
      // It never comes to rest.
      waitFor: otherNames,
      traffic,
      seconds: 35,
      steps: [],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, { env: told })),
    };
  },
};
