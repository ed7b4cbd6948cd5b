import { expect, test } from "vitest";
import { openStage, podOf, readyOf, shell } from "./stage.ts";

const named = (name: string) => ({ name, namespace: "shop" });

test("a container that fails is restarted at once, then backs off, and its logs are kept", async () => {
  const stage = openStage({ backOffMs: 600 });
  stage.run(podOf(shell("echo life; echo broken >&2; exit 3")));

  const status = () => stage.pod()?.status?.containerStatuses?.[0];
  const backedOff = () => stage.toldOfApp().find((s) => s.state?.waiting?.reason === "CrashLoopBackOff");
  await expect.poll(backedOff).toBeDefined();
  expect(backedOff()).toMatchObject({
    state: {
      waiting: {
        message: expect.stringMatching(/^back-off 600ms restarting failed container=app pod=cart_shop\(/),
      },
    },
    lastState: { terminated: { exitCode: 3, reason: "Error" } },
    restartCount: 1,
    ready: false,
  });
  await expect.poll(() => status()?.restartCount).toBeGreaterThan(2);
  expect(stage.pod()?.status?.phase).toBe("Running");
  expect(stage.events()).toContainEqual(
    expect.stringMatching(/^BackOff: Back-off restarting failed container app in pod cart_shop\(/),
  );
  const last = status()?.lastState?.terminated?.containerID ?? "";
  const log = Buffer.from(stage.logs.read(last)?.bytes() ?? []).toString();
  // Two streams: either may come first.
  const lines = log.split("\n").map((line) => line.replace(/^\S{29}Z /, ""));
  expect(lines.toSorted()).toEqual(["", "broken", "life"]);
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
  await expect.poll(() => stage.pod("b")?.status?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(0);
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
  await expect.poll(() => readyOf(stage.pod())).toBe("True");
  const message = "containers with incomplete status: [migrate warm]";
  const atFirst = stage.told().find(({ conditions }) => conditions?.some((c) => c.message === message));
  expect(atFirst?.conditions?.find((c) => c.type === "Initialized")).toMatchObject({
    status: "False",
    reason: "ContainersNotInitialized",
    message,
  });
  expect(atFirst?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: "PodInitializing" } });
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
  const waitings = (name: string) => stage.toldOfApp(name).flatMap(({ state }) => state?.waiting ?? []);

  await expect.poll(() => waitings("cart").map(({ reason }) => reason)).toContain("ImagePullBackOff");
  expect(waitings("cart").map(({ reason }) => reason)).toContain("ErrImagePull");
  expect(waitings("cart").find(({ reason }) => reason === "ImagePullBackOff")?.message).toMatch(
    /^Back-off pulling image "shop\/cart:9": ErrImagePull: rpc error: code = NotFound /,
  );
  await expect
    .poll(() => waitings("unset").at(-1))
    .toEqual({
      reason: "CreateContainerConfigError",
      message: 'configmap "settings" not found',
    });
  stage.machine.writes.create("configmaps", { metadata: named("settings"), data: {} });
  await expect
    .poll(() => waitings("unset").at(-1)?.message)
    .toBe("couldn't find key URL in ConfigMap shop/settings");
  stage.machine.writes.update("configmaps", { metadata: named("settings"), data: { URL: "http://db" } });
  await expect.poll(() => readyOf(stage.pod("unset"))).toBe("True");
  await expect
    .poll(() =>
      stage.toldOfApp("absent").flatMap((of) => of.state?.terminated ?? of.lastState?.terminated ?? []),
    )
    .toContainEqual(
      expect.objectContaining({
        exitCode: 128,
        reason: "StartError",
        message: expect.stringContaining('exec: "nonsense": executable file not found in $PATH: unknown'),
      }),
    );
  await expect
    .poll(() => stage.events())
    .toEqual(
      expect.arrayContaining([
        "Failed: Error: ErrImagePull",
        "Failed: Error: ImagePullBackOff",
        'BackOff: Back-off pulling image "shop/cart:9"',
        'Failed: Error: configmap "settings" not found',
      ]),
    );
});
