import type { Probe } from "kubernetes-types/core/v1";

/** Probe defaults as the API server fills them in (kubernetes/api core/v1/types.go). */
const defaults: Probe = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

type Port = number | string;

export const httpProbe = (path: string, port: Port = "http", more: Probe = {}): Probe => ({
  httpGet: { path, port, scheme: "HTTP" },
  ...defaults,
  ...more,
});

export const tcpProbe = (port: Port = "http", more: Probe = {}): Probe => ({
  tcpSocket: { port },
  ...defaults,
  ...more,
});

export const grpcProbe = (port: number, more: Probe = {}): Probe => ({
  grpc: { port, service: "" },
  ...defaults,
  ...more,
});
