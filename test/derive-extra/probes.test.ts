import { describe, expect, test } from "vitest";
import { probesOf, probeTiming } from "../../src/derive/probes.ts";
import type { ProbeView } from "../../src/derive/views.ts";
import { evidenceOf } from "../support/evidence.ts";
import { podsOf, podYaml, serviceYaml } from "./shop.ts";

const ports = "ports: [{name: http, containerPort: 8080}]";

function probes(container: string, spec = ""): readonly ProbeView[] {
  const yaml = podYaml("shop", "web-1", "app: web", {
    container: `{name: app, image: a:1, ${container}}`,
    ...(spec === "" ? {} : { spec }),
  });
  const [pod] = podsOf(evidenceOf(serviceYaml + yaml));
  if (pod === undefined) throw new Error("no pod");
  return probesOf(pod);
}

const summary = (found: readonly ProbeView[]): unknown =>
  found.map((p) => [p.container, p.kind, p.type, p.port]);

describe("probes of a pod", () => {
  test("each kind and type with its port", () => {
    const container = `${ports}, startupProbe: {tcpSocket: {port: 9000}}, readinessProbe: {httpGet: {port: http}}, livenessProbe: {grpc: {port: 50051}}`;
    expect(summary(probes(container))).toEqual([
      ["app", "startup", "tcp", 9000],
      ["app", "readiness", "http", 8080],
      ["app", "liveness", "grpc", 50_051],
    ]);
  });

  test("a name that the container lacks has no port; digits in a string are a number; exec has none", () => {
    expect(summary(probes(`${ports}, readinessProbe: {httpGet: {port: web}}`))).toEqual([
      ["app", "readiness", "http", undefined],
    ]);
    expect(summary(probes(`${ports}, readinessProbe: {httpGet: {port: "8081"}}`))).toEqual([
      ["app", "readiness", "http", 8081],
    ]);
    expect(summary(probes("livenessProbe: {exec: {command: [ls]}}"))).toEqual([
      ["app", "liveness", "exec", undefined],
    ]);
  });

  test("a sidecar is probed, an init container is not", () => {
    const init =
      "initContainers: [{name: side, image: s:1, restartPolicy: Always, readinessProbe: {httpGet: {port: 1}}}, {name: once, image: o:1, readinessProbe: {httpGet: {port: 2}}}]";
    expect(summary(probes("tty: true", init).filter((p) => p.container !== "app"))).toEqual([
      ["side", "readiness", "http", 1],
    ]);
  });

  test("no probe, no view", () => {
    expect(probes(ports)).toEqual([]);
  });
});

test("timing fills in the API's defaults, and zero is a default", () => {
  const plain = {
    initialDelayMs: 0,
    periodMs: 10_000,
    timeoutMs: 1000,
    successThreshold: 1,
    failureThreshold: 3,
  };
  expect(probeTiming({})).toEqual({ ...plain, reactionMs: 31_000 });
  expect(probeTiming({ periodSeconds: 0, timeoutSeconds: 0 })).toEqual(probeTiming({}));
  expect(
    probeTiming({ periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3, initialDelaySeconds: 7 }),
  ).toEqual({
    ...plain,
    initialDelayMs: 7000,
    periodMs: 5000,
    timeoutMs: 3000,
    failureThreshold: 2,
    reactionMs: 13_000,
  });
});
