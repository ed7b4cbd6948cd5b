import type { Lifecycle } from "kubernetes-types/core/v1";
import { expect, test } from "vitest";
import { envOf, openStage, podOf, readyOf, shell, type Stage } from "./stage.ts";

/** Writes when each thing happened. */
const marked = 'say() { echo "$1 $(date +%s%3N)"; }; say started; ';

async function endOf(script: string, graceSeconds: number, lifecycle?: Lifecycle): Promise<Ended> {
  const stage = openStage();
  stage.run(podOf({ ...shell(marked + script), ...(lifecycle === undefined ? {} : { lifecycle }) }));
  await expect.poll(() => stage.log()).toMatch(/^ready/m);
  const exits: unknown[] = [];
  const seen: number[] = [];
  stage.machine.store.subscribe(({ resource, type, object }) => {
    if (resource !== "pods") return;
    if (type === "DELETED") seen.push(Date.now());
    const statuses = (object.object as ReturnType<Stage["pod"]>)?.status?.containerStatuses;
    const terminated = statuses?.[0]?.state?.terminated;
    if (terminated !== undefined) exits.push(terminated);
  });
  const id = stage.pod()?.status?.containerStatuses?.[0]?.containerID ?? "";
  const removedMs = Date.now();
  stage.remove(graceSeconds);
  await expect.poll(() => stage.pod()).toBeUndefined();
  const log = Buffer.from(stage.logs.read(id)?.bytes() ?? []).toString();
  return { stage, exit: exits.at(-1), log, tookMs: (seen[0] ?? 0) - removedMs };
}

interface Ended {
  readonly stage: Stage;
  readonly exit: unknown;
  readonly log: string;
  readonly tookMs: number;
}

const loop = "echo ready; while :; do sleep 0.05; done";

test("SIGTERM lets a container end as it likes", async () => {
  const { exit, log } = await endOf(`trap 'say term; exit 0' TERM; ${loop}`, 30);
  expect(exit).toMatchObject({ exitCode: 0, reason: "Completed" });
  expect(log).toMatch(/ term \d+\n$/);
});

test("who has no handler is killed when the grace is over: the first process of a container has no default", async () => {
  const { exit, tookMs } = await endOf(loop, 2);
  expect(exit).toMatchObject({ exitCode: 137, reason: "Error" });
  expect(tookMs).toBeGreaterThanOrEqual(1990);
});

test("preStop comes before SIGTERM and its time is counted, but two seconds are left", async () => {
  const preStop = { exec: { command: ["sh", "-c", "sleep 1.5"] } };
  const { exit, log, tookMs } = await endOf(`trap 'say term' TERM; ${loop}`, 2, { preStop });
  expect(exit).toMatchObject({ exitCode: 137 });
  expect(log).toMatch(/ term \d+\n/);
  // 1.5 s of preStop and then the least grace.
  expect(tookMs).toBeGreaterThanOrEqual(3490);
});

test("a preStop that sleeps, and one that fails", async () => {
  const sleeping = { sleep: { seconds: 1 } } as Lifecycle["preStop"] & object;
  const slept = await endOf(`trap 'say term; exit 0' TERM; ${loop}`, 30, { preStop: sleeping });
  expect(slept.tookMs).toBeGreaterThanOrEqual(990);
  const failing = { exec: { command: ["false"] } };
  const failed = await endOf(`trap 'say term; exit 0' TERM; ${loop}`, 30, { preStop: failing });
  expect(failed.stage.events()).toContain("FailedPreStopHook: PreStopHook failed");
});

test("a preStop that asks the application", async () => {
  const stage = openStage();
  const ports = [{ name: "http", containerPort: 8080 }];
  const preStop = { httpGet: { path: "/drain", port: "http" } };
  stage.run(podOf({ ports, lifecycle: { preStop }, env: envOf({ LOG_FORMAT: "plain" }) }));
  await expect.poll(() => stage.log()).toContain("listening on");
  const id = stage.pod()?.status?.containerStatuses?.[0]?.containerID ?? "";
  stage.remove(30);
  await expect.poll(() => stage.pod()).toBeUndefined();
  expect(Buffer.from(stage.logs.read(id)?.bytes() ?? []).toString()).toMatch(
    /path=\/drain status=200[^]*SIGTERM received[^]*shutdown complete/,
  );
});

test("a second deletion may be in more of a hurry", async () => {
  const stage = openStage();
  stage.run(podOf(shell("trap '' TERM; echo ready; sleep 1000")));
  await expect.poll(() => stage.log()).toMatch(/ready/);
  stage.remove(600);
  await expect.poll(() => stage.events()).toContain("Killing: Stopping container app");
  stage.remove(1);
  await expect.poll(() => stage.pod()).toBeUndefined();
});

test("a sidecar starts before the others and ends after them", async () => {
  const stage = openStage();
  const sidecar = {
    name: "proxy",
    restartPolicy: "Always",
    ...shell("trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done"),
  };
  const app = shell("trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done");
  const pod = podOf(app);
  stage.run({
    ...pod,
    spec: { ...pod.spec, initContainers: [sidecar], containers: pod.spec?.containers ?? [] },
  });
  await expect.poll(() => readyOf(stage.pod())).toBe("True");
  const { initContainerStatuses: [proxy] = [], containerStatuses: [main] = [] } = stage.pod()?.status ?? {};
  expect([proxy?.ready, main?.ready]).toEqual([true, true]);
  // Before they have their handlers, SIGTERM would not end them.
  for (const container of ["app", "proxy"]) await expect.poll(() => stage.log(container)).toContain("ready");
  stage.remove(30);
  await expect.poll(() => stage.pod()).toBeUndefined();
  const killed = stage.events().filter((event) => event.startsWith("Killing"));
  expect(killed).toEqual(["Killing: Stopping container app", "Killing: Stopping container proxy"]);
});

test("a pod whose object is taken away by force is killed all the same", async () => {
  const stage = openStage();
  stage.run(podOf(shell(`trap '' TERM; echo $$ ready; sleep 1000`)));
  await expect.poll(() => readyOf(stage.pod())).toBe("True");
  await expect.poll(() => stage.log()).toMatch(/ready/);
  const id = stage.pod()?.status?.containerStatuses?.[0]?.containerID ?? "";
  let hasEnded = false;
  stage.logs.read(id)?.follow(
    () => {},
    () => (hasEnded = true),
  );
  stage.machine.writes.remove("pods", "cart", "shop", { gracePeriodSeconds: 0 });
  await expect.poll(() => hasEnded).toBe(true);
});
