import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Evidence, get, list } from "../../src/evidence/evidence.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { archived, type Files, onDisk } from "./disk.ts";
import * as texts from "./transcript-text.ts";

const pods = `NAME                    READY   STATUS             RESTARTS      AGE    IP         NODE     NOMINATED NODE   READINESS GATES
web-5d9c7b6f4-k2x7p     0/1     CrashLoopBackOff   3 (9s ago)    100s   10.9.0.7   node-a   <none>           <none>
web-5d9c7b6f4-zzzzz     1/1     Running            0             2d3h   10.9.0.8   node-b   <none>           <none>
`;
const services = `NAME   TYPE       CLUSTER-IP   EXTERNAL-IP   PORT(S)                       AGE   SELECTOR
web    NodePort   10.8.0.4     <none>        80:30080/TCP,9090:30090/TCP   40h   app=web,tier=front
api    ClusterIP  None         <none>        8080/TCP                      40h   app=api
`;

const read = (text: string): Promise<Evidence> =>
  openSource(join(onDisk({ "session.txt": text }), "session.txt"));
const asked = (...parts: readonly (readonly [command: string, output: string])[]): string =>
  parts.map(([command, output]) => `$ ${command}\n${output}\n`).join("\n");

const date = ["date --iso-8601=seconds", "2026-11-18T11:31:00+01:00"] as const;
const getPods = ["kubectl get pods -n store -o wide", pods] as const;
const describePod = ["kubectl describe pod web-5d9c7b6f4-k2x7p -n store", texts.podText] as const;

test("a transcript is recognised alone, in a folder and in an archive", async () => {
  const text = asked(getPods, date);
  const files: Files = { "transcript.txt": text, "notes.md": "nothing" };
  for (const path of [
    onDisk(files),
    await archived(files, "case.tar.gz"),
    join(onDisk({ paste: text }), "paste"),
  ]) {
    const evidence = await openSource(path);
    expect(evidence.source.kind).toBe("transcript");
    expect(evidence.objects.pods).toHaveLength(2);
    expect(evidence.collectedAt).toBe("2026-11-18T10:31:00.000Z");
  }
});

test("other prompts, aliases, joined flags and lines that go on", async () => {
  const evidence = await read(
    `me@laptop:~/work$ kubectl -n store get po -owide\n${pods}\n[root@node ~]# kubectl get \\\n> svc --namespace=store\n${services}\n`,
  );
  expect(list(evidence, "pods", "store").state).toBe("present");
  expect(evidence.objects.services?.map((service) => service.metadata?.name)).toEqual(["api", "web"]);
});

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

describe("what was asked for is known, and nothing else", () => {
  test("whole lists, none, names, refusals", async () => {
    const evidence = await read(
      asked(
        getPods,
        ["kubectl get ingress -n store", "No resources found in store namespace."],
        ["kubectl get rollouts -n store", 'error: the server doesn\'t have a resource type "rollouts"'],
        ["kubectl get svc gone -n store", 'Error from server (NotFound): services "gone" not found'],
        [
          "kubectl get cm -n store",
          'Error from server (Forbidden): configmaps is forbidden: User "x" cannot list',
        ],
        ["kubectl get deploy -n store | grep web", "web    1/1     1            1           5m"],
        [
          "kubectl get rs -n store -l app=web",
          "NAME   DESIRED   CURRENT   READY   AGE\nweb-1  1         1         1       5m",
        ],
        date,
      ),
    );
    expect(get(evidence, "pods", "nope", "store").state).toBe("absent");
    expect(list(evidence, "pods", "elsewhere").state).toBe("unknown");
    expect(list(evidence, "ingresses", "store")).toEqual({ state: "present", value: [] });
    expect(list(evidence, "rollouts", "store")).toEqual({ state: "present", value: [] });
    expect(get(evidence, "services", "gone", "store").state).toBe("absent");
    expect(get(evidence, "services", "other", "store").state).toBe("unknown");
    expect(list(evidence, "configmaps", "store")).toMatchObject({
      state: "unknown",
      reason: expect.stringContaining("forbidden"),
    });
    expect(list(evidence, "deployments", "store").state).toBe("unknown");
    expect(get(evidence, "replicasets", "web-1", "store").state).toBe("present");
    expect(get(evidence, "replicasets", "web-2", "store").state).toBe("unknown");
  });

  test("endpoints of which only three are shown are not known", async () => {
    const table =
      "NAME   ENDPOINTS                                           AGE\nweb    10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more...    5m\napi    <none>                                             5m\n";
    const cut = await read(asked(["kubectl get ep -n store", table], date));
    expect(get(cut, "endpoints", "web", "store").state).toBe("unknown");
    expect(get(cut, "endpoints", "api", "store")).toMatchObject({ state: "present", value: { subsets: [] } });
    const whole = await read(
      asked(
        ["kubectl get ep -n store", table],
        ["kubectl describe ep web -n store", texts.endpointsText],
        date,
      ),
    );
    expect(get(whole, "endpoints", "web", "store")).toMatchObject({
      value: { subsets: [{ addresses: [{ ip: "10.9.0.8" }] }] },
    });
  });

  test("a described Service shows its ready endpoints when nothing else does", async () => {
    const evidence = await read(asked(["kubectl describe svc web -n store", texts.serviceText], date));
    expect(get(evidence, "endpoints", "web", "store")).toMatchObject({
      value: {
        subsets: [
          { addresses: [{ ip: "10.9.0.7" }, { ip: "10.9.0.8" }], ports: [{ name: "http", port: 8080 }] },
          {},
        ],
      },
    });
    const cut = texts.serviceText.replace("10.9.0.8:8080", "10.9.0.8:8080,10.9.0.9:8080 + 1 more...");
    const many = await read(asked(["kubectl describe svc web -n store", cut], date));
    expect(get(many, "endpoints", "web", "store").state).toBe("unknown");
  });
});

describe("one object from several commands", () => {
  test("a description goes before a row, the object itself before both", async () => {
    const yaml =
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: api\n  namespace: store\nspec:\n  clusterIP: 10.8.0.99\n  ports:\n  - port: 1\n";
    const evidence = await read(
      asked(
        getPods,
        describePod,
        ["kubectl get svc -n store", services],
        ["kubectl describe svc web -n store", texts.serviceText],
        ["kubectl get svc api -n store -o yaml", yaml],
        date,
      ),
    );
    expect(evidence.objects.pods).toHaveLength(2);
    expect(get(evidence, "pods", "web-5d9c7b6f4-k2x7p", "store")).toMatchObject({
      value: { status: { podIP: "10.9.0.7", containerStatuses: [{ name: "web" }] } },
    });
    expect(get(evidence, "services", "web", "store")).toMatchObject({
      value: { spec: { ports: [{ name: "http" }, { name: "metrics" }] } },
    });
    expect(get(evidence, "services", "api", "store")).toMatchObject({
      value: { spec: { clusterIP: "10.8.0.99", ports: [{ port: 1 }] } },
    });
  });

  test("a manifest gives what no description shows, and nothing that one would have shown", async () => {
    const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 9
  progressDeadlineSeconds: 30
  template:
    spec:
      terminationGracePeriodSeconds: 5
      containers:
      - name: web
        image: registry.example.com/web:old
        lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
        startupProbe: {tcpSocket: {port: 8080}}
        ports: [{name: http, containerPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: never-applied}
spec: {replicas: 1}
`;
    const replicaSet = texts.deploymentText
      .replace("Name:                   web", "Name:                   web-5d9c7b6f4")
      .replace("StrategyType:", "Controlled By:          Deployment/web\nStrategyType:");
    const evidence = await openSource(
      onDisk({
        "transcript.txt": asked(
          ["kubectl describe deploy web -n store", texts.deploymentText],
          ["kubectl describe rs web-5d9c7b6f4 -n store", replicaSet],
          describePod,
          date,
        ),
        "manifests/web.yaml": manifest,
      }),
    );
    const hidden = { name: "web", image: "registry.example.com/web:7", lifecycle: { preStop: {} } };
    expect(evidence.objects.deployments).toHaveLength(1);
    const [deployment] = evidence.objects.deployments!;
    expect(deployment).toMatchObject({
      spec: {
        replicas: 3,
        progressDeadlineSeconds: 30,
        template: {
          spec: {
            terminationGracePeriodSeconds: 5,
            containers: [{ ...hidden, ports: [{ name: "http", containerPort: 8080 }] }],
          },
        },
      },
    });
    expect(deployment?.spec?.template.spec?.containers[0]).not.toHaveProperty("startupProbe");
    expect(get(evidence, "pods", "web-5d9c7b6f4-k2x7p", "store")).toMatchObject({
      value: { spec: { terminationGracePeriodSeconds: 5, containers: [hidden] } },
    });
    expect(evidence.losses).toEqual([
      expect.objectContaining({ what: "2 objects", why: expect.stringContaining("manifests") }),
    ]);
  });

  test("an object that only a table lists takes its spec from its manifest", async () => {
    const evidence = await openSource(
      onDisk({
        "transcript.txt": asked(
          [
            "kubectl get ing -n store",
            "NAME   CLASS   HOSTS   ADDRESS   PORTS   AGE\nweb    nginx   *                 80      5m",
          ],
          date,
        ),
        "manifests/web.yaml":
          "apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: web, namespace: store}\nspec: {backend: {serviceName: web, servicePort: 80}}\n",
      }),
    );
    expect(get(evidence, "ingresses", "web", "store")).toMatchObject({
      value: {
        spec: {
          ingressClassName: "nginx",
          defaultBackend: { service: { name: "web", port: { number: 80 } } },
        },
      },
    });
  });
});

describe("times", () => {
  test("ages are counted from when each command ran, not from the end", async () => {
    // The pod started 10:28:20 and was scheduled 100 s before it was described: that was at 10:30:00.
    const evidence = await read(asked(getPods, describePod, ["sleep 60", ""], date));
    const event = evidence.objects.events?.find((one) => one.reason === "BackOff");
    expect(event).toMatchObject({
      count: 5,
      firstTimestamp: "2026-11-18T10:29:00Z",
      lastTimestamp: "2026-11-18T10:29:50Z",
      message: "Back-off restarting failed container",
      involvedObject: {
        kind: "Pod",
        namespace: "store",
        name: "web-5d9c7b6f4-k2x7p",
        fieldPath: "spec.containers{web}",
      },
      source: { component: "kubelet" },
    });
    expect(get(evidence, "pods", "web-5d9c7b6f4-k2x7p", "store")).toMatchObject({
      value: { metadata: { creationTimestamp: "2026-11-18T10:28:20Z" } },
    });
    expect(evidence.collectedAt).toBe("2026-11-18T10:31:00.000Z");
  });

  test("without date, a node's lease tells; without anything, ages still count from one moment", async () => {
    const node = await read(asked(["kubectl describe node node-a", texts.nodeText], getPods));
    expect(node.collectedAt).toBe("2026-11-18T10:30:15.000Z");
    const bare = await read(asked(getPods));
    expect(bare.collectedAt).toBe("2000-01-01T00:00:00.000Z");
    expect(bare.losses).toContainEqual(expect.objectContaining({ what: "moment of collection" }));
    expect(bare.objects.pods?.[1]?.metadata?.creationTimestamp).toBe("1999-12-29T21:00:00Z");
  });

  test.each([
    ["Wed Nov 18 10:31:00 UTC 2026", "2026-11-18T10:31:00.000Z"],
    ["Wed, 18 Nov 2026 11:31:00 +0100", "2026-11-18T10:31:00.000Z"],
    ["2026-11-18 11:31:00+01:00", "2026-11-18T10:31:00.000Z"],
    ["2026-11-18T10:31:00Z", "2026-11-18T10:31:00.000Z"],
  ])("date prints %s", async (output, expected) => {
    expect((await read(asked(getPods, ["date", output]))).collectedAt).toBe(expected);
  });
});

describe("events", () => {
  const table = `LAST SEEN   TYPE      REASON      OBJECT                    MESSAGE
10s         Warning   BackOff     pod/web-5d9c7b6f4-k2x7p   Back-off restarting failed container
3m20s       Normal    Scheduled   pod/web-5d9c7b6f4-k2x7p   Successfully assigned store/web-5d9c7b6f4-k2x7p to node-a
<unknown>   Normal    Odd         pod/web-5d9c7b6f4-k2x7p   when
9m          Normal    NodeReady   node/node-a               Node node-a status is now: NodeReady
`;

  test("a table of events is whole", async () => {
    const evidence = await read(asked(["kubectl get events -n store", table], date));
    expect(list(evidence, "events", "store")).toMatchObject({
      state: "present",
      value: [{ reason: "BackOff" }, { reason: "Scheduled" }],
    });
    expect(evidence.coverage).toContainEqual({ resource: "events", namespace: "store", extent: "whole" });
    expect(evidence.objects.events?.find((event) => event.reason === "NodeReady")).toMatchObject({
      metadata: { namespace: "default" },
      involvedObject: { kind: "Node", name: "node-a" },
      lastTimestamp: "2026-11-18T10:22:00Z",
    });
  });

  test("its tail without titles is part of it, and an event seen twice counts once", async () => {
    const tail = table.split("\n").slice(1, 3).join("\n");
    const evidence = await read(
      asked(describePod, ["kubectl get events -n store --sort-by='.lastTimestamp' | tail -n 2", tail], date),
    );
    expect(evidence.objects.events).toHaveLength(2);
    expect(evidence.coverage).toContainEqual({
      resource: "events",
      namespace: "store",
      extent: "selected",
      names: [],
    });
  });
});

test("logs that were printed, and logs beside the transcript", async () => {
  const evidence = await openSource(
    onDisk({
      "transcript.txt": asked(
        describePod,
        ["kubectl logs web-5d9c7b6f4-k2x7p -n store --previous", "fatal: out of memory"],
        [
          "kubectl logs -n store pod/web-0 -c app",
          'Error from server (BadRequest): container "app" in pod "web-0" is waiting to start',
        ],
        date,
      ),
      "logs/store/web-5d9c7b6f4-k2x7p/web.log": "2026-11-18T10:30:00Z up\n",
    }),
  );
  const seen = evidence.logs.map((log) => [
    log.pod,
    log.container,
    log.previous ?? false,
    log.reason ?? Buffer.from(log.bytes ?? []).toString(),
  ]);
  expect(seen).toEqual([
    ["web-0", "app", false, expect.stringContaining("waiting to start")],
    ["web-5d9c7b6f4-k2x7p", "web", false, "2026-11-18T10:30:00Z up\n"],
    ["web-5d9c7b6f4-k2x7p", "web", true, "fatal: out of memory\n"],
  ]);
});

test("what other commands printed is kept beside the objects", async () => {
  const evidence = await openSource(
    onDisk({
      "transcript.txt": asked(getPods, date),
      "shell.txt": asked(
        ["ssh node-a systemctl status kubelet", "● kubelet.service\n     Active: inactive (dead)"],
        ["nc -zv web.store 80", "Connection Failed"],
      ),
    }),
  );
  expect(evidence.commands).toEqual([
    {
      command: "ssh node-a systemctl status kubelet",
      output: "● kubelet.service\n     Active: inactive (dead)",
    },
    { command: "nc -zv web.store 80", output: "Connection Failed" },
  ]);
});
