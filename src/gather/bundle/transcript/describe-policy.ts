import { defined, type JsonMap } from "../json-value.ts";
import { childrenOf, type DescribedLine, linesOf, valueOf } from "./describe-tree.ts";
import { conditionsOf, metadataOf, withBelow } from "./describe-pod.ts";
import { describedTime } from "./durations.ts";
import { selectorOf } from "./describe-workload.ts";

/** A NetworkPolicy (describe.go describeNetworkPolicySpec). */
export function describedNetworkPolicy(lines: readonly DescribedLine[]): JsonMap {
  const spec = childrenOf(lines, "Spec");
  const created = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)/.exec(
    valueOf(lines, "Created on") ?? "",
  );
  const selector = valueOf(spec, "PodSelector") ?? "";
  return {
    metadata: {
      ...metadataOf(lines),
      ...(created === null
        ? {}
        : { creationTimestamp: `${created[1]}T${created[2]}${created[3]}:${created[4]}` }),
    },
    spec: defined({
      podSelector: selector.startsWith("<none>") ? {} : (selectorOf(selector) ?? {}),
      policyTypes: valueOf(spec, "Policy Types")
        ?.split(",")
        .map((type) => type.trim()),
      ingress: rulesOf(spec, "Allowing ingress traffic", "From", "from"),
      egress: rulesOf(spec, "Allowing egress traffic", "To", "to"),
    }),
  };
}

/** Undefined when the direction is not affected; no rules when the pods are isolated. */
function rulesOf(
  spec: readonly DescribedLine[],
  key: string,
  peerKey: string,
  field: string,
): JsonMap[] | undefined {
  const section = spec.find((line) => line.key === key);
  if (section === undefined) return undefined;
  if (section.children.some((line) => line.text.startsWith("<none> (Selected pods are isolated"))) return [];
  const rules: { ports: JsonMap[]; peers: JsonMap[] }[] = [{ ports: [], peers: [] }];
  for (const line of section.children) {
    const rule = rules.at(-1)!;
    if (/^-{5,}$/.test(line.text)) rules.push({ ports: [], peers: [] });
    else if (/^To Port( Range)?$/.test(line.key)) rule.ports.push(...portOf(line.value));
    else if (line.key === peerKey && line.children.length > 0) rule.peers.push(peerOf(line.children));
  }
  return rules.map(({ ports, peers }) =>
    defined({ ports: ports.length > 0 ? ports : undefined, [field]: peers.length > 0 ? peers : undefined }),
  );
}

function portOf(text: string): JsonMap[] {
  const match = /^([\w-]+?)(?:-(\d+))?\/(\w+)$/.exec(text.trim());
  if (match === null) return [];
  const port = /^\d+$/.test(match[1]!) ? Number(match[1]) : match[1];
  return [
    defined({ port, endPort: match[2] === undefined ? undefined : Number(match[2]), protocol: match[3] }),
  ];
}

function peerOf(lines: readonly DescribedLine[]): JsonMap {
  const block = lines.find((line) => line.key === "IPBlock");
  if (block !== undefined) {
    const except = valueOf(block.children, "Except")
      ?.split(",")
      .map((cidr) => cidr.trim());
    return { ipBlock: defined({ cidr: valueOf(block.children, "CIDR"), except }) };
  }
  const selector = (key: string): JsonMap | undefined =>
    lines.some((line) => line.key === key) ? (selectorOf(valueOf(lines, key)) ?? {}) : undefined;
  return defined({ namespaceSelector: selector("NamespaceSelector"), podSelector: selector("PodSelector") });
}

/** A ResourceQuota (describe.go describeQuota): rows of Resource, Used, Hard. */
export function describedQuota(lines: readonly DescribedLine[]): JsonMap {
  const rows = lines
    .flatMap(withBelow)
    .map((line) => /^([a-z][\w./-]*)\s{2,}(\S+)\s{2,}(\S+)\s*$/.exec(line));
  const found = rows.filter((row) => row !== null);
  const hard = Object.fromEntries(found.map((row) => [row[1]!, row[3]!]));
  const used = Object.fromEntries(found.map((row) => [row[1]!, row[2]!]));
  const scopes = valueOf(lines, "Scopes")?.split(", ");
  return { metadata: metadataOf(lines), spec: defined({ hard, scopes }), status: { hard, used } };
}

/** A PodDisruptionBudget (describe.go describePodDisruptionBudgetV1). */
export function describedBudget(lines: readonly DescribedLine[]): JsonMap {
  const status = childrenOf(lines, "Status");
  const number = (key: string): number | undefined => {
    const value = valueOf(status, key);
    return value === undefined ? undefined : Number(value);
  };
  const amount = (key: string): string | number | undefined => {
    const value = valueOf(lines, key);
    return value === undefined || !/^\d+$/.test(value) ? value : Number(value);
  };
  return {
    metadata: metadataOf(lines),
    spec: defined({
      minAvailable: amount("Min available"),
      maxUnavailable: amount("Max unavailable"),
      selector: selectorOf(valueOf(lines, "Selector")),
    }),
    status: defined({
      disruptionsAllowed: number("Allowed disruptions"),
      currentHealthy: number("Current"),
      desiredHealthy: number("Desired"),
      expectedPods: number("Total"),
    }),
  };
}

/** A ServiceAccount (describe.go describeServiceAccount). */
export function describedServiceAccount(lines: readonly DescribedLine[]): JsonMap {
  const named = (key: string): JsonMap[] | undefined => {
    const names = linesOf(lines, key).map((name) => ({ name: name.trim() }));
    return names.length === 0 ? undefined : names;
  };
  return {
    metadata: metadataOf(lines),
    ...defined({ imagePullSecrets: named("Image pull secrets"), secrets: named("Mountable secrets") }),
  };
}

/** A HorizontalPodAutoscaler (describe.go describeHorizontalPodAutoscalerV2). */
export function describedAutoscaler(lines: readonly DescribedLine[]): JsonMap {
  const reference = /^(\w+)\/(\S+)$/.exec(valueOf(lines, "Reference") ?? "");
  const pods = lines
    .map((line) => (line.key.endsWith(" pods") ? /^(\d+) current \/ (\d+) desired/.exec(line.value) : null))
    .find((one) => one !== null);
  const metrics = lines.find((line) => line.key === "Metrics")?.children.flatMap(metricOf) ?? [];
  const number = (key: string): number | undefined => {
    const value = valueOf(lines, key);
    return value === undefined ? undefined : Number(value);
  };
  return {
    metadata: {
      ...metadataOf(lines),
      ...defined({ creationTimestamp: describedTime(valueOf(lines, "CreationTimestamp")) }),
    },
    spec: defined({
      scaleTargetRef:
        reference === null ? undefined : { apiVersion: "apps/v1", kind: reference[1], name: reference[2] },
      minReplicas: number("Min replicas"),
      maxReplicas: number("Max replicas"),
      metrics: metrics.length > 0 ? metrics.map(({ spec }) => spec) : undefined,
    }),
    status: defined({
      currentReplicas: pods === undefined ? undefined : Number(pods[1]),
      desiredReplicas: pods === undefined ? undefined : Number(pods[2]),
      currentMetrics: metrics.length > 0 ? metrics.flatMap(({ current }) => current) : undefined,
      conditions: conditionsOf(childrenOf(lines, "Conditions")),
    }),
  };
}

/** "resource cpu on pods  (as a percentage of request):  140% (700m) / 80%"; other metrics are left out. */
function metricOf(line: DescribedLine): { spec: JsonMap; current: JsonMap[] }[] {
  const match =
    /^resource (\S+) on pods(?:\s+\(as a percentage of request\))?:\s+(?:<unknown>|(\d+)%(?: \(([^)]*)\))?|(\S+)) \/ (?:(\d+)%|(\S+))$/.exec(
      line.text,
    );
  if (match === null) return [];
  const [, name, utilization, value, plainValue, target, plainTarget] = match;
  const asked =
    target === undefined
      ? { type: "AverageValue", averageValue: plainTarget }
      : { type: "Utilization", averageUtilization: Number(target) };
  const current = defined({
    averageUtilization: utilization === undefined ? undefined : Number(utilization),
    averageValue: value ?? plainValue,
  });
  return [
    {
      spec: { type: "Resource", resource: { name, target: asked } },
      current: Object.keys(current).length === 0 ? [] : [{ type: "Resource", resource: { name, current } }],
    },
  ];
}
