import type { DeploymentSpec, ReplicaSet } from "kubernetes-types/apps/v1";
import type { Pod } from "kubernetes-types/core/v1";
import { listOf, objectOf } from "../../../lab/controllers/objects.ts";
import type { TestMachine } from "./test-machine.ts";

const labels = { app: "cart" };

/** Deployment shop/cart with one container. */
export const cartDeployment = (spec: Partial<DeploymentSpec> = {}): object => ({
  metadata: { name: "cart", namespace: "shop", labels },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: podTemplate("lab/node-server:1"),
    ...spec,
  },
});

export const podTemplate = (image: string): DeploymentSpec["template"] => ({
  metadata: { labels },
  spec: { containers: [{ name: "app", image }] },
});

export const cart = (machine: TestMachine) => objectOf(machine.store, "deployments", "cart", "shop")!;
export const replicaSets = (machine: TestMachine): ReplicaSet[] =>
  listOf(machine.store, "replicasets", "shop");
export const pods = (machine: TestMachine): Pod[] => listOf(machine.store, "pods", "shop");
export const livePods = (machine: TestMachine): Pod[] =>
  pods(machine).filter((pod) => pod.metadata?.deletionTimestamp === undefined);

export const condition = (object: { status?: { conditions?: readonly { type: string }[] } }, type: string) =>
  object.status?.conditions?.find((c) => c.type === type);

/** A change of the pod template, as `kubectl set image` makes it. */
export const setImage = (machine: TestMachine, image: string): void =>
  machine.patch("deployments", "cart", { spec: { template: podTemplate(image) } });
