import type { KubeObject } from "../api-server/stored-object.ts";
import { applyObjects } from "../machine/apply-objects.ts";
import type { Machine } from "../machine/machine.ts";
import type { Step } from "./fault.ts";
import type { Shop } from "./shop.ts";

/** As `kubectl rollout restart` does it: the template gets another annotation. */
export function rolloutRestart(machine: Machine, { namespace, app }: Shop): void {
  const restartedAt = new Date(machine.nowMs()).toISOString();
  const annotations = { "kubectl.kubernetes.io/restartedAt": restartedAt };
  machine.writes.patch(
    "deployments",
    app,
    namespace,
    { type: "strategic", body: { spec: { template: { metadata: { annotations } } } } },
    { fieldManager: "kubectl-rollout" },
  );
}

export const restartAt = (atMs: number, shop: Shop): Step => ({
  atMs,
  text: `kubectl rollout restart deployment/${shop.app} -n ${shop.namespace}`,
  run: (machine) => rolloutRestart(machine, shop),
});

/** As `kubectl scale` does it. */
export function scaleTo({ writes }: Machine, { namespace, app }: Shop, replicas: number): void {
  const patch = { type: "merge", body: { spec: { replicas } } } as const;
  writes.patch("deployments", app, namespace, patch, { fieldManager: "kubectl" });
}

export const scaleAt = (atMs: number, shop: Shop, replicas: number): Step => ({
  atMs,
  text: `kubectl scale deployment/${shop.app} -n ${shop.namespace} --replicas=${replicas}`,
  run: (machine) => scaleTo(machine, shop, replicas),
});

/** Mends by applying objects as they should have been. */
export const applying =
  (...objects: readonly KubeObject[]) =>
  (machine: Machine): void =>
    void applyObjects(machine.writes, objects);
