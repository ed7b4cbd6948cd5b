import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startDeployments } from "../../../lab/controllers/deployment/start.ts";
import { startReplicaSets } from "../../../lab/controllers/replica-set/start.ts";
import { startPretendKubelet } from "./pretend-kubelet.ts";
import { cart, cartDeployment, condition, livePods, pods, replicaSets, setImage } from "./shop-deployment.ts";
import { openTestMachine, pass, type TestMachine, whileRunning } from "./test-machine.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const kubelet = startPretendKubelet({ readyAfterMs: () => 1000, endsAfterMs: () => 2000, bindTo: "node-1" });
const running = (machine: TestMachine, body: () => Promise<void>, own = kubelet): Promise<void> =>
  whileRunning(machine, [startDeployments, startReplicaSets, own], body);

test("a new Deployment gets a ReplicaSet named after its template, pods, and real conditions", async () => {
  const machine = openTestMachine();
  machine.create("deployments", cartDeployment());
  await running(machine, async () => {
    await pass(3000);
    const [set] = replicaSets(machine);
    const hash = set?.metadata?.labels?.["pod-template-hash"] ?? "";
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{8,10}$/);
    expect(set?.metadata?.name).toBe(`cart-${hash}`);
    expect(pods(machine)).toHaveLength(3);
    expect(pods(machine)[0]?.metadata?.labels).toEqual({ app: "cart", "pod-template-hash": hash });
    expect(pods(machine)[0]?.metadata?.name).toMatch(new RegExp(`^cart-${hash}-[a-z2-9]{5}$`));
    expect(cart(machine).metadata?.annotations).toEqual({ "deployment.kubernetes.io/revision": "1" });
    expect(cart(machine).status).toMatchObject({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
    expect(cart(machine).status).not.toHaveProperty("unavailableReplicas");
    expect(condition(cart(machine), "Available")).toMatchObject({
      status: "True",
      reason: "MinimumReplicasAvailable",
      message: "Deployment has minimum availability.",
    });
    expect(condition(cart(machine), "Progressing")).toMatchObject({
      status: "True",
      reason: "NewReplicaSetAvailable",
      message: `ReplicaSet "cart-${hash}" has successfully progressed.`,
    });
    expect(machine.events.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
      `ScalingReplicaSet: Scaled up replica set cart-${hash} from 0 to 3`,
      ...pods(machine).map(() => expect.stringMatching(/^SuccessfulCreate: Created pod: cart-/)),
    ]);
  });
});

test("nothing is written any more once all is as it should be", async () => {
  const machine = openTestMachine();
  machine.create("deployments", cartDeployment());
  await running(machine, async () => {
    await pass(5000);
    const revision = machine.store.revision();
    await pass(60_000);
    expect(machine.store.revision()).toBe(revision);
  });
});

test("the way back is the ReplicaSet of before, with a new revision and a history", async () => {
  const machine = openTestMachine();
  machine.create("deployments", cartDeployment());
  await running(machine, async () => {
    await pass(5000);
    const first = replicaSets(machine)[0]!;
    setImage(machine, "lab/node-server:2");
    await pass(30_000);
    expect(replicaSets(machine)).toHaveLength(2);
    const { ["pod-template-hash"]: _hash, ...labels } = first.spec?.template?.metadata?.labels ?? {};
    machine.patch("deployments", "cart", {
      spec: { template: { ...first.spec?.template, metadata: { labels } } },
    });
    await pass(30_000);
    const again = replicaSets(machine).find(({ metadata }) => metadata?.name === first.metadata?.name)!;
    expect(replicaSets(machine)).toHaveLength(2);
    expect(again.spec?.replicas).toBe(3);
    expect(again.metadata?.annotations).toMatchObject({
      "deployment.kubernetes.io/revision": "3",
      "deployment.kubernetes.io/revision-history": "1",
    });
    expect(cart(machine).metadata?.annotations?.["deployment.kubernetes.io/revision"]).toBe("3");
    expect(livePods(machine)).toHaveLength(3);
  });
});

test("Recreate starts no new pod while an old one is still ending", async () => {
  const machine = openTestMachine();
  machine.create("deployments", cartDeployment({ strategy: { type: "Recreate" } }));
  await running(machine, async () => {
    await pass(5000);
    setImage(machine, "lab/node-server:2");
    await pass(1500);
    expect(livePods(machine)).toHaveLength(0);
    expect(pods(machine)).toHaveLength(3);
    expect(condition(cart(machine), "Available")).toMatchObject({
      status: "False",
      reason: "MinimumReplicasUnavailable",
      message: "Deployment does not have minimum availability.",
    });
    await pass(5000);
    expect(livePods(machine)).toHaveLength(3);
    expect(livePods(machine)[0]?.spec?.containers[0]?.image).toBe("lab/node-server:2");
  });
});

test("a rollout whose pods never become ready stops at its limits, and times out", async () => {
  const machine = openTestMachine();
  machine.create("deployments", cartDeployment({ replicas: 4, progressDeadlineSeconds: 30 }));
  const stuck = startPretendKubelet({
    readyAfterMs: (pod) => (pod.spec?.containers[0]?.image === "broken:1" ? Infinity : 1000),
    endsAfterMs: () => 500,
    bindTo: "node-1",
  });
  await running(
    machine,
    async () => {
      await pass(5000);
      setImage(machine, "broken:1");
      await pass(20_000);
      const sizes = replicaSets(machine).map(({ spec }) => spec?.replicas);
      expect(sizes.toSorted()).toEqual([2, 3]);
      expect(condition(cart(machine), "Progressing")).toMatchObject({ reason: "ReplicaSetUpdated" });
      await pass(20_000);
      const broken = replicaSets(machine).find(({ spec }) => spec?.replicas === 2)!;
      expect(condition(cart(machine), "Progressing")).toMatchObject({
        status: "False",
        reason: "ProgressDeadlineExceeded",
        message: `ReplicaSet "${broken.metadata?.name}" has timed out progressing.`,
      });
      expect(condition(cart(machine), "Available")).toMatchObject({ status: "True" });
    },
    stuck,
  );
});

test("a paused Deployment keeps its template and takes a new size", async () => {
  const machine = openTestMachine();
  machine.create("deployments", cartDeployment());
  await running(machine, async () => {
    await pass(5000);
    machine.patch("deployments", "cart", { spec: { paused: true } });
    setImage(machine, "lab/node-server:2");
    await pass(2000);
    machine.patch("deployments", "cart", { spec: { replicas: 5 } });
    await pass(5000);
    expect(replicaSets(machine).map(({ spec }) => spec?.replicas)).toEqual([5]);
    expect(condition(cart(machine), "Progressing")).toMatchObject({
      status: "Unknown",
      reason: "DeploymentPaused",
      message: "Deployment is paused",
    });
    machine.patch("deployments", "cart", { spec: { paused: null } });
    await pass(20_000);
    expect(replicaSets(machine)).toHaveLength(2);
    expect(livePods(machine).map((pod) => pod.spec?.containers[0]?.image)).toEqual(
      Array.from({ length: 5 }, () => "lab/node-server:2"),
    );
  });
});

test("only so many old revisions are kept as the history allows", async () => {
  const machine = openTestMachine();
  machine.create("deployments", cartDeployment({ revisionHistoryLimit: 2 }));
  await running(machine, async () => {
    await pass(5000);
    for (let version = 2; version <= 6; version += 1) {
      setImage(machine, `lab/node-server:${version}`);
      await pass(20_000);
    }
    const revisions = replicaSets(machine).map(
      ({ metadata }) => metadata?.annotations?.["deployment.kubernetes.io/revision"],
    );
    expect(revisions.toSorted()).toEqual(["4", "5", "6"]);
  });
});
