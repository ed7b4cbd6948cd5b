import type { Fault, Step } from "./fault.ts";
import { sceneOf } from "./scene.ts";
import { appObjects, deploymentOf, targetOf } from "./shop.ts";
import { applying } from "./steps.ts";

/** The process ends by itself: at once, for what it is not told, or again and again after a while. */
export const crashLoopBackoff: Fault = {
  id: "crash-loop-backoff",
  title: "The application's process ends again and again",
  causes: ["crash-loop-backoff"],
  acceptable: ["rollout-bad-revision", "no-endpoints-pods-not-ready"],
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
    // One that never gets ready is not rolled out: the pods before it go on serving.
    const comesWithRollout = !isAtOnce && random.next() < 0.5;
    const rolloutAtMs = random.between(5000, 8000);
    const broken = isAtOnce ? required : crashing;
    const rollout: Step = {
      atMs: rolloutAtMs,
      text: `kubectl apply -f ${shop.app}.yaml -n ${shop.namespace}`,
      run: applying(deploymentOf(shop, { env: broken })),
    };
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, { env: comesWithRollout ? told : broken }), ...others],
      // It never comes to rest.
      waitFor: otherNames,
      traffic,
      seconds: 35,
      steps: comesWithRollout ? [rollout] : [],
      isOwn: isShops,
      mend: applying(deploymentOf(shop, { env: told })),
    };
  },
};
