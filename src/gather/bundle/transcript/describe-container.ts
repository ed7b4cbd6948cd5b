import { defined, type JsonMap } from "../json-value.ts";
import { childrenOf, type DescribedLine, valueOf } from "./describe-tree.ts";
import { describedProbe } from "./describe-probe.ts";
import { describedTime } from "./durations.ts";

/** A container of a pod or a pod template (describe.go describeContainers). */
export function containerOf(line: DescribedLine): JsonMap {
  const lines = line.children;
  const ports = portsOf(
    valueOf(lines, "Port") ?? valueOf(lines, "Ports"),
    valueOf(lines, "Host Port") ?? valueOf(lines, "Host Ports"),
  );
  const limits = quantitiesOf(lines, "Limits");
  const requests = quantitiesOf(lines, "Requests");
  return defined({
    name: line.key,
    image: valueOf(lines, "Image"),
    ...(ports.length > 0 ? { ports } : {}),
    command: wordsBelow(lines, "Command"),
    args: wordsBelow(lines, "Args"),
    resources: limits === undefined && requests === undefined ? undefined : defined({ limits, requests }),
    livenessProbe: describedProbe(valueOf(lines, "Liveness")),
    readinessProbe: describedProbe(valueOf(lines, "Readiness")),
    startupProbe: describedProbe(valueOf(lines, "Startup")),
    env: nonEmpty(childrenOf(lines, "Environment").map(variableOf)),
    envFrom: nonEmpty(childrenOf(lines, "Environment Variables from").flatMap(variablesFrom)),
    volumeMounts: nonEmpty(childrenOf(lines, "Mounts").flatMap(mountOf)),
  });
}

/** The status beside it; undefined for a template, or for a container that kubelet has said nothing of yet. */
export function containerStatusOf(line: DescribedLine): JsonMap | undefined {
  const lines = line.children;
  const restarts = valueOf(lines, "Restart Count");
  if (restarts === undefined) return undefined;
  const state = stateOf(lines, "State");
  const isReady = valueOf(lines, "Ready") === "True";
  return defined({
    name: line.key,
    containerID: valueOf(lines, "Container ID"),
    image: valueOf(lines, "Image"),
    imageID: valueOf(lines, "Image ID") ?? "",
    ready: isReady,
    restartCount: Number(restarts),
    state,
    lastState: stateOf(lines, "Last State"),
  });
}

function stateOf(lines: readonly DescribedLine[], key: string): JsonMap | undefined {
  const state = lines.find((line) => line.key === key);
  if (state === undefined) return undefined;
  const below = state.children;
  const reason = valueOf(below, "Reason");
  if (state.value === "Running")
    return { running: defined({ startedAt: describedTime(valueOf(below, "Started")) }) };
  if (state.value === "Terminated") {
    const signal = valueOf(below, "Signal");
    return {
      terminated: defined({
        exitCode: Number(valueOf(below, "Exit Code") ?? 0),
        signal: signal === undefined ? undefined : Number(signal),
        reason,
        message: messageOf(below),
        startedAt: describedTime(valueOf(below, "Started")),
        finishedAt: describedTime(valueOf(below, "Finished")),
      }),
    };
  }
  return { waiting: defined({ reason, message: messageOf(below) }) };
}

function messageOf(lines: readonly DescribedLine[]): string | undefined {
  const line = lines.find(({ key }) => key === "Message");
  return line === undefined || line.value === "" ? undefined : [line.value, ...line.more].join("\n");
}

/** "8080/TCP (http), 9090/TCP"; newer versions add the port's name in parentheses. */
function portsOf(text: string | undefined, hostText: string | undefined): JsonMap[] {
  const hostPorts = (hostText ?? "").split(",").map((part) => Number.parseInt(part, 10));
  return (text ?? "").split(",").flatMap((part, at) => {
    const match = /^\s*(\d+)\/(\w+)(?: \(([\w-]+)\))?\s*$/.exec(part);
    if (match === null) return [];
    const hostPort = hostPorts[at];
    return [
      defined({
        name: match[3],
        containerPort: Number(match[1]),
        protocol: match[2],
        hostPort: hostPort !== undefined && hostPort > 0 ? hostPort : undefined,
      }),
    ];
  });
}

function quantitiesOf(lines: readonly DescribedLine[], key: string): JsonMap | undefined {
  const entries = childrenOf(lines, key).map((line) => [line.key, line.value.trim()] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A command or its arguments, one a line. An argument of several lines cannot be told from several arguments. */
function wordsBelow(lines: readonly DescribedLine[], key: string): string[] | undefined {
  const words = childrenOf(lines, key).flatMap(wordsOf);
  return words.length === 0 ? undefined : words;
}

const wordsOf = (line: DescribedLine): string[] => [
  line.text,
  ...line.more.map((more) => more.trim()),
  ...line.children.flatMap(wordsOf),
];

const nonEmpty = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);

function variableOf(line: DescribedLine): JsonMap {
  const name = line.key;
  const reference = /^<set to the key '([^']*)' (?:in secret|of config map) '([^']*)'>/.exec(line.value);
  if (reference !== null) {
    const from = line.value.includes("in secret '") ? "secretKeyRef" : "configMapKeyRef";
    const optional = /Optional: true/.test(line.value) ? { optional: true } : {};
    return { name, valueFrom: { [from]: { name: reference[2], key: reference[1], ...optional } } };
  }
  const field = /^.* ?\((v1):([\w.[\]'/-]+)\)$/.exec(line.value);
  if (field !== null) return { name, valueFrom: { fieldRef: { apiVersion: field[1], fieldPath: field[2] } } };
  return { name, value: [line.value, ...line.more].join("\n") };
}

function variablesFrom(line: DescribedLine): JsonMap[] {
  const match = /^(\S+)\s+(ConfigMap|Secret)(?: with prefix '([^']*)')?\s+Optional: (true|false)$/.exec(
    line.text,
  );
  if (match === null) return [];
  const reference = { name: match[1], ...(match[4] === "true" ? { optional: true } : {}) };
  const kind = match[2] === "Secret" ? "secretRef" : "configMapRef";
  return [{ ...(match[3] === undefined ? {} : { prefix: match[3] }), [kind]: reference }];
}

function mountOf(line: DescribedLine): JsonMap[] {
  const match = /^(\S+) from (\S+) \((ro|rw)(?:,path="([^"]*)")?\)$/.exec(line.text);
  if (match === null) return [];
  return [
    defined({
      mountPath: match[1],
      name: match[2],
      readOnly: match[3] === "ro" ? true : undefined,
      subPath: match[4],
    }),
  ];
}
