import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { get, list } from "../../src/evidence/evidence.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { archived, type Files, onDisk } from "./disk.ts";
import { asked, date, describePod, getPods, pods, read, services } from "./session.ts";
import * as texts from "./transcript-text.ts";

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
