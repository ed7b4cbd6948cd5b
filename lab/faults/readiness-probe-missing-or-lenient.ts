import type { Fault, GatewayName, Plan } from "./fault.ts";
import type { Random } from "./random.ts";
import { sceneOf } from "./scene.ts";
import { type AppOptions, deploymentOf, ingressOf, namespaceOf, serviceOf, targetOf } from "./shop.ts";
import { applying, restartAt } from "./steps.ts";

/** New pods answer nothing before their data is loaded, or one pod stands still for ever; to a probe that only connects both are ready. */
export const readinessProbeMissingOrLenient: Fault = {
  id: "readiness-probe-missing-or-lenient",
  title: "Requests go to pods that accept connections and cannot serve yet, or no longer",
  causes: ["readiness-probe-missing-or-lenient"],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => (random.next() < 0.65 ? loading(random, gateway) : stuck(random, gateway)),
};

const connecting = (port: number): AppOptions => ({
  readiness: { tcpSocket: { port }, periodSeconds: 1, timeoutSeconds: 1 },
});

const timeouts = (gateway: GatewayName, seconds: number): Readonly<Record<string, string>> =>
  gateway === "nginx"
    ? { "proxy-read-timeout": String(seconds), "proxy-next-upstream": "off" }
    : { "timeout-server": `${seconds}s` };

function loading(random: Random, gateway: GatewayName): Plan {
  const { shop, routes, others, traffic, isShops } = sceneOf(random, gateway, {
    replicas: random.between(1, 3),
  });
  const env = {
    ROUTES: routes(),
    READY_AFTER_MS: String(random.between(8000, 11_000)),
    BEFORE_READY: random.pick(["close", "hang"]),
  };
  const lenient: AppOptions = random.next() < 0.5 ? { readiness: "none" } : connecting(shop.port);
  return {
    target: targetOf(shop),
    objects: [
      namespaceOf(shop),
      deploymentOf(shop, { env, ...lenient }),
      serviceOf(shop),
      ingressOf(shop, gateway, timeouts(gateway, random.between(2, 3))),
      ...others,
    ],
    restMs: 7000,
    traffic,
    seconds: 28,
    steps: [restartAt(random.between(5000, 8000), shop)],
    isOwn: isShops,
    mend: applying(deploymentOf(shop, { env })),
    repeatSteps: true,
  };
}

function stuck(random: Random, gateway: GatewayName): Plan {
  const { shop, routes, others, traffic, isShops } = sceneOf(random, gateway);
  const lock = `${shop.path}/${random.pick(["export", "archive", "merge"])}`;
  const env = { ROUTES: routes({ path: lock, deadlock: true }) };
  // One request, when 12 s are over.
  const once = {
    host: shop.host,
    clients: shop.clients,
    perSecond: 1,
    arrivals: "constant" as const,
    shape: [
      { fromMs: 0, factor: 0 },
      { fromMs: 11_000, factor: 1 },
      { fromMs: 12_500, factor: 0 },
    ],
  };
  return {
    target: targetOf(shop),
    objects: [
      namespaceOf(shop),
      deploymentOf(shop, { env, ...connecting(shop.port) }),
      serviceOf(shop),
      ingressOf(shop, gateway, timeouts(gateway, random.between(2, 4))),
      ...others,
    ],
    traffic: [...traffic, { ...once, paths: [{ path: lock, method: "POST", weight: 1, bodyBytes: 40 }] }],
    seconds: 30,
    steps: [],
    isOwn: isShops,
    mend: applying(deploymentOf(shop, { env })),
  };
}
