import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { expositionText, type Family, type Labels } from "../../metrics/exposition.ts";
import { openCounter, openHistogram } from "../../metrics/instruments.ts";

/** What the controller counts, and tells at /metrics of its health port. */
export interface NginxMetrics {
  /** A configuration was tried. */
  reloaded(isSuccess: boolean): void;
  /** What nginx says at /nginx_status, as text. */
  text(stubStatus: string): string;
}

const prefix = "nginx_ingress_controller";
const name = (rest: string): string => `${prefix}_${rest}`;

/**
 * Names, labels and help of kubernetes/ingress-nginx internal/ingress/metric/collectors/{socket,controller,
 * nginx_status}.go; requests to hosts of no Ingress are left out, as with --metrics-per-host.
 */
export function openNginxMetrics(
  pod: { readonly namespace: string; readonly name: string },
  isServed: (host: string) => boolean,
  nowMs: () => number,
): NginxMetrics {
  const own: Labels = {
    controller_class: "k8s.io/ingress-nginx",
    controller_namespace: pod.namespace,
    controller_pod: pod.name,
  };
  const traffic = openTraffic(own);
  listen((line) => traffic.take(line.split("\x1f"), isServed));
  const reloads = openCounter(name("success"), "Cumulative number of Ingress controller reload operations");
  const failures = openCounter(
    name("errors"),
    "Cumulative number of Ingress controller errors during reload operations",
  );
  let last: { readonly isSuccess: boolean } | undefined;
  let succeededMs: number | undefined;
  return {
    reloaded: (isSuccess) => {
      last = { isSuccess };
      if (isSuccess) succeededMs = nowMs();
      (isSuccess ? reloads : failures).add(own);
    },
    text: (stubStatus) =>
      expositionText([
        ...traffic.families(),
        reloads.family(),
        failures.family(),
        gauge(
          name("config_last_reload_successful"),
          "Whether the last configuration reload attempt was successful",
          last === undefined ? [] : [{ labels: own, value: Number(last.isSuccess) }],
        ),
        gauge(
          name("config_last_reload_successful_timestamp_seconds"),
          "Timestamp of the last successful configuration reload.",
          succeededMs === undefined ? [] : [{ labels: own, value: Math.floor(succeededMs / 1000) }],
        ),
        ...connections(stubStatus, own),
      ]),
  };
}

const gauge = (metric: string, help: string, samples: Family["samples"]): Family => ({
  name: metric,
  help,
  type: "gauge",
  samples,
});

function openTraffic(own: Labels): {
  take(fields: readonly string[], isServed: (host: string) => boolean): void;
  families(): Family[];
} {
  const requests = openCounter(name("requests"), "The total number of client requests");
  const times = [
    openHistogram(name("request_duration_seconds"), "The request processing time in milliseconds"),
    openHistogram(
      name("connect_duration_seconds"),
      "The time spent on establishing a connection with the upstream server",
    ),
    openHistogram(
      name("header_duration_seconds"),
      "The time spent on receiving first header from the upstream server",
    ),
    openHistogram(
      name("response_duration_seconds"),
      "The time spent on receiving the response from the upstream server",
    ),
  ];
  return {
    take: (fields, isServed) => {
      const [host = "", status = "", method = "", path = "", namespace = "", ...rest] = fields;
      const [ingress = "", service = "", canary = "", ...durations] = rest;
      if (!isServed(host)) return;
      const labels = { ...own, host, status, method, path, namespace, ingress, service, canary };
      requests.add(labels);
      // Several tries make a list, which is no number there either: nothing is counted then.
      for (const [at, histogram] of times.entries()) {
        const seconds = Number(durations[at] ?? "-");
        if (durations[at] !== "" && Number.isFinite(seconds)) histogram.observe(labels, seconds);
      }
    },
    families: () => [requests.family(), ...times.map((histogram) => histogram.family())],
  };
}

/** Port of the pod's own loopback that nginx's workers write to (lua/monitor.lua): a path to a socket file may be too long. */
export const workersPort = 10258;

function listen(onLine: (line: string) => void): void {
  createServer((socket) => {
    socket.on("error", () => socket.destroy());
    createInterface({ input: socket }).on("line", onLine);
  }).listen(workersPort, "127.0.0.1");
}

/** nginx's stub_status: "Active connections: 1 \nserver accepts handled requests\n 3 3 7 \nReading: 0 Writing: 1 Waiting: 0". */
function connections(stubStatus: string, own: Labels): Family[] {
  const numbers = [...stubStatus.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  const [active, accepted, handled, requests, reading, writing, waiting] = numbers;
  if (waiting === undefined) return [];
  const states = { active, reading, writing, waiting };
  return [
    gauge(
      name("nginx_process_connections"),
      "current number of client connections with state {active, reading, writing, waiting}",
      Object.entries(states).map(([state, value = 0]) => ({ labels: { ...own, state }, value })),
    ),
    {
      name: name("nginx_process_connections_total"),
      help: "total number of connections with state {accepted, handled}",
      type: "counter",
      samples: Object.entries({ accepted, handled }).map(([state, value = 0]) => ({
        labels: { ...own, state },
        value,
      })),
    },
    {
      name: name("nginx_process_requests_total"),
      help: "total number of client requests",
      type: "counter",
      samples: [{ labels: own, value: requests ?? 0 }],
    },
  ];
}
