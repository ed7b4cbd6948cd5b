import { writeFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openStage, podOf, readyOf, shell, type Stage } from "./stage.ts";

const flag = join(tmpdir(), `why5xx-probing-${process.pid}`);
const isThere = { exec: { command: ["test", "-e", flag] } };
afterEach(() => rmSync(flag, { force: true }));

const status = (stage: Stage) => stage.pod()?.status?.containerStatuses?.[0];
/** What was told first of the second life. */
const restarted = (stage: Stage) => stage.toldOfApp().find(({ restartCount }) => restartCount === 1);
const idle = shell("trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done");
/** Of pods whose end is not looked at. */
const soon = { terminationGracePeriodSeconds: 1 };

test("readiness comes and goes with its probe, at its thresholds", async () => {
  const stage = openStage();
  const readinessProbe = { ...isThere, periodSeconds: 0.2, failureThreshold: 3, successThreshold: 2 };
  stage.run(podOf({ ...idle, readinessProbe }));
  await expect.poll(() => status(stage)?.started).toBe(true);
  expect(stage.pod()?.status?.conditions?.find((c) => c.type === "Ready")).toMatchObject({
    status: "False",
    reason: "ContainersNotReady",
    message: "containers with unready status: [app]",
  });
  writeFileSync(flag, "");
  await expect.poll(() => readyOf(stage.pod())).toBe("True");
  const before = stage.events().length;
  rmSync(flag);
  await expect.poll(() => readyOf(stage.pod())).toBe("False");
  expect(stage.events().length).toBeGreaterThanOrEqual(before);
  expect(stage.events()).toContain("Unhealthy: Readiness probe failed: ");
  expect(status(stage)?.restartCount).toBe(0);
});

test("a failing liveness probe restarts the container, and nothing else", async () => {
  writeFileSync(flag, "");
  const stage = openStage({ backOffMs: 200 });
  const livenessProbe = { ...isThere, periodSeconds: 0.2, failureThreshold: 2 };
  stage.run(podOf({ ...idle, livenessProbe }));
  await expect.poll(() => readyOf(stage.pod())).toBe("True");
  // Before it has its handler, SIGTERM would not end it.
  await expect.poll(() => stage.log()).toContain("ready");
  rmSync(flag);
  await expect.poll(() => restarted(stage)).toBeDefined();
  writeFileSync(flag, "");
  expect(stage.events()).toEqual(
    expect.arrayContaining([
      "Unhealthy: Liveness probe failed: ",
      "Killing: Container app failed liveness probe, will be restarted",
    ]),
  );
  expect(restarted(stage)?.lastState?.terminated).toMatchObject({ exitCode: 0, reason: "Completed" });
});

test("until the startup probe has passed, no other probe runs", async () => {
  const stage = openStage();
  const startupProbe = { ...isThere, periodSeconds: 0.2, failureThreshold: 1000 };
  const livenessProbe = { exec: { command: ["false"] }, periodSeconds: 0.2, failureThreshold: 10 };
  const readinessProbe = { exec: { command: ["true"] }, periodSeconds: 60, timeoutSeconds: 10 };
  stage.run(podOf({ ...idle, startupProbe, livenessProbe, readinessProbe }, soon));
  await expect.poll(() => stage.events()).toContain("Unhealthy: Startup probe failed: ");
  expect(status(stage)).toMatchObject({ started: false, ready: false, restartCount: 0 });
  writeFileSync(flag, "");
  // Readiness is asked at once, however long its period.
  await expect.poll(() => restarted(stage)).toBeDefined();
  expect(stage.toldOfApp().filter(({ restartCount, ready }) => restartCount === 0 && ready)).not.toEqual([]);
  expect(stage.events()).toContain("Killing: Container app failed liveness probe, will be restarted");
});

test("a startup probe that never passes restarts the container", async () => {
  const stage = openStage({ backOffMs: 200 });
  const startupProbe = { ...isThere, periodSeconds: 0.1, failureThreshold: 3 };
  stage.run(podOf({ ...idle, startupProbe }, soon));
  await expect.poll(() => status(stage)?.restartCount).toBeGreaterThan(0);
  expect(stage.events()).toContain("Killing: Container app failed startup probe, will be restarted");
});

test("a readiness gate holds a pod back until somebody sets its condition", async () => {
  const stage = openStage();
  const conditionType = "target-health.example.com/shop";
  stage.run(podOf(idle, { readinessGates: [{ conditionType }] }));
  const ready = () => stage.pod()?.status?.conditions?.find((c) => c.type === "Ready");
  await expect.poll(ready).toMatchObject({
    status: "False",
    reason: "ReadinessGatesNotReady",
    message: `corresponding condition of pod readiness gate "${conditionType}" does not exist.`,
  });
  stage.machine.writes.updateStatus("pods", "cart", "shop", (before) => ({
    ...before,
    conditions: [...((before["conditions"] ?? []) as object[]), { type: conditionType, status: "True" }],
  }));
  await expect.poll(() => readyOf(stage.pod())).toBe("True");
});
