import type { Container } from "kubernetes-types/core/v1";
import { describe, expect, it } from "vitest";
import { listenFix } from "../../src/causes/application/listen-setting.ts";
import { morePods } from "../../src/causes/more-pods.ts";
import { readinessProbeTooStrict } from "../../src/causes/pod/readiness-probe-too-strict.ts";
import { podUnschedulable } from "../../src/causes/pod/pod-unschedulable.ts";
import type { AutoscalerView, PodView } from "../../src/derive/views.ts";
import { ref } from "../../src/evidence/object-ref.ts";
import { absent, type Observed, present, unknown } from "../../src/evidence/observed.ts";
import { request, traffic } from "./traffic.ts";

const owner = ref("Deployment", "cart", "shop");

const podWith = (container: Partial<Container>, more: object = {}): PodView =>
  ({
    ref: ref("Pod", "cart-1", "shop"),
    owner,
    phase: "Running",
    containers: [{ name: "app", role: "main", spec: { name: "app", ...container } }],
    ...more,
  }) as unknown as PodView;

const change = (container: Partial<Container>): unknown => {
  const body = listenFix(podWith(container), "app", 8000).patch?.body as
    | { spec: { template: { spec: { containers: [object] } } } }
    | undefined;
  return body?.spec.template.spec.containers[0];
};

const env = (name: string, value: string) => ({ env: [{ name, value }] });

const scaler = (max: number): Observed<readonly AutoscalerView[]> =>
  present([{ ref: ref("HorizontalPodAutoscaler", "cart", "shop"), max } as unknown as AutoscalerView]);

const node = (labels: object): object => ({ name: "a", labels });

const fixesOf = (pod: PodView, nodes: object, workloads: object = absent("none")) =>
  (
    podUnschedulable.weigh({
      pods: [pod],
      events: absent("none"),
      nodes,
      workloads,
    } as never) as unknown as {
      fixes: { title: string; patch?: { type: string; body: unknown } }[];
    }
  ).fixes.filter((fix) => fix.patch !== undefined);

describe("where the application listens", () => {
  it.each([
    [env("LISTEN", "127.0.0.1"), env("LISTEN", "0.0.0.0")],
    [env("HOST", "localhost"), env("HOST", "0.0.0.0")],
    [env("SERVER_ADDRESS", "::1"), env("SERVER_ADDRESS", "::")],
    [env("BIND_ADDR", "127.0.0.1:8000"), env("BIND_ADDR", "0.0.0.0:8000")],
    [{ args: ["serve", "--host=127.0.0.1"] }, { args: ["serve", "--host=0.0.0.0"] }],
    [
      { command: ["gunicorn", "--bind", "127.0.0.1:8000", "app"] },
      { command: ["gunicorn", "--bind", "0.0.0.0:8000", "app"] },
    ],
  ])("%j is changed there", (before, after) => {
    expect(change(before)).toEqual({ name: "app", ...after });
  });

  it.each([
    // Where somebody else listens is none of it, nor is another port.
    [env("DB_HOST", "127.0.0.1")],
    [env("REDIS_ADDRESS", "localhost")],
    [env("BIND_ADDR", "127.0.0.1:9090")],
    [{ args: ["--upstream", "127.0.0.1:8000"] }],
    [{ ...env("HOST", "127.0.0.1"), args: ["--host", "127.0.0.1"] }],
    [{}],
  ])("%j is for a person", (container) => {
    expect(listenFix(podWith(container), "app", 8000)).toMatchObject({ applicability: "display-only" });
    expect(change(container)).toBeUndefined();
  });
});

describe("pods for what a full pool did not answer", () => {
  const pods = [podWith({}), podWith({})];
  const failures = Array.from({ length: 60 }, () => request({}));
  const seen = traffic({ failures, succeeded: 40 });
  const none = absent("none");

  it("are as many as would have answered all, and half more", () => {
    const fix = morePods(pods, seen, failures, none);
    expect(fix?.patch).toMatchObject({ object: owner, body: { spec: { replicas: 8 } } });
    expect(fix?.commands).toEqual(["kubectl scale deployment/cart -n shop --replicas=8"]);
  });

  it("are five times those that are there at most", () => {
    const fix = morePods(pods, traffic({ failures, succeeded: 0 }), failures, none);
    expect(fix?.patch?.body).toEqual({ spec: { replicas: 10 } });
  });

  it("are the autoscaler's minimum where there is one, and nothing beyond its maximum", () => {
    expect(morePods(pods, seen, failures, scaler(9))?.patch?.body).toEqual({ spec: { minReplicas: 8 } });
    expect(morePods(pods, seen, failures, scaler(4))).toBeUndefined();
    expect(morePods(pods, seen, failures, unknown("autoscalers", "forbidden"))).toBeUndefined();
  });
});

describe("a pod that no node takes", () => {
  const message = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.";
  const pending = (spec: object, more: object = {}): PodView =>
    podWith(
      {},
      {
        phase: "Pending",
        spec: { containers: [], ...spec },
        pod: { status: { conditions: [{ type: "PodScheduled", status: "False", message }] } },
        templateHash: "new",
        ...more,
      },
    );

  it("may run without the labels that none has", () => {
    const pod = pending({ nodeSelector: { disktype: "ssd", "kubernetes.io/os": "linux" } });
    const [fix] = fixesOf(pod, present([node({ "kubernetes.io/os": "linux" })]));
    expect(fix?.patch?.body).toEqual({ spec: { template: { spec: { nodeSelector: { disktype: null } } } } });
  });

  it("keeps labels that some node has", () => {
    const pod = pending({ nodeSelector: { disktype: "ssd" } });
    expect(fixesOf(pod, present([node({}), node({ disktype: "ssd" })]))).toEqual([]);
    expect(fixesOf(pod, unknown("nodes", "forbidden"))).toEqual([]);
  });

  it("goes back to the revision before, where that did not ask for it", () => {
    const selector = { nodeSelector: { disktype: "ssd" }, containers: [] };
    const workload = {
      ref: owner,
      revisions: [
        { hash: "new", number: 2, spec: selector },
        { hash: "old", number: 1, spec: { containers: [] } },
      ],
    };
    const [fix, ...others] = fixesOf(pending(selector), present([node({})]), present([workload]));
    expect(fix?.title).toBe("Go back to revision 1 of Deployment shop/cart");
    expect(others).toEqual([]);
  });
});

const asking = (readinessProbe: object) => ({ spec: { containers: [{ name: "app", readinessProbe }] } });

describe("a readiness check that asks for something shared", () => {
  const shared = { httpGet: { path: "/ready", port: 8000 }, periodSeconds: 2 };
  const checked = (more: Partial<Container>): unknown => {
    const pod = podWith(
      { readinessProbe: shared, ...more },
      { ready: false, createdMs: 0, readyChangedMs: 60_000, targetPort: 8000 },
    );
    const judged = readinessProbeTooStrict.weigh({
      pods: [pod],
      events: [
        {
          about: pod.ref,
          container: "app",
          reason: "Unhealthy",
          count: 3,
          firstMs: 60_000,
          lastMs: 65_000,
          message: "Readiness probe failed: HTTP probe failed with statuscode: 503",
        },
      ],
      traffic: absent("none"),
      appLog: absent("none"),
      patterns: absent("none"),
    } as never) as unknown as { fixes: { patch?: { body: { spec: { template: unknown } } } }[] };
    return judged.fixes.find((fix) => fix.patch !== undefined)?.patch?.body.spec.template;
  };
  it("asks whether the pod listens, until it has a check of its own", () => {
    expect(checked({})).toEqual(asking({ httpGet: null, tcpSocket: { $patch: "replace", port: 8000 } }));
  });

  it("asks what the liveness probe asks, where that is another thing", () => {
    expect(checked({ livenessProbe: { httpGet: { path: "/alive", port: 8000 } } })).toEqual(
      asking({ httpGet: { $patch: "replace", path: "/alive", port: 8000 } }),
    );
    expect(checked({ livenessProbe: shared })).toEqual(
      asking({ httpGet: null, tcpSocket: { $patch: "replace", port: 8000 } }),
    );
  });
});
