import { describe, expect, test } from "vitest";
import { web } from "./clusters.ts";
import { named, open, pod, refusal, type Spec } from "./open-store.ts";

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
