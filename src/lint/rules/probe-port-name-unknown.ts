import type { Container, Probe } from "kubernetes-types/core/v1";
import { items } from "../../derive/shape.ts";
import type { LintRule } from "../rule.ts";

const probes = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

export const probePortNameUnknown: LintRule = {
  id: "probe-port-name-unknown",
  severity: "error",
  title: "A probe names a port that its container does not have",
  why: "The kubelet looks the name up in the probed container only; without it every check fails, so the pod never becomes ready or is killed again and again.",
  check: ({ runnables }) =>
    runnables.flatMap((w) =>
      items(w.spec.containers).flatMap((container, index) =>
        probes.flatMap((kind) => {
          const port = portOf(container[kind]);
          if (typeof port !== "string" || /^\d+$/.test(port) || hasPort(container, port)) return [];
          const known = items(container.ports).flatMap((p) => p.name ?? []);
          const [handler] = Object.keys(container[kind] ?? {}).filter(
            (k) => k === "httpGet" || k === "tcpSocket",
          );
          return {
            subject: w.ref,
            part: `${container.name} ${kind}`,
            path: [...w.specPath, "containers", index, kind, handler ?? "httpGet", "port"],
            message: `${kind} of container ${container.name} asks port "${port}"; ${known.length === 0 ? "the container names no port" : `it names ${known.join(", ")}`}`,
          };
        }),
      ),
    ),
};

const portOf = (probe: Probe | undefined): unknown => probe?.httpGet?.port ?? probe?.tcpSocket?.port;

const hasPort = (container: Container, name: string): boolean =>
  items(container.ports).some((p) => p.name === name);
