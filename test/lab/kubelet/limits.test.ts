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
    .poll(() => status(stage)?.lastState?.terminated)
    .toMatchObject({
      reason: "OOMKilled",
      exitCode: 137,
    });
  expect(stage.pod()?.status?.qosClass).toBe("Burstable");
});

const isItsShare = (share: number | undefined): boolean =>
  share !== undefined && share > 0.05 && share < 0.27;

test("a CPU limit holds a busy container to its share", async () => {
  const stage = openStage({ usageMs: 1000 });
  const spin = "while True: pass";
  stage.run(podOf({ ...python(spin), resources: { limits: { cpu: "200m" } } }));
  const windows = new Map<number, number>();
  const cores = (): number | undefined => {
    const [usage] = stage.kubelet.usage();
    const [app] = usage?.containers ?? [];
    if (usage !== undefined && app !== undefined) windows.set(usage.atMs, app.cpuCores);
    // The first window holds the start; what one uses too much is taken from the next.
    const later = [...windows.values()].slice(1);
    return later.length < 3 ? undefined : later.reduce((sum, each) => sum + each, 0) / later.length;
  };
  await expect.poll(cores).toSatisfy(isItsShare);
  expect(stage.kubelet.usage()[0]).toMatchObject({ namespace: "shop", pod: "cart", node: "worker-1" });
});
