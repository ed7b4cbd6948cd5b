import { expect, test } from "vitest";
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
