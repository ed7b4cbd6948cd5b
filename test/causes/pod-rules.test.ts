import type { PodSpec } from "kubernetes-types/core/v1";
import { describe, expect, it } from "vitest";
import { drainMs } from "../../src/derive/drain.ts";
import { filtersIn } from "../../src/causes/pod/scheduler-filters.ts";
import { probeFailures } from "../../src/causes/probe-failures.ts";
import { weighCause } from "../../src/verdict/finding.ts";
import { catalogue } from "../../src/causes/catalogue.ts";
import { observe } from "../../src/derive/observe.ts";
import { resolveRoutes } from "../../src/derive/routes.ts";
import { evidenceOf } from "../support/evidence.ts";

const withHook = (preStop: object): PodSpec =>
  ({ containers: [{ name: "app", lifecycle: { preStop } }, { name: "side" }] }) as PodSpec;

describe("how long a preStop hook holds a pod", () => {
  it("reads sleep handlers and sleep commands", () => {
    expect(drainMs({ containers: [{ name: "app" }] })).toBe(0);
    expect(drainMs(withHook({ sleep: { seconds: 12 } }))).toBe(12_000);
    expect(drainMs(withHook({ exec: { command: ["/bin/sh", "-c", "sleep 7 && nginx -s quit"] } }))).toBe(
      7000,
    );
  });

  it("does not guess at hooks of unknown length", () => {
    expect(drainMs(withHook({ httpGet: { path: "/drain", port: 9000 } }))).toBeUndefined();
    expect(drainMs(withHook({ exec: { command: ["/app/drain"] } }))).toBeUndefined();
  });
});

describe("the scheduler's message", () => {
  it("names every filter with what the pod asks", () => {
    const spec: PodSpec = {
      containers: [{ name: "app", resources: { requests: { memory: "64Gi" } } }],
      tolerations: [{ key: "spot", operator: "Exists" }],
    };
    const message =
      "0/5 nodes are available: 2 Insufficient memory, 3 node(s) had untolerated taint {dedicated: db}.";
    expect(filtersIn(message).map((f) => f.asks(spec))).toEqual([
      "it asks for requests.memory 64Gi",
      "it tolerates spot",
    ]);
  });

  it("of an old release is understood", () => {
    const message =
      "0/2 nodes are available: 2 node(s) had taints that the pod didn't tolerate, 1 node(s) didn't match node selector.";
    expect(filtersIn(message).map((f) => f.field)).toEqual([".spec.tolerations", ".spec.nodeSelector"]);
  });
});

const pod = (more: object): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "web-1",
    namespace: "shop",
    labels: { app: "web" },
    creationTimestamp: "2026-01-01T11:30:00Z",
  },
  spec: {
    containers: [
      {
        name: "app",
        ports: [{ containerPort: 8080 }],
        readinessProbe: { httpGet: { path: "/", port: 8080 } },
      },
    ],
  },
  status: {
    phase: "Running",
    podIP: "10.0.0.5",
    conditions: [{ type: "Ready", status: "False", lastTransitionTime: "2026-01-01T11:30:01Z" }],
    containerStatuses: [
      {
        name: "app",
        ready: false,
        restartCount: 0,
        image: "x",
        imageID: "",
        state: { running: { startedAt: "2026-01-01T11:30:02Z" } },
      },
    ],
  },
  ...more,
});

const unhealthy = (message: string, first: string, last: string, count: number): object => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: `web-1.${count}`, namespace: "shop" },
  involvedObject: { kind: "Pod", namespace: "shop", name: "web-1", fieldPath: "spec.containers{app}" },
  type: "Warning",
  reason: "Unhealthy",
  message,
  count,
  firstTimestamp: first,
  lastTimestamp: last,
});

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop" },
  spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
};

function factsOf(...events: object[]) {
  const evidence = evidenceOf([service, pod({}), ...events]);
  const target = {
    kind: "object",
    text: "service/web",
    resource: "service",
    name: "web",
    namespace: "shop",
  } as const;
  return observe(evidence, resolveRoutes(evidence, target).routes[0]!);
}

function findingOf(id: string, ...events: object[]) {
  return weighCause(
    catalogue.find((c) => c.id === id)!,
    factsOf(...events),
  );
}

const ways = (message: string): string | undefined => {
  const facts = factsOf(unhealthy(message, "2026-01-01T11:31:00Z", "2026-01-01T11:59:50Z", 9));
  return probeFailures(facts.events, facts.pods.state === "present" ? facts.pods.value : [])[0]?.how;
};

describe("what the kubelet says of a failed probe", () => {
  it.each([
    [
      'Readiness probe failed: Get "http://10.0.0.5:8080/": dial tcp 10.0.0.5:8080: connect: connection refused',
      "refused",
    ],
    [
      'Readiness probe failed: Get "http://10.0.0.5:8080/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      "timeout",
    ],
    ['Readiness probe failed: Get "http://10.0.0.5:8080/": EOF', "reset"],
    [
      'Readiness probe failed: Get "http://10.0.0.5:8080/": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x00"',
      "protocol",
    ],
    [
      'Readiness probe failed: Get "https://10.0.0.5:8080/": http: server gave HTTP response to HTTPS client',
      "protocol",
    ],
    ["Readiness probe failed: HTTP probe failed with statuscode: 404", "status"],
  ])("%s", (message, how) => {
    expect(ways(message)).toBe(how);
  });
});

describe("probe-wrong-port-or-protocol", () => {
  const probe = "probe-wrong-port-or-protocol";

  it("does not take a busy server's 429 for a wrong question", () => {
    const event = unhealthy(
      "Readiness probe failed: HTTP probe failed with statuscode: 429",
      "2026-01-01T11:31:00Z",
      "2026-01-01T11:59:50Z",
      9,
    );
    expect(findingOf(probe, event).state).toBe("refuted");
  });

  it("lets a 404 of the first start go when the probe has failed in another way since", () => {
    const early = unhealthy(
      "Readiness probe failed: HTTP probe failed with statuscode: 404",
      "2026-01-01T11:30:05Z",
      "2026-01-01T11:30:25Z",
      3,
    );
    const now = unhealthy(
      'Readiness probe failed: Get "http://10.0.0.5:8080/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      "2026-01-01T11:32:00Z",
      "2026-01-01T11:59:50Z",
      160,
    );
    expect(findingOf(probe, early).state).toBe("supported");
    expect(findingOf(probe, early, now).state).toBe("refuted");
  });
});
