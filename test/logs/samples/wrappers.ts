/** One line as a collector or a log store writes it. */
type Wrap = (line: string) => string;

const stamp = "2026-11-20T14:47:01.250000000Z";
export const stampMs = Date.parse("2026-11-20T14:47:01.250Z");
const namespace = "ingress-nginx";
const pod = "ingress-nginx-controller-7d9f8b6c5d-x2x9z";
const container = "controller";
const id = "5".repeat(64);
const logFile = `/var/log/containers/${pod}_${namespace}_${container}-${id}.log`;
const stream = `ip-10-0-1-17.ec2.internal-application.var.log.containers.${pod}_${namespace}_${container}-${id}.log`;

const json = (value: unknown): string => JSON.stringify(value);
const kubernetes = {
  pod_name: pod,
  namespace_name: namespace,
  container_name: container,
  host: "node-3",
  labels: { app: "ingress-nginx" },
};
const labels = { app: "ingress-nginx", namespace, pod, container, node_name: "node-3" };
const cri = (line: string): string => `${stamp} stdout F ${line}`;

/** The pod that a line's wrapper names: all of it, only its name, or none. */
export const fullPod = `${namespace}/${pod}`;
interface Wrapper {
  readonly wrap: Wrap;
  readonly pod: string;
  /** Whether it gives each line a time with milliseconds. */
  readonly timed: boolean;
}

const named = (wrap: Wrap): Wrapper => ({ wrap, pod: fullPod, timed: true });
const unnamed = (wrap: Wrap): Wrapper => ({ wrap, pod: "", timed: true });

/** Wrappers of single lines. */
export const lineWrappers: Readonly<Record<string, Wrapper>> = {
  CRI: unnamed(cri),
  "kubectl --timestamps": unnamed((line) => `${stamp} ${line}`),
  "kubectl --prefix": { wrap: (line) => `[pod/${pod}/${container}] ${line}`, pod, timed: false },
  "kubectl --prefix --timestamps": {
    wrap: (line) => `[pod/${pod}/${container}] ${stamp} ${line}`,
    pod,
    timed: true,
  },
  "docker json-file": unnamed((line) => json({ log: `${line}\n`, stream: "stdout", time: stamp })),
  "docker json-file with attributes": unnamed((line) =>
    json({ log: `${line}\n`, stream: "stderr", attrs: { tag: "x" }, time: stamp }),
  ),
  stern: { wrap: (line) => `${pod} ${container} ${line}`, pod, timed: false },
  "stern of many namespaces": {
    wrap: (line) => `${namespace} ${pod} ${container} ${line}`,
    pod: fullPod,
    timed: false,
  },
  "stern of a StatefulSet": { wrap: (line) => `gateway-0 proxy ${line}`, pod: "gateway-0", timed: false },
  "stern --timestamps": { wrap: (line) => `${pod} ${container} ${stamp} ${line}`, pod, timed: true },
  "stern --timestamps=short": {
    wrap: (line) => `${pod} ${container} 11-20 14:47:01 ${line}`,
    pod,
    timed: false,
  },
  "stern in colour": {
    wrap: (line) => `\u001b[92m${pod}\u001b[0m \u001b[34m${container}\u001b[0m ${line}`,
    pod,
    timed: false,
  },
  "stern -o json": {
    wrap: (line) =>
      json({ message: line, nodeName: "node-3", namespace, podName: pod, containerName: container }),
    pod: fullPod,
    timed: false,
  },
  "stern -o json --timestamps": named((line) =>
    json({
      message: `${stamp} ${line}`,
      nodeName: "node-3",
      namespace,
      podName: pod,
      containerName: container,
    }),
  ),
  "stern -o extjson": { wrap: (line) => json({ pod, container, message: line }), pod, timed: false },
  "logcli query": named(
    (line) =>
      `2026-11-20T14:47:01.25Z {app="ingress-nginx", namespace="${namespace}", pod="${pod}"}   ${line}`,
  ),
  "logcli query of one stream": unnamed((line) => `2026-11-20T14:47:01.25Z {} ${line}`),
  "logcli --output=jsonl": named((line) => json({ labels, line, timestamp: "2026-11-20T15:47:01.25+01:00" })),
  "logcli --output=raw": { wrap: (line) => line, pod: "", timed: false },
  "Grafana as text": unnamed((line) => `2026-11-20 14:47:01.250\t${line}`),
  "Grafana as text with the epoch": unnamed((line) => `1795186021250\t2026-11-20T14:47:01.250Z\t${line}`),
  "aws logs tail": named((line) => `2026-11-20T14:47:01.250000+00:00 ${stream} ${line}`),
  "aws logs tail --format short": { wrap: (line) => `2026-11-20T14:47:01 ${line}`, pod: "", timed: false },
  "CloudWatch events as lines": named((line) =>
    json({
      logStreamName: stream,
      timestamp: 1795186021250,
      message: line,
      ingestionTime: 1795186023000,
      eventId: "1",
    }),
  ),
  "CloudWatch around Fluent Bit around CRI": named((line) =>
    json({
      logStreamName: "x",
      timestamp: 1795186021999,
      message: json({ log: cri(line), stream: "stdout", kubernetes }),
      eventId: "1",
    }),
  ),
  "Cloud Logging": named((line) =>
    json({
      insertId: "a1",
      textPayload: line,
      resource: {
        type: "k8s_container",
        labels: { pod_name: pod, namespace_name: namespace, container_name: container },
      },
      timestamp: stamp,
    }),
  ),
  "Fluent Bit": named((line) => json({ time: stamp, stream: "stdout", _p: "F", log: line, kubernetes })),
  "Fluent Bit with an epoch": named((line) => json({ date: 1795186021.25, log: `${line}\n`, kubernetes })),
  Fluentd: named((line) => json({ stream: "stdout", logtag: "F", message: line, time: stamp, kubernetes })),
  "Fluentd's out_file": named(
    (line) =>
      `2026-11-20T14:47:01+00:00\tkubernetes${logFile.replaceAll("/", ".")}\t${json({ log: line, time: stamp })}`,
  ),
  "Fluentd's stdout": named(
    (line) =>
      `2026-11-20 14:47:01.250000000 +0000 kubernetes${logFile.replaceAll("/", ".")}: ${json({ log: line })}`,
  ),
  Vector: named((line) =>
    json({
      file: `/var/log/pods/${namespace}_${pod}_0a1b2c3d-0000-4000-8000-000000000001/${container}/0.log`,
      kubernetes: { pod_name: pod, pod_namespace: namespace, container_name: container },
      message: line,
      source_type: "kubernetes_logs",
      stream: "stdout",
      timestamp: stamp,
    }),
  ),
  "Vector without metadata": unnamed((line) =>
    json({ host: "node-3", message: line, source_type: "file", timestamp: stamp }),
  ),
  Filebeat: named((line) =>
    json({
      "@timestamp": "2026-11-20T14:47:01.250Z",
      message: line,
      kubernetes: {
        namespace,
        pod: { name: pod, uid: "1" },
        container: { name: container },
        node: { name: "n" },
      },
      host: { name: "n" },
    }),
  ),
  "Elasticsearch hits": named((line) =>
    json({ _index: "logs", _source: { "@timestamp": stamp, message: line, kubernetes } }),
  ),
  "a bare message": { wrap: (line) => json({ message: line }), pod: "", timed: false },
  journald: unnamed((line) => `Nov 20 14:47:01.250 node-3 nginx[11]: ${line}`),
  "syslog with a priority": unnamed((line) => `<190>Nov 20 14:47:01.250 node-3 nginx: ${line}`),
  "journald -o short-iso-precise": unnamed(
    (line) => `2026-11-20T14:47:01.250000+0000 node-3 nginx[11]: ${line}`,
  ),
  "journald -o json": unnamed((line) =>
    json({
      MESSAGE: line,
      __REALTIME_TIMESTAMP: "1795186021250999",
      _HOSTNAME: "node-3",
      SYSLOG_IDENTIFIER: "nginx",
      _PID: "11",
    }),
  ),
  "RFC 5424": unnamed((line) => `<134>1 2026-11-20T14:47:01.250Z node-3 nginx 11 - - ${line}`),
};

type WrapAll = (lines: readonly string[]) => string;

const events = (lines: readonly string[]) =>
  lines.map((message, i) => ({
    logStreamName: stream,
    timestamp: 1795186021250,
    message,
    ingestionTime: 1795186023000,
    eventId: String(i),
  }));
const logged = (lines: readonly string[]) =>
  lines.map((textPayload) => ({
    textPayload,
    resource: {
      type: "k8s_container",
      labels: { pod_name: pod, namespace_name: namespace, container_name: container },
    },
    timestamp: stamp,
  }));

/** Documents that are one list of lines. All name the whole pod and milliseconds. */
export const documents: Readonly<Record<string, WrapAll>> = {
  "aws logs filter-log-events": (lines) =>
    JSON.stringify({ events: events(lines), searchedLogStreams: [] }, undefined, 4),
  "aws logs filter-log-events on one line": (lines) =>
    json({ searchedLogStreams: [{ logStreamName: "a", searchedCompletely: true }], events: events(lines) }),
  "aws logs get-query-results": (lines) =>
    JSON.stringify(
      {
        results: lines.map((line) => [
          { field: "@timestamp", value: "2026-11-20 14:47:01.250" },
          { field: "@message", value: line },
          { field: "@logStream", value: stream },
        ]),
        status: "Complete",
      },
      undefined,
      4,
    ),
  "Grafana as JSON": (lines) =>
    JSON.stringify(
      lines.map((line) => ({
        line,
        timestamp: "1795186021250000000",
        date: "2026-11-20T14:47:01.250Z",
        fields: labels,
      })),
      undefined,
      2,
    ),
  "Loki's API": (lines) =>
    json({
      status: "success",
      data: {
        resultType: "streams",
        result: [{ stream: labels, values: lines.map((line) => ["1795186021250000000", line]) }],
      },
    }),
  "gcloud logging read --format=json": (lines) => JSON.stringify(logged(lines), undefined, 2),
  "objects over several lines": (lines) =>
    lines
      .map((log) => JSON.stringify({ time: stamp, stream: "stdout", log, kubernetes }, undefined, 2))
      .join("\n"),
  "Elasticsearch's answer": (lines) =>
    json({
      took: 3,
      hits: {
        total: { value: lines.length },
        hits: lines.map((message) => ({
          _index: "l",
          _source: { "@timestamp": stamp, message, kubernetes },
        })),
      },
    }),
  "pages one behind the other": (lines) =>
    lines.map((line) => JSON.stringify({ events: events([line]), nextToken: "x" }, undefined, 4)).join("\n"),
};
