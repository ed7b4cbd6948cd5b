import { expect, test } from "vitest";
import { openStage, podOf, readyOf, shell } from "./stage.ts";

const named = (name: string) => ({ name, namespace: "shop" });

test("a container that fails is restarted at once, then backs off, and its logs are kept", async () => {
  const stage = openStage({ backOffMs: 600 });
  stage.run(podOf(shell("echo life; echo broken >&2; exit 3")));

  const status = () => stage.pod()?.status?.containerStatuses?.[0];
  await expect.poll(() => status()?.state?.waiting?.reason, { timeout: 10_000 }).toBe("CrashLoopBackOff");
  expect(status()).toMatchObject({
    state: {
      waiting: {
        message: expect.stringMatching(/^back-off 600ms restarting failed container=app pod=cart_shop\(/),
      },
    },
    lastState: { terminated: { exitCode: 3, reason: "Error" } },
    restartCount: 1,
    ready: false,
  });
  await expect.poll(() => status()?.restartCount, { timeout: 10_000 }).toBeGreaterThan(2);
  expect(stage.pod()?.status?.phase).toBe("Running");
  expect(stage.events()).toContainEqual(
    expect.stringMatching(/^BackOff: Back-off restarting failed container app in pod cart_shop\(/),
  );
  const last = status()?.lastState?.terminated?.containerID ?? "";
  expect(Buffer.from(stage.logs.read(last)?.bytes() ?? []).toString()).toMatch(
    /^\S{29}Z life\n\S{29}Z broken\n$/,
  );
});

test("a pod that need not run again has succeeded or failed", async () => {
  const stage = openStage();
  stage.run(podOf(shell("echo done"), { restartPolicy: "Never" }));
  stage.run({
    ...podOf(shell("exit 2"), { restartPolicy: "OnFailure" }),
    metadata: named("b"),
  });
  stage.run({
    ...podOf(shell("exit 2"), { restartPolicy: "Never" }),
    metadata: named("c"),
  });
  await expect.poll(() => stage.pod()?.status?.phase).toBe("Succeeded");
  expect(stage.pod()?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    exitCode: 0,
    reason: "Completed",
  });
  await expect.poll(() => stage.pod("c")?.status?.phase).toBe("Failed");
  expect(stage.pod("b")?.status?.phase).toBe("Running");
});

test("init containers run in order before the others, and again until they succeed", async () => {
  const stage = openStage({ backOffMs: 200 });
  const { spec } = podOf(shell("echo main; sleep 60"));
  const once = 'if [ -e "$TMPDIR/tried" ]; then echo second; else touch "$TMPDIR/tried"; exit 1; fi';
  stage.run({
    metadata: { name: "cart", namespace: "shop" },
    spec: {
      ...spec,
      initContainers: [
        { name: "migrate", ...shell(once) },
        { name: "warm", ...shell("echo warm") },
      ],
      containers: spec?.containers ?? [],
    },
  });
  const conditions = () => stage.pod()?.status?.conditions ?? [];
  await expect
    .poll(() => conditions().find((c) => c.type === "Initialized"))
    .toMatchObject({
      status: "False",
      reason: "ContainersNotInitialized",
      message: "containers with incomplete status: [migrate warm]",
    });
  expect(stage.pod()?.status?.containerStatuses?.[0]?.state).toEqual({
    waiting: { reason: "PodInitializing" },
  });
  await expect.poll(() => readyOf(stage.pod()), { timeout: 10_000 }).toBe("True");
  expect(stage.pod()?.status?.initContainerStatuses).toMatchObject([
    { name: "migrate", restartCount: 1, state: { terminated: { exitCode: 0 } }, ready: true },
    { name: "warm", restartCount: 0, ready: true },
  ]);
  expect(stage.log("migrate")).toBe("second\n");
});

test("what cannot be made says why", async () => {
  const stage = openStage({ backOffMs: 400, retryMs: 200 });
  stage.run(podOf({ image: "shop/cart:9" }));
  const key = { name: "settings", key: "URL" };
  const env = [{ name: "URL", valueFrom: { configMapKeyRef: key } }];
  stage.run({ ...podOf({ ...shell("echo $URL; sleep 60"), env }), metadata: named("unset") });
  stage.run({ ...podOf({ image: "lab/shell:1", command: ["nonsense"] }), metadata: named("absent") });
  const stateOf = (name: string) => stage.pod(name)?.status?.containerStatuses?.[0];

  await expect.poll(() => stateOf("cart")?.state?.waiting?.reason).toBe("ErrImagePull");
  await expect
    .poll(() => stateOf("cart")?.state?.waiting)
    .toMatchObject({
      reason: "ImagePullBackOff",
      message: expect.stringMatching(
        /^Back-off pulling image "shop\/cart:9": ErrImagePull: rpc error: code = NotFound /,
      ),
    });
  expect(stateOf("unset")?.state?.waiting).toEqual({
    reason: "CreateContainerConfigError",
    message: 'configmap "settings" not found',
  });
  stage.machine.writes.create("configmaps", { metadata: named("settings"), data: {} });
  await expect
    .poll(() => stateOf("unset")?.state?.waiting?.message)
    .toBe("couldn't find key URL in ConfigMap shop/settings");
  stage.machine.writes.update("configmaps", { metadata: named("settings"), data: { URL: "http://db" } });
  await expect.poll(() => readyOf(stage.pod("unset"))).toBe("True");
  expect(stateOf("absent")?.lastState?.terminated ?? stateOf("absent")?.state?.terminated).toMatchObject({
    exitCode: 128,
    reason: "StartError",
    message: expect.stringContaining('exec: "nonsense": executable file not found in $PATH: unknown'),
  });
  expect(stage.events()).toEqual(
    expect.arrayContaining([
      "Failed: Error: ErrImagePull",
      "Failed: Error: ImagePullBackOff",
      'BackOff: Back-off pulling image "shop/cart:9"',
      'Failed: Error: configmap "settings" not found',
    ]),
  );
});
