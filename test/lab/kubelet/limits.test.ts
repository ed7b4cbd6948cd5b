import { expect, test } from "vitest";
import { loseNode } from "../../../lab/kubelet/node-outages.ts";
import { openStage, podOf, type Stage } from "./stage.ts";

const status = (stage: Stage) => stage.pod()?.status?.containerStatuses?.[0];
const python = (script: string) => ({ image: "lab/shell:1", command: ["python3", "-uc", script] });

test("who takes more memory than the limit is killed", async () => {
  const stage = openStage({ backOffMs: 60_000 });
  const resources = { limits: { memory: "64Mi" } };
  const grow = "import time\nkept = []\nwhile True:\n  kept.append(bytearray(4 << 20)); time.sleep(0.02)";
  stage.run(podOf({ ...python(grow), resources }));
  await expect
    .poll(() => status(stage)?.lastState?.terminated, { timeout: 15_000 })
    .toMatchObject({
      reason: "OOMKilled",
      exitCode: 137,
    });
  expect(stage.pod()?.status?.qosClass).toBe("Burstable");
});

test("a CPU limit holds a busy container to its share", async () => {
  const stage = openStage({ usageMs: 1000 });
  const spin = "while True: pass";
  stage.run(podOf({ ...python(spin), resources: { limits: { cpu: "200m" } } }));
  const cores = () => stage.kubelet.usage()[0]?.containers[0]?.cpuCores ?? 0;
  // The second window holds nothing of the start.
  await expect.poll(cores, { timeout: 10_000 }).toBeGreaterThan(0.05);
  await expect.poll(cores, { timeout: 10_000 }).toBeLessThan(0.27);
  expect(stage.kubelet.usage()[0]).toMatchObject({ namespace: "shop", pod: "cart", node: "worker-1" });
});

test("a node that is cut off reports nothing, and what it missed when it is back", async () => {
  const stage = openStage();
  stage.run(podOf(python("import time; time.sleep(1000)")));
  await expect.poll(() => status(stage)?.ready, { timeout: 5000 }).toBe(true);
  const restore = await loseNode(stage.machine, "worker-1");
  stage.machine.writes.updateStatus("pods", "cart", "shop", (before) => ({ ...before, phase: "Unknown" }));
  stage.remove(1);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(stage.pod()?.status?.phase).toBe("Unknown");
  await restore();
  await expect.poll(() => stage.pod(), { timeout: 10_000 }).toBeUndefined();
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
  await expect.poll(() => ready()?.lastHeartbeatTime, { timeout: 5000 }).not.toBe(first);
  expect(stage.events()).toEqual(["NodeReady: Node worker-1 status is now: NodeReady"]);
});
