import { describe, expect, test } from "vitest";
import type { StoredResource } from "../../../lab/api-server/stored-kinds.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { web } from "./clusters.ts";
import { container, named, open, pod, refusal, service } from "./open-store.ts";

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

const patch = (resource: StoredResource, object: KubeObject, body: object) => {
  const { writes } = open();
  writes.create(resource, object);
  return refusal(() =>
    writes.patch(resource, object.metadata?.name ?? "", "default", { type: "merge", body }),
  );
};

describe("what may not change", () => {
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
