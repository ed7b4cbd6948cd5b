import type { PodSpec } from "kubernetes-types/core/v1";
import { describe, expect, it } from "vitest";
import { imagePullFailure } from "../../src/causes/pod/image-pull-failure.ts";
import { livenessProbeRestartLoop } from "../../src/causes/pod/liveness-probe-restart-loop.ts";
import { preStopFix, undoFix } from "../../src/causes/template-fix.ts";
import type { PodView, Workload } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { present, unknown } from "../../src/evidence/observed.ts";

const owner = ref("Deployment", "cart", "shop");
const unread = unknown("gateway-log", "not looked at");

const podOf = (spec: object, more: object = {}): PodView =>
  ({
    ref: ref("Pod", "cart-1", "shop"),
    owner,
    ips: [],
    templateHash: "new",
    phase: "Running",
    ready: false,
    createdMs: 0,
    spec: { containers: [{ name: "app", ...spec }] },
    containers: [{ name: "app", role: "main", restarts: 0, spec: { name: "app", ...spec }, ...more }],
  }) as unknown as PodView;

/** Patches of the fixes, as one text. */
function patchesOf(judgement: object): string {
  const { fixes } = judgement as { fixes: readonly { patch?: unknown }[] };
  return JSON.stringify(fixes.flatMap(({ patch }) => patch ?? []));
}

const revision = (hash: string, number: number, image: string, more: object = {}): object => ({
  ref: ref("ReplicaSet", `cart-${hash}`, "shop"),
  hash,
  number,
  spec: { containers: [{ name: "app", image, ...more }] },
});

const pulled = (before: object): string => {
  const workload = { ref: owner, revisions: [revision("new", 2, "shop/cart:typo"), before] };
  return patchesOf(
    imagePullFailure.weigh({
      pods: [podOf({ image: "shop/cart:typo" }, { waiting: { reason: "ImagePullBackOff" } })],
      events: unread,
      workloads: present([workload as unknown as Workload]),
    } as never),
  );
};

describe("going back to the revision before, of an image that cannot be pulled", () => {
  it("is proposed where it had another", () => {
    expect(pulled(revision("old", 1, "shop/cart:1.2"))).toContain("shop/cart:1.2");
  });

  it("is not where it had the same and something else differs", () => {
    const before = revision("old", 1, "shop/cart:typo", { env: [{ name: "LEVEL", value: "debug" }] });
    expect(pulled(before)).toBe("[]");
  });
});

const undone = (...revisions: readonly object[]): string =>
  JSON.stringify(undoFix({ ref: owner, revisions } as unknown as Workload)?.patch?.body);

describe("going back", () => {
  const restarted = { "kubectl.kubernetes.io/restartedAt": "2026-11-24T10:00:00Z" };
  const labels = { app: "cart" };

  it("takes the annotations and labels of the pods along", () => {
    const now = { ...revision("b", 2, "shop/cart:1"), labels, annotations: { "sidecar/inject": "false" } };
    const before = { ...revision("a", 1, "shop/cart:1"), labels: { ...labels, tier: "web" } };
    expect(JSON.parse(undone(now, before))).toEqual([
      { op: "add", path: "/spec/template/metadata/labels/tier", value: "web" },
      { op: "remove", path: "/spec/template/metadata/annotations" },
    ]);
  });

  it("passes by a revision that was only restarted, and goes behind it", () => {
    const now = { ...revision("c", 3, "shop/cart:2"), labels, annotations: restarted };
    const before = { ...revision("b", 2, "shop/cart:2"), labels };
    expect(undone(now, before)).toBeUndefined();
    expect(undone(now, before, { ...revision("a", 1, "shop/cart:1"), labels })).toContain("shop/cart:1");
  });
});

const killedBy = (spec: object, kind: "Liveness" | "Startup"): string => {
  const pod = podOf(spec);
  const event = { about: pod.ref, container: "app", count: 1, firstMs: 1000, lastMs: 1000 };
  return patchesOf(
    livenessProbeRestartLoop.weigh({
      pods: [pod],
      events: [
        { ...event, reason: "Unhealthy", message: `${kind} probe failed: timeout: deadline exceeded` },
        {
          ...event,
          reason: "Killing",
          message: `Container app failed ${kind.toLowerCase()} probe, will be restarted`,
        },
      ],
      traffic: unread,
      patterns: unread,
      metrics: unread,
    } as never),
  );
};

describe("more patience of probes", () => {
  it("gives a startup probe that asks as the liveness probe does", () => {
    const patch = killedBy({ livenessProbe: { httpGet: { path: "/live", port: 8080 } } }, "Liveness");
    expect(patch).toContain('"startupProbe":{"httpGet":{"path":"/live","port":8080}');
  });

  it("leaves a startup probe its own way to ask", () => {
    const spec = {
      startupProbe: { tcpSocket: { port: 8080 }, failureThreshold: 60 },
      livenessProbe: { httpGet: { path: "/live", port: 8080 }, timeoutSeconds: 9 },
    };
    const patch = killedBy(spec, "Liveness");
    expect(patch).not.toContain("httpGet");
    expect(patch).toContain('"failureThreshold":60');
    expect(patch).toContain('"timeoutSeconds":9');
  });

  it("makes no liveness probe where there is none", () => {
    expect(killedBy({ startupProbe: { tcpSocket: { port: 8080 } } }, "Startup")).not.toContain(
      "livenessProbe",
    );
  });
});

describe("a pause before a pod is told to stop", () => {
  it("is not made shorter than it is", () => {
    const spec = {
      containers: [{ name: "app", lifecycle: { preStop: { exec: { command: ["sleep", "60"] } } } }],
    } as unknown as PodSpec;
    expect(JSON.stringify(preStopFix(owner, spec, 20))).toContain('"sleep":{"seconds":60}');
  });
});
