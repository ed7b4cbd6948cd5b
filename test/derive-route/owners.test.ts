import type { Pod } from "kubernetes-types/core/v1";
import { describe, expect, it } from "vitest";
import { ownersOf, splitPodName } from "../../src/derive/owners.ts";
import { refText } from "../../src/evidence/object-ref.ts";
import { evidenceOf } from "../support/evidence.ts";
import { pod } from "./objects.ts";

const owned = (kind: string, name: string, labels: Record<string, string> = {}): Pod =>
  pod({ labels, metadata: { ownerReferences: [{ kind, name, controller: true }] } }) as Pod;

const object = (apiVersion: string, kind: string, name: string, owner?: [string, string]): object => ({
  apiVersion,
  kind,
  metadata: {
    name,
    namespace: "shop",
    ...(owner && { ownerReferences: [{ kind: owner[0], name: owner[1], controller: true }] }),
  },
});

function topOf(subject: Pod, ...objects: object[]): string | undefined {
  const { owner } = ownersOf(evidenceOf(objects), subject);
  return owner === undefined ? undefined : refText(owner);
}

const set = (...owner: [string, string] | []): object =>
  object("apps/v1", "ReplicaSet", "cart-6d4cf56db6", owner.length === 0 ? undefined : owner);

describe("the owner of a pod", () => {
  it("is what owns its ReplicaSet, or the ReplicaSet when nothing does", () => {
    const subject = owned("ReplicaSet", "cart-6d4cf56db6");
    expect(topOf(subject, set("Deployment", "cart"))).toBe("Deployment shop/cart");
    expect(topOf(subject, set("Rollout", "cart"))).toBe("Rollout shop/cart");
    expect(topOf(subject, set())).toBe("ReplicaSet shop/cart-6d4cf56db6");
  });

  it("is told by the ReplicaSet's name when the ReplicaSet was not read", () => {
    expect(topOf(owned("ReplicaSet", "cart-6d4cf56db6", { "pod-template-hash": "6d4cf56db6" }))).toBe(
      "Deployment shop/cart",
    );
    expect(
      topOf(owned("ReplicaSet", "cart-6d4cf56db6", { "rollouts-pod-template-hash": "6d4cf56db6" })),
    ).toBe("Rollout shop/cart");
    expect(topOf(owned("ReplicaSet", "cart-6d4cf56db6"))).toBe("Deployment shop/cart");
    expect(topOf(owned("ReplicaSet", "cart-workers"))).toBe("ReplicaSet shop/cart-workers");
  });

  it("is the StatefulSet or DaemonSet itself", () => {
    expect(topOf(owned("StatefulSet", "db"))).toBe("StatefulSet shop/db");
    expect(topOf(owned("DaemonSet", "agent"))).toBe("DaemonSet shop/agent");
  });

  it("is the CronJob of its Job, by the Job or by the Job's name", () => {
    const subject = owned("Job", "backup-29384400");
    expect(topOf(subject, object("batch/v1", "Job", "backup-29384400", ["CronJob", "backup"]))).toBe(
      "CronJob shop/backup",
    );
    expect(topOf(subject)).toBe("CronJob shop/backup");
    expect(topOf(subject, object("batch/v1", "Job", "backup-29384400"))).toBe("Job shop/backup-29384400");
    expect(topOf(owned("Job", "migrate"))).toBe("Job shop/migrate");
  });

  it("is none for a bare pod", () => {
    expect(ownersOf(evidenceOf([]), pod() as Pod)).toEqual({});
  });
});

describe("a pod's name", () => {
  it("is taken apart only when it has the form of a Deployment's pod", () => {
    expect(splitPodName("cart-api-6d4cf56db6-x7k2p")).toEqual({ stem: "cart-api", hash: "6d4cf56db6" });
    expect(splitPodName("db-0")).toBeUndefined();
    expect(splitPodName("agent-x7k2p")).toBeUndefined();
    expect(splitPodName("cart-workers-abcde")).toBeUndefined();
  });
});
