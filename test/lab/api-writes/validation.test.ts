import { describe, expect, test } from "vitest";
import { StatusError } from "../../../lab/api-server/status.ts";
import type { StoredResource } from "../../../lab/api-server/stored-kinds.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { openStore } from "../../../lab/api-server/store.ts";
import { openWrites } from "../../../lab/api-server/writes/open-writes.ts";
import { web } from "./clusters.ts";

function open() {
  const store = openStore({
    collectedAt: "2026-11-18T10:30:00Z",
    source: { kind: "cluster", name: "lab" },
    objects: { namespaces: [{ metadata: { name: "default" } }] },
    coverage: [],
    logs: [],
    losses: [],
  });
  return { store, writes: openWrites(store) };
}

function refusal(write: () => unknown): { code: number; message: string } {
  try {
    write();
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error("nothing was refused");
}

type Spec = Record<string, unknown>;
const named = (name: string, spec: Spec): KubeObject => ({ metadata: { name }, spec });
const container = (more: Spec = {}): Spec => ({ name: "app", image: "shop:1", ...more });
const pod = (more: Spec = {}, spec: Spec = {}): KubeObject =>
  named("p", { containers: [container(more)], ...spec });
const service = (spec: Spec): KubeObject => named("s", { selector: { app: "web" }, ...spec });

describe("validation on create", () => {
  test.each<[StoredResource, KubeObject, string]>([
    [
      "deployments",
      named("web", {}),
      'Deployment.apps "web" is invalid: [spec.selector: Required value, spec.template: Required value]',
    ],
    [
      "deployments",
      web({ selector: { matchLabels: { app: "other" } } }),
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ],
    [
      "deployments",
      web({ replicas: -1 }),
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
    ],
    [
      "deployments",
      web({ strategy: { type: "Blue" } }),
      'spec.strategy.type: Unsupported value: "Blue": supported values: "Recreate", "RollingUpdate"',
    ],
    [
      "deployments",
      web({ strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } }),
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ],
    [
      "deployments",
      web({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
    ],
    ["pods", named("p", { containers: [] }), 'Pod "p" is invalid: spec.containers: Required value'],
    ["pods", named("p", { containers: [{ name: "app" }] }), "spec.containers[0].image: Required value"],
    [
      "pods",
      named("p", { containers: [container(), container()] }),
      'spec.containers[1].name: Duplicate value: "app"',
    ],
    ["pods", pod({ name: "A" }), 'spec.containers[0].name: Invalid value: "A": a lowercase RFC 1123 label'],
    [
      "pods",
      pod({ ports: [{ containerPort: 70_000 }] }),
      "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
    ],
    [
      "pods",
      pod({ readinessProbe: {} }),
      "spec.containers[0].readinessProbe: Required value: must specify a handler type",
    ],
    [
      "pods",
      pod({ livenessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } }),
      "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
    ],
    [
      "pods",
      pod({ readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: -1 } }),
      "spec.containers[0].readinessProbe.periodSeconds: Invalid value: -1",
    ],
    [
      "pods",
      pod({ volumeMounts: [{ name: "v", mountPath: "/v" }] }),
      'spec.containers[0].volumeMounts[0].name: Not found: "v"',
    ],
    [
      "pods",
      pod({ resources: { limits: { memory: "64Mi" }, requests: { memory: "1Gi" } } }),
      'spec.containers[0].resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit of 64Mi',
    ],
    ["pods", pod({ resources: { limits: { cpu: "lots" } } }), "quantities must match the regular expression"],
    ["pods", pod({}, { restartPolicy: "Sometimes" }), 'spec.restartPolicy: Unsupported value: "Sometimes"'],
    [
      "pods",
      { ...pod(), metadata: { name: "p", labels: { "bad key": "x" } } },
      'metadata.labels: Invalid value: "bad key"',
    ],
    ["services", service({ ports: [] }), 'Service "s" is invalid: spec.ports: Required value'],
    ["services", service({ ports: [{ port: 80 }, { port: 81 }] }), "spec.ports[0].name: Required value"],
    [
      "services",
      service({ ports: [{ port: 0 }] }),
      "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
    ],
    [
      "services",
      { ...service({ ports: [{ port: 80 }] }), metadata: { name: "1s" } },
      'metadata.name: Invalid value: "1s": a DNS-1035 label',
    ],
    ["services", service({ type: "ExternalName" }), "spec.externalName: Required value"],
    [
      "ingresses",
      named("i", {
        rules: [
          {
            http: {
              paths: [
                { path: "x", pathType: "Prefix", backend: { service: { name: "s", port: { number: 80 } } } },
              ],
            },
          },
        ],
      }),
      'spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path',
    ],
    [
      "ingresses",
      named("i", {
        rules: [
          { http: { paths: [{ path: "/", backend: { service: { name: "s", port: { number: 80 } } } }] } },
        ],
      }),
      "spec.rules[0].http.paths[0].pathType: Required value",
    ],
    [
      "horizontalpodautoscalers",
      named("h", { scaleTargetRef: { kind: "Deployment", name: "web" }, minReplicas: 5, maxReplicas: 2 }),
      "spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`",
    ],
    [
      "poddisruptionbudgets",
      named("b", { minAvailable: 1, maxUnavailable: 1 }),
      "minAvailable and maxUnavailable cannot be both set",
    ],
    [
      "jobs",
      named("j", { template: { spec: { containers: [container()] } } }),
      "spec.template.spec.restartPolicy: Required value",
    ],
  ])("%s %#", (resource, object, message) => {
    const { writes } = open();
    expect(refusal(() => writes.create(resource, object))).toMatchObject({
      code: 422,
      reason: "Invalid",
      message: expect.stringContaining(message),
    });
  });
});

describe("what may not change", () => {
  const patch = (resource: StoredResource, object: KubeObject, body: object) => {
    const { writes } = open();
    writes.create(resource, object);
    return refusal(() =>
      writes.patch(resource, object.metadata?.name ?? "", "default", { type: "merge", body }),
    );
  };

  test("the selector of a Deployment", () => {
    const labels = { app: "x" };
    const spec = { selector: { matchLabels: labels }, template: { metadata: { labels } } };
    expect(patch("deployments", web(), { spec }).message).toBe(
      'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable',
    );
  });

  test("the address of a Service", () => {
    const { message } = patch("services", service({ ports: [{ port: 80 }] }), {
      spec: { clusterIP: "10.96.9.9" },
    });
    expect(message).toContain("may not change once set");
  });

  test("a pod but for its images and added tolerations", () => {
    const { writes } = open();
    writes.create("pods", pod({}, { tolerations: [{ key: "gpu", operator: "Exists" }] }));
    const change = (spec: object) => () =>
      writes.patch("pods", "p", "default", { type: "strategic", body: { spec } });
    expect(change({ containers: [{ name: "app", image: "shop:2" }] })()["spec"]).toMatchObject({
      containers: [{ image: "shop:2" }],
    });
    expect(refusal(change({ nodeName: "n" })).message).toContain(
      "pod updates may not change fields other than",
    );
    expect(refusal(change({ containers: [{ name: "app", env: [{ name: "A" }] }] })).code).toBe(422);
    expect(refusal(change({ tolerations: [] })).code).toBe(422);
  });

  test("an immutable ConfigMap", () => {
    const object = { metadata: { name: "c" }, data: { a: "1" }, immutable: true };
    expect(patch("configmaps", object, { data: { a: "2" } }).message).toContain(
      "field is immutable when `immutable` is set",
    );
  });
});

describe("defaults", () => {
  test("of a pod", () => {
    const { writes } = open();
    const made = writes.create(
      "pods",
      pod({
        image: "shop",
        ports: [{ containerPort: 80 }],
        readinessProbe: { httpGet: { port: 80 } },
        resources: { limits: { cpu: 1, memory: "64Mi" } },
      }),
    );
    expect(made).toMatchObject({
      spec: {
        restartPolicy: "Always",
        dnsPolicy: "ClusterFirst",
        terminationGracePeriodSeconds: 30,
        serviceAccountName: "default",
        tolerations: [
          { key: "node.kubernetes.io/not-ready", tolerationSeconds: 300 },
          { key: "node.kubernetes.io/unreachable" },
        ],
        containers: [
          {
            imagePullPolicy: "Always",
            ports: [{ protocol: "TCP" }],
            readinessProbe: {
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
              httpGet: { path: "/", scheme: "HTTP" },
            },
            resources: { requests: { cpu: "1", memory: "64Mi" } },
          },
        ],
      },
      status: { phase: "Pending", qosClass: "Guaranteed" },
    });
  });

  test("of Services: addresses, target ports and node ports of their own", () => {
    const { writes } = open();
    const make = (name: string, spec: Spec) =>
      writes.create("services", named(name, spec))["spec"] as {
        clusterIP?: string;
        ports: { nodePort?: number; targetPort?: number }[];
      };
    const first = make("a", { ports: [{ port: 80 }] });
    const second = make("b", { type: "NodePort", ports: [{ port: 80, targetPort: 8080 }] });
    expect(first.clusterIP).toMatch(/^10\.96\.\d+\.\d+$/);
    expect(second.clusterIP).not.toBe(first.clusterIP);
    expect(first.ports[0]).toMatchObject({ targetPort: 80, protocol: "TCP" });
    expect(second.ports[0]?.nodePort).toBeGreaterThanOrEqual(30_000);
    expect(make("c", { clusterIP: "None" }).clusterIP).toBe("None");
    expect(make("d", { type: "ExternalName", externalName: "x.example" })).not.toHaveProperty("clusterIP");
    const taken = () => make("e", { clusterIP: first.clusterIP, ports: [{ port: 80 }] });
    expect(refusal(taken).message).toContain("provided IP is already allocated");
    // An update that does not name the address keeps it.
    const kept = writes.update("services", { metadata: { name: "a" }, spec: { ports: [{ port: 81 }] } });
    expect(kept["spec"]).toMatchObject({ clusterIP: first.clusterIP, ports: [{ port: 81 }] });
  });

  test("of an Ingress: the class that is the default", () => {
    const { writes } = open();
    writes.create("ingressclasses", {
      metadata: { name: "nginx", annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } },
      spec: { controller: "k8s.io/ingress-nginx" },
    });
    const backend = { service: { name: "web", port: { number: 80 } } };
    const made = writes.create("ingresses", named("i", { defaultBackend: backend }));
    expect(made["spec"]).toMatchObject({ ingressClassName: "nginx" });
  });
});

describe("garbage", () => {
  const owned = (name: string, kind: string, owner: KubeObject, more: object = {}): KubeObject => ({
    metadata: {
      name,
      ownerReferences: [
        { apiVersion: "v1", kind, name: owner.metadata?.name ?? "", uid: owner.metadata?.uid ?? "", ...more },
      ],
    },
  });

  test("dependents go after their owner, down the line; those with another owner stay", async () => {
    const { store, writes } = open();
    const top = writes.create("configmaps", { metadata: { name: "top" } });
    const other = writes.create("configmaps", { metadata: { name: "other" } });
    const middle = writes.create("configmaps", owned("middle", "ConfigMap", top));
    writes.create("configmaps", owned("leaf", "ConfigMap", middle));
    const shared = owned("shared", "ConfigMap", top);
    shared.metadata?.ownerReferences?.push(
      ...(owned("", "ConfigMap", other).metadata?.ownerReferences ?? []),
    );
    writes.create("configmaps", shared);
    writes.remove("configmaps", "top", "default");
    // Never inside the write itself.
    expect(store.list("configmaps")).toHaveLength(4);
    await expect.poll(() => store.list("configmaps").map((c) => c.name)).toEqual(["other", "shared"]);
    expect(store.get("configmaps", "shared", "default")?.object.metadata?.ownerReferences).toHaveLength(1);
    writes.stop();
  });

  test("foreground: the owner goes last", async () => {
    const { store, writes } = open();
    const gone: string[] = [];
    store.subscribe(({ type, object }) => type === "DELETED" && gone.push(object.name));
    const top = writes.create("configmaps", { metadata: { name: "top" } });
    writes.create("configmaps", owned("leaf", "ConfigMap", top, { blockOwnerDeletion: true }));
    const marked = writes.remove("configmaps", "top", "default", { propagationPolicy: "Foreground" });
    expect(marked?.metadata).toMatchObject({
      finalizers: ["foregroundDeletion"],
      deletionTimestamp: expect.any(String),
    });
    await expect.poll(() => gone).toEqual(["leaf", "top"]);
    writes.stop();
  });

  test("orphan: dependents lose the reference and stay", async () => {
    const { store, writes } = open();
    const top = writes.create("configmaps", { metadata: { name: "top" } });
    writes.create("configmaps", owned("leaf", "ConfigMap", top));
    writes.remove("configmaps", "top", "default", { propagationPolicy: "Orphan" });
    await expect.poll(() => store.list("configmaps").map((c) => c.name)).toEqual(["leaf"]);
    expect(store.get("configmaps", "leaf", "default")?.object.metadata?.ownerReferences ?? []).toEqual([]);
    writes.stop();
  });

  test("an object whose owner is not there goes; evidence that lacks owners stays", async () => {
    const { store, writes } = open();
    store.put("configmaps", owned("frozen", "ConfigMap", { metadata: { name: "x", uid: "unknown" } }));
    expect(store.list("configmaps")).toHaveLength(1);
    await expect.poll(() => store.list("configmaps")).toEqual([]);
    writes.stop();
  });

  test("a namespace takes its content along and refuses new", async () => {
    const { store, writes } = open();
    writes.create("namespaces", { metadata: { name: "shop" } });
    writes.create("configmaps", { metadata: { name: "a", namespace: "shop" } });
    writes.create("configmaps", { metadata: { name: "held", namespace: "shop", finalizers: ["lab/hold"] } });
    writes.remove("namespaces", "shop", undefined);
    const late = () => writes.create("configmaps", { metadata: { name: "b", namespace: "shop" } });
    expect(refusal(late).message).toContain("because it is being terminated");
    await expect.poll(() => store.list("configmaps", "shop").map((c) => c.name)).toEqual(["held"]);
    expect(store.get("namespaces", "shop")?.object["status"]).toEqual({ phase: "Terminating" });
    writes.patch("configmaps", "held", "shop", { type: "merge", body: { metadata: { finalizers: [] } } });
    await expect.poll(() => store.get("namespaces", "shop")).toBeUndefined();
    writes.stop();
  });
});

describe("writes in process", () => {
  test("updateStatus changes the status alone, and tells when nothing changes", () => {
    const { store, writes } = open();
    writes.create("deployments", web());
    const changed = writes.updateStatus("deployments", "web", "default", () => ({ replicas: 1 }));
    expect(changed).toMatchObject({ status: { replicas: 1 }, metadata: { generation: 1 } });
    const revision = store.revision();
    expect(writes.updateStatus("deployments", "web", "default", (status) => ({ ...status }))).toBeUndefined();
    expect(store.revision()).toBe(revision);
    expect(writes.updateStatus("deployments", "gone", "default", () => ({}))).toBeUndefined();
    expect(writes.remove("deployments", "gone", "default")).toBeUndefined();
  });

  test("what was given is not changed, what was stored is not shared", () => {
    const { writes } = open();
    const given = web();
    const copy = structuredClone(given);
    const made = writes.create("deployments", given);
    expect(given).toEqual(copy);
    (given["spec"] as { replicas: number }).replicas = 99;
    expect(made["spec"]).toMatchObject({ replicas: 2 });
  });

  test("a dry run gives the object with its defaults and stores none", () => {
    const { store, writes } = open();
    const made = writes.create("deployments", web(), { dryRun: true });
    expect(made["spec"]).toMatchObject({ revisionHistoryLimit: 10 });
    expect(store.list("deployments")).toEqual([]);
  });
});
