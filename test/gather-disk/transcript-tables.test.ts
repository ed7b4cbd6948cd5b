import { describe, expect, test } from "vitest";
import { get, list } from "../../src/evidence/evidence.ts";
import { asked, date, getPods, read, services } from "./session.ts";

describe("tables", () => {
  test("rows become objects; what a table does not show is absent", async () => {
    const evidence = await read(asked(getPods, ["kubectl get svc -n store -o wide", services], date));
    expect(get(evidence, "pods", "web-5d9c7b6f4-zzzzz", "store")).toMatchObject({
      value: {
        metadata: { creationTimestamp: "2026-11-16T07:31:00Z" },
        spec: { nodeName: "node-b", containers: [] },
        status: { phase: "Running", podIP: "10.9.0.8", conditions: [{ type: "Ready", status: "True" }] },
      },
    });
    expect(get(evidence, "pods", "web-5d9c7b6f4-k2x7p", "store")).toMatchObject({
      value: {
        status: {
          phase: "Running",
          reason: "CrashLoopBackOff",
          conditions: [{ type: "Ready", status: "False" }],
        },
      },
    });
    expect(get(evidence, "services", "web", "store")).toMatchObject({
      value: {
        spec: {
          type: "NodePort",
          selector: { app: "web", tier: "front" },
          ports: [
            { port: 80, nodePort: 30080, protocol: "TCP" },
            { port: 9090, nodePort: 30090, protocol: "TCP" },
          ],
        },
      },
    });
    expect(get(evidence, "services", "api", "store")).toMatchObject({
      value: { spec: { clusterIP: "None" } },
    });
  });

  test.each([
    [
      "deployments",
      "NAME   READY   UP-TO-DATE   AVAILABLE   AGE\nweb    1/3     2            1           5m\n",
      { spec: { replicas: 3 }, status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 } },
    ],
    [
      "replicasets",
      "NAME     DESIRED   CURRENT   READY   AGE   CONTAINERS   IMAGES   SELECTOR\nweb      3         2         1       5m    web,side     w:7,s:1  app=web,pod-template-hash=1\n",
      {
        spec: {
          replicas: 3,
          selector: { matchLabels: { app: "web", "pod-template-hash": "1" } },
          template: {
            spec: {
              containers: [
                { name: "web", image: "w:7" },
                { name: "side", image: "s:1" },
              ],
            },
          },
        },
        status: { replicas: 2, readyReplicas: 1 },
      },
    ],
    [
      "statefulsets",
      "NAME   READY   AGE\nweb    2/3     5m\n",
      { spec: { replicas: 3 }, status: { readyReplicas: 2 } },
    ],
    [
      "endpoints",
      "NAME   ENDPOINTS                       AGE\nweb    10.9.0.7:8080,[fd00::1]:8080    5m\nnone   <none>                          5m\n",
      { subsets: [{ addresses: [{ ip: "10.9.0.7" }, { ip: "fd00::1" }], ports: [{ port: 8080 }] }] },
    ],
    [
      "persistentvolumeclaims",
      "NAME   STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE\nweb    Pending                                      fast           <unset>                 5m\n",
      { spec: { storageClassName: "fast" }, status: { phase: "Pending" } },
    ],
    [
      "horizontalpodautoscalers",
      "NAME   REFERENCE        TARGETS         MINPODS   MAXPODS   REPLICAS   AGE\nweb    Deployment/web   cpu: 140%/80%   2         3         3          5m\n",
      {
        spec: { maxReplicas: 3 },
        status: {
          currentReplicas: 3,
          currentMetrics: [{ resource: { current: { averageUtilization: 140 } } }],
        },
      },
    ],
    [
      "ingresses",
      "NAME   CLASS   HOSTS       ADDRESS     PORTS   AGE\nweb    nginx   a.example   192.0.2.8   80      5m\n",
      { spec: { ingressClassName: "nginx" }, status: { loadBalancer: { ingress: [{ ip: "192.0.2.8" }] } } },
    ],
    [
      "resourcequotas",
      "NAME   AGE   REQUEST                             LIMIT\nweb    5m    requests.cpu: 900m/1, pods: 3/10    limits.memory: 2Gi/4Gi\n",
      { status: { used: { "requests.cpu": "900m", pods: "3" }, hard: { "limits.memory": "4Gi" } } },
    ],
  ] as const)("%s", async (resource, output, expected) => {
    const evidence = await read(asked([`kubectl get ${resource} -n store`, output], date));
    expect(get(evidence, resource, "web", "store")).toMatchObject({ state: "present", value: expected });
  });

  test("nodes, and everything at once with the namespace in a column", async () => {
    const nodes =
      "NAME     STATUS                        ROLES    AGE   VERSION   INTERNAL-IP\nnode-a   NotReady,SchedulingDisabled   <none>   9d    v1.34.0   192.0.2.31\n";
    const all =
      "NAMESPACE   NAME        READY   STATUS    RESTARTS   AGE\nstore       pod/web-0   1/1     Running   0          5m\n\nNAMESPACE   NAME          TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\nstore       service/web   ClusterIP   10.8.0.4     <none>        80/TCP    5m\n";
    const evidence = await read(
      asked(["kubectl get nodes -o wide", nodes], ["kubectl get all -A", all], date),
    );
    expect(get(evidence, "nodes", "node-a")).toMatchObject({
      value: { spec: { unschedulable: true }, status: { conditions: [{ type: "Ready", status: "False" }] } },
    });
    expect(get(evidence, "pods", "web-0", "store").state).toBe("present");
    expect(get(evidence, "services", "web", "store").state).toBe("present");
    expect(list(evidence, "deployments", "store")).toEqual({ state: "present", value: [] });
    expect(list(evidence, "ingresses", "store").state).toBe("unknown");
  });
});
