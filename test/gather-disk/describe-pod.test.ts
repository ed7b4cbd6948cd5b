import { expect, test } from "vitest";
import type { Resource } from "../../src/evidence/kinds.ts";
import { describedObject, splitDescribed } from "../../src/gather/bundle/transcript/described-object.ts";
import * as texts from "./transcript-text.ts";

const read = (resource: Resource, text: string): unknown =>
  splitDescribed(resource, text, "store").map((described) => describedObject(described, undefined))[0];

test("Pod: metadata, placement, addresses", () => {
  expect(read("pods", texts.podText)).toMatchObject({
    metadata: {
      name: "web-5d9c7b6f4-k2x7p",
      namespace: "store",
      creationTimestamp: "2026-11-18T10:28:20Z",
      labels: { app: "web", "pod-template-hash": "5d9c7b6f4" },
      annotations: { "example.com/note": "first", "example.com/script": "line one\nline two" },
      ownerReferences: [{ kind: "ReplicaSet", name: "web-5d9c7b6f4", controller: true }],
    },
    spec: {
      nodeName: "node-a",
      serviceAccountName: "web",
      nodeSelector: { disk: "ssd" },
      tolerations: [
        {
          key: "node.kubernetes.io/not-ready",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 300,
        },
        { key: "pool", value: "web", effect: "NoSchedule" },
      ],
      volumes: [
        { name: "data", persistentVolumeClaim: { claimName: "web-data" } },
        { name: "settings", configMap: { name: "web" } },
        { name: "tmp", emptyDir: {} },
      ],
    },
    status: { phase: "Running", hostIP: "192.0.2.31", podIP: "10.9.0.7", podIPs: [{ ip: "10.9.0.7" }] },
  });
});

test("Pod: containers with ports, probes, environment and mounts", () => {
  const probe = {
    initialDelaySeconds: 5,
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
  expect(read("pods", texts.podText)).toMatchObject({
    spec: {
      initContainers: [{ name: "migrate", command: ["/migrate", "--to=latest"] }],
      containers: [
        {
          name: "web",
          image: "registry.example.com/web:7",
          ports: [
            { containerPort: 8080, protocol: "TCP" },
            { containerPort: 9090, protocol: "TCP" },
          ],
          resources: { limits: { memory: "64Mi" }, requests: { cpu: "100m", memory: "64Mi" } },
          livenessProbe: { httpGet: { scheme: "HTTP", port: 8080, path: "/live now" }, ...probe },
          readinessProbe: { tcpSocket: { port: "http" }, timeoutSeconds: 2, failureThreshold: 2 },
          envFrom: [
            { configMapRef: { name: "web-settings" } },
            { prefix: "K_", secretRef: { name: "web-keys", optional: true } },
          ],
          env: [
            { name: "DB_ADDR", value: "db:5432" },
            { name: "DB_PASS", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
            { name: "MODE", valueFrom: { configMapKeyRef: { name: "web", key: "mode", optional: true } } },
            { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
          ],
          volumeMounts: [
            { mountPath: "/data", name: "data" },
            { mountPath: "/etc/app.yaml", name: "settings", readOnly: true, subPath: "app.yaml" },
          ],
        },
      ],
    },
  });
});

test("Pod: states of containers", () => {
  expect(read("pods", texts.podText)).toMatchObject({
    status: {
      conditions: [
        { type: "Initialized", status: "True" },
        { type: "Ready", status: "False" },
        { type: "ContainersReady", status: "False" },
        { type: "PodScheduled", status: "True" },
      ],
      initContainerStatuses: [
        { name: "migrate", state: { terminated: { exitCode: 0, reason: "Completed" } } },
      ],
      containerStatuses: [
        {
          name: "web",
          ready: false,
          restartCount: 3,
          state: { waiting: { reason: "CrashLoopBackOff" } },
          lastState: {
            terminated: { exitCode: 137, reason: "OOMKilled", finishedAt: "2026-11-18T10:29:31Z" },
          },
        },
      ],
    },
  });
});
