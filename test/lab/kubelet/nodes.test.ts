import { expect, test } from "vitest";
import type { Node } from "kubernetes-types/core/v1";
import { kubeletSettingsOf } from "../../../lab/kubelet/settings.ts";
import { loseNode } from "../../../lab/kubelet/node-outages.ts";
import { openStage, podOf, type Stage } from "./stage.ts";

const status = (stage: Stage) => stage.pod()?.status?.containerStatuses?.[0];
const python = (script: string) => ({ image: "lab/shell:1", command: ["python3", "-uc", script] });

test("a node that is cut off reports nothing, and what it missed when it is back", async () => {
  const stage = openStage();
  stage.run(podOf(python("import time; time.sleep(1000)")));
  await expect.poll(() => status(stage)?.ready).toBe(true);
  const restore = await loseNode(stage.machine, "worker-1");
  stage.machine.writes.updateStatus("pods", "cart", "shop", (before) => ({ ...before, phase: "Unknown" }));
  stage.remove(1);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(stage.pod()?.status?.phase).toBe("Unknown");
  await restore();
  await expect.poll(() => stage.pod()).toBeUndefined();
});

test("nodes report that they are ready, with a heartbeat", async () => {
  const stage = openStage({ heartbeatMs: 100 });
  const { machine } = stage;
  const ready = () =>
    (
      machine.store.get("nodes", "worker-1")?.object["status"] as
        | { conditions: { type: string; status: string; lastHeartbeatTime: string }[] }
        | undefined
    )?.conditions.find((c) => c.type === "Ready");
  expect(ready()).toMatchObject({ status: "True", reason: "KubeletReady" });
  const first = ready()?.lastHeartbeatTime;
  await expect.poll(() => ready()?.lastHeartbeatTime).not.toBe(first);
  expect(stage.events()).toEqual(["NodeReady: Node worker-1 status is now: NodeReady"]);
});

test("a node short of memory fails the pod that uses most beyond its request, one at a look", async () => {
  const stage = openStage({ evictionMs: 300 });
  const hungry = podOf(python("import time; kept = bytearray(40 << 20); time.sleep(1000)"));
  const modest = podOf({
    ...python("import time; time.sleep(1000)"),
    resources: { requests: { memory: "64Mi" } },
  });
  stage.run(hungry);
  stage.run({ ...modest, metadata: { name: "modest", namespace: "shop" } });
  await expect.poll(() => status(stage)?.ready).toBe(true);
  await expect.poll(() => stage.pod("modest")?.status?.phase).toBe("Running");
  const settings = kubeletSettingsOf(stage.machine);
  settings.pressureOf = () => "memory";
  await expect.poll(() => stage.pod()?.status?.phase).toBe("Failed");
  settings.pressureOf = () => undefined;
  const message = expect.stringMatching(
    /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: \d+Mi\. Container app was using \d+Ki, request is 0, has larger consumption of memory\. $/,
  );
  expect(stage.pod()?.status).toMatchObject({
    reason: "Evicted",
    message,
    containerStatuses: [{ state: { terminated: { exitCode: 137 } } }],
  });
  expect(stage.pod()?.status?.conditions).toContainEqual(
    expect.objectContaining({ type: "DisruptionTarget", reason: "TerminationByKubelet" }),
  );
  const node = stage.machine.store.get("nodes", "worker-1")?.object as Node | undefined;
  expect(node?.status?.conditions?.find((c) => c.type === "MemoryPressure")).toMatchObject({
    status: "True",
    reason: "KubeletHasInsufficientMemory",
  });
  expect(stage.events()).toContain("EvictionThresholdMet: Attempting to reclaim memory");
});
