import type { ContainerStatus } from "kubernetes-types/core/v1";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { PodHandle } from "../cluster/pod-handle.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain } from "../in-vain.ts";

const root = (cause: string, ...acceptable: string[]): Expectation => ({
  status: "explained",
  causes: [cause],
  acceptable: ["no-endpoints-pods-not-ready", ...acceptable],
  share: 1,
});

/** The status of one init container, and what it makes of the pod. */
function initStatus(p: PodHandle, status: ContainerStatus): void {
  p.waiting("PodInitializing");
  p.status.initContainerStatuses = [status];
  p.setCondition(
    "Initialized",
    "False",
    p.pod.metadata?.creationTimestamp ?? "-20m",
    "ContainersNotInitialized",
    `containers with incomplete status: [${status.name}]`,
  );
}

const withInit = (name: string, command: string[], created: string) => ({
  created,
  spec: (spec: { initContainers?: unknown[]; containers: { image?: string }[] }) => {
    spec.initContainers = [{ name, image: spec.containers[0]?.image, command }];
  },
});

/** Init containers that do not finish, and one that does. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "init-migration-fails",
    title: "The init container that migrates the database fails, so the application never starts",
    target: "www.example.com/",
    async build() {
      const options = {
        replicas: 2,
        ...withInit("migrate", ["bin/rails", "db:migrate"], "-21m"),
      };
      const c = shop("web", { app: "rails", host: "www.example.com", options });
      for (const p of c.pods("rails")) {
        initStatus(p, {
          name: "migrate",
          image: "registry.example.com/web/rails:1.8.2",
          imageID: "",
          ready: false,
          restartCount: 8,
          state: {
            waiting: {
              reason: "CrashLoopBackOff",
              message: `back-off 5m0s restarting failed container=migrate pod=${p.name}_web`,
            },
          },
          lastState: {
            terminated: {
              exitCode: 1,
              reason: "Error",
              startedAt: "2026-11-18T10:26:02Z",
              finishedAt: "2026-11-18T10:26:09Z",
            },
          },
        });
        p.event("BackOff", `Back-off restarting failed container migrate in pod ${p.name}_web`, {
          first: "-20m",
          last: "-8s",
          count: 92,
          fieldPath: "spec.initContainers{migrate}",
        });
        c.appLog(
          p,
          [
            "== 20261117 AddTaxToOrders: migrating",
            'StandardError: column "tax_rate" of model Order is declared twice',
            "rake aborted!",
          ],
          { container: "migrate", previous: true },
        );
      }
      await askInVain(c, "rails", "-17m", "-6m");
      return c.evidence();
    },
    expect: root("init-container-failing"),
  }),
  defineCase({
    id: "init-migration-done",
    title:
      "The init container that migrates the database ended well; the application itself ends at its start",
    target: "www.example.com/",
    twinOf: "init-migration-fails",
    differs: "the init container ended with exit code 0",
    async build() {
      const options = {
        replicas: 2,
        ...withInit("migrate", ["bin/rails", "db:migrate"], "-21m"),
      };
      const c = shop("web", { app: "rails", host: "www.example.com", options });
      for (const p of c.pods("rails")) {
        p.status.initContainerStatuses = [
          {
            name: "migrate",
            image: "registry.example.com/web/rails:1.8.2",
            imageID: "",
            ready: true,
            restartCount: 0,
            state: { terminated: { exitCode: 0, reason: "Completed", finishedAt: "2026-11-18T10:09:30Z" } },
            lastState: {},
          },
        ];
        p.crashLoop({ exitCode: 1, reason: "Error", at: "-3m", since: "-20m", count: 8 });
      }
      await askInVain(c, "rails", "-17m", "-6m");
      return c.evidence();
    },
    expect: root("crash-loop-backoff"),
  }),
  defineCase({
    id: "init-waits-for-queue",
    title: "An init container has waited for half an hour for a broker that nobody installed",
    target: "service/worker-api",
    namespace: "workers",
    async build() {
      const command = ["sh", "-c", "until nc -z rabbitmq 5672; do echo waiting; sleep 2; done"];
      const c = shop("workers", {
        app: "worker-api",
        options: { replicas: 1, ...withInit("wait-for-rabbitmq", command, "-31m") },
      });
      initStatus(c.pod("worker-api"), {
        name: "wait-for-rabbitmq",
        image: "busybox:1.37",
        imageID: "docker.io/library/busybox@sha256:0a1b",
        ready: false,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: "2026-11-18T09:59:03Z" } },
        lastState: {},
      });
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["init-container-failing"],
      acceptable: ["dependency-misaddressed", "no-endpoints-pods-not-ready"],
    },
  }),
];
