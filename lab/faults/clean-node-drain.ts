import { drainNode } from "./drain.ts";
import type { Fault } from "./fault.ts";
import { nodeOf } from "./node-of.ts";
import { appObjects, preStopPause, type Shop, shopOf, targetOf } from "./shop.ts";
import { visitsOf } from "./steady.ts";

const budgetOf = ({ namespace, app }: Shop) => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { namespace, name: app },
  spec: { maxUnavailable: 1, selector: { matchLabels: { app } } },
});

/** A node is emptied for maintenance; a budget holds the other pods, and each that leaves pauses first. */
export const cleanNodeDrain: Fault = {
  id: "clean-node-drain",
  title: "A node is drained under load, within a PodDisruptionBudget and with preStop pauses; nothing fails",
  causes: [],
  gateways: ["nginx", "haproxy"],
  plan: (random, gateway) => {
    const shop = { ...shopOf(random), replicas: random.between(3, 5) };
    const latencyMs = [5, random.between(20, 80)];
    const env = {
      ROUTES: JSON.stringify([{ path: "/*", latencyMs }]),
      START_DELAY_MS: String(random.between(200, 1500)),
    };
    const container = { lifecycle: preStopPause(random.between(6, 9)) };
    return {
      target: targetOf(shop),
      objects: [...appObjects(shop, gateway, { env, container }), budgetOf(shop)],
      traffic: [visitsOf(random, shop)],
      seconds: 30,
      steps: [
        {
          atMs: random.between(4000, 6000),
          text: "kubectl drain of a node with pods of the application",
          run: (machine, { namespace }) => drainNode(machine, nodeOf(machine, shop, namespace)),
        },
      ],
      isOwn: () => false,
    };
  },
};
