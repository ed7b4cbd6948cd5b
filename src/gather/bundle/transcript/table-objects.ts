import type { Resource } from "../../../evidence/kinds.ts";
import { defined, type JsonMap } from "../json-value.ts";
import { accessModesOf } from "./describe-storage.ts";
import { loadBalancerAddress, subsetsOf } from "./describe-service.ts";
import { selectorOf } from "./describe-workload.ts";
import { ageMs, isoOf } from "./durations.ts";
import { podOfRow } from "./table-pod.ts";
import { isNone, labelsOf, type Row } from "./table.ts";

/**
 * What a row of a table says of an object. Columns: kubernetes/kubernetes
 * pkg/printers/internalversion/printers.go.
 */
type RowReader = (row: Row) => JsonMap;

const cell = (row: Row, ...titles: readonly string[]): string | undefined => {
  const found = titles.map((title) => row[title]).find((value) => value !== undefined);
  return isNone(found) ? undefined : found;
};

const number = (text: string | undefined): number | undefined =>
  text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);

/** "2/3" → [2, 3]. */
const fraction = (text: string | undefined): [number | undefined, number | undefined] => {
  const match = /^(\d+)\/(\d+)$/.exec(text ?? "");
  return match === null ? [undefined, undefined] : [Number(match[1]), Number(match[2])];
};

const list = (text: string | undefined): string[] | undefined => text?.split(",").map((part) => part.trim());

/** CONTAINERS and IMAGES of a wide table, each with commas. */
function templateOf(row: Row): JsonMap | undefined {
  const names = list(cell(row, "CONTAINERS"));
  const images = list(cell(row, "IMAGES"));
  if (names === undefined || images === undefined || names.length !== images.length) return undefined;
  const labels = labelsOf(cell(row, "SELECTOR"));
  return {
    ...(labels === undefined ? {} : { metadata: { labels } }),
    spec: { containers: names.map((name, at) => ({ name, image: images[at] })) },
  };
}

const workload = (row: Row, spec: JsonMap, status: JsonMap): JsonMap => ({
  spec: defined({ ...spec, selector: selectorOf(cell(row, "SELECTOR")), template: templateOf(row) }),
  status: defined(status),
});

function deployment(row: Row): JsonMap {
  const [ready, desired] = fraction(row["READY"]);
  return workload(
    row,
    { replicas: desired },
    {
      readyReplicas: ready,
      updatedReplicas: number(row["UP-TO-DATE"]),
      availableReplicas: number(row["AVAILABLE"]),
    },
  );
}

function service(row: Row): JsonMap {
  const ports = list(cell(row, "PORT(S)"))?.map((text) => {
    const match = /^(\d+)(?::(\d+))?\/(\w+)$/.exec(text);
    return match === null
      ? undefined
      : defined({ port: Number(match[1]), nodePort: number(match[2]), protocol: match[3] });
  });
  const external = cell(row, "EXTERNAL-IP");
  const isBalancer = row["TYPE"] === "LoadBalancer" && external !== undefined && external !== "<pending>";
  return {
    spec: defined({
      type: cell(row, "TYPE"),
      clusterIP: row["CLUSTER-IP"] === "None" ? "None" : cell(row, "CLUSTER-IP"),
      externalName: row["TYPE"] === "ExternalName" ? external : undefined,
      ports: ports?.every((port) => port !== undefined) === true ? ports : undefined,
      selector: labelsOf(cell(row, "SELECTOR")),
    }),
    status: { loadBalancer: isBalancer ? { ingress: list(external)!.map(loadBalancerAddress) } : {} },
  };
}

function node(row: Row): JsonMap {
  const [ready, ...others] = (row["STATUS"] ?? "").split(",");
  const status = ready === "Ready" ? "True" : ready === "NotReady" ? "False" : "Unknown";
  const addresses = [
    { type: "InternalIP", address: cell(row, "INTERNAL-IP") },
    { type: "ExternalIP", address: cell(row, "EXTERNAL-IP") },
  ].filter(({ address }) => address !== undefined);
  return {
    spec: others.includes("SchedulingDisabled") ? { unschedulable: true } : {},
    status: defined({
      conditions: [{ type: "Ready", status }],
      addresses: addresses.length > 0 ? addresses : undefined,
      nodeInfo: defined({
        kubeletVersion: cell(row, "VERSION"),
        containerRuntimeVersion: cell(row, "CONTAINER-RUNTIME"),
      }),
    }),
  };
}

function claim(row: Row): JsonMap {
  const capacity = cell(row, "CAPACITY");
  return {
    spec: defined({
      volumeName: cell(row, "VOLUME"),
      storageClassName: row["STORAGECLASS"] === "<unset>" ? undefined : row["STORAGECLASS"],
    }),
    status: defined({
      phase: row["STATUS"] === "Terminating" ? undefined : cell(row, "STATUS"),
      capacity: capacity === undefined ? undefined : { storage: capacity },
      accessModes: accessModesOf(cell(row, "ACCESS MODES")),
    }),
  };
}

function volume(row: Row): JsonMap {
  const capacity = cell(row, "CAPACITY");
  const reference = /^([^/]+)\/(\S+)$/.exec(cell(row, "CLAIM") ?? "");
  return {
    spec: defined({
      capacity: capacity === undefined ? undefined : { storage: capacity },
      accessModes: accessModesOf(cell(row, "ACCESS MODES")),
      persistentVolumeReclaimPolicy: cell(row, "RECLAIM POLICY"),
      storageClassName: row["STORAGECLASS"],
      claimRef:
        reference === null
          ? undefined
          : { kind: "PersistentVolumeClaim", namespace: reference[1], name: reference[2] },
    }),
    status: defined({
      phase: row["STATUS"] === "Terminating" ? undefined : cell(row, "STATUS"),
      reason: cell(row, "REASON"),
    }),
  };
}

function autoscaler(row: Row): JsonMap {
  const reference = /^(\w+)\/(\S+)$/.exec(cell(row, "REFERENCE") ?? "");
  const cpu = /^(?:cpu: )?(?:(\d+)%|<unknown>)\/(\d+)%$/.exec(row["TARGETS"] ?? "");
  const metric = (side: string, averageUtilization: string | undefined): JsonMap => ({
    type: "Resource",
    resource: {
      name: "cpu",
      [side]: defined({
        type: side === "target" ? "Utilization" : undefined,
        averageUtilization: number(averageUtilization),
      }),
    },
  });
  return {
    spec: defined({
      scaleTargetRef:
        reference === null ? undefined : { apiVersion: "apps/v1", kind: reference[1], name: reference[2] },
      minReplicas: number(row["MINPODS"]),
      maxReplicas: number(row["MAXPODS"]),
      metrics: cpu === null ? undefined : [metric("target", cpu[2])],
    }),
    status: defined({
      currentReplicas: number(row["REPLICAS"]),
      currentMetrics: cpu?.[1] === undefined ? undefined : [metric("current", cpu[1])],
    }),
  };
}

function storageClass(row: Row): JsonMap {
  return defined({
    provisioner: row["PROVISIONER"] ?? "",
    reclaimPolicy: cell(row, "RECLAIMPOLICY"),
    volumeBindingMode: cell(row, "VOLUMEBINDINGMODE"),
    allowVolumeExpansion:
      row["ALLOWVOLUMEEXPANSION"] === undefined ? undefined : row["ALLOWVOLUMEEXPANSION"] === "true",
  });
}

/** The table shows hosts and no paths, which is no rule; describing it or its YAML shows them. */
function ingress(row: Row): JsonMap {
  const addresses = list(cell(row, "ADDRESS")) ?? [];
  return {
    spec: defined({ ingressClassName: cell(row, "CLASS") }),
    status: { loadBalancer: addresses.length === 0 ? {} : { ingress: addresses.map(loadBalancerAddress) } },
  };
}

/** "requests.cpu: 500m/2, pods: 3/10" of REQUEST and LIMIT. */
function quota(row: Row): JsonMap {
  const parts = [cell(row, "REQUEST"), cell(row, "LIMIT")].flatMap((text) => text?.split(", ") ?? []);
  const found = parts.map((part) => /^(\S+): ([^/]+)\/(\S+)$/.exec(part)).filter((match) => match !== null);
  const used = Object.fromEntries(found.map((match) => [match[1]!, match[2]!]));
  const hard = Object.fromEntries(found.map((match) => [match[1]!, match[3]!]));
  return { spec: { hard }, status: { hard, used } };
}

function endpoints(row: Row): JsonMap {
  const shown = row["ENDPOINTS"] ?? "";
  // "10.0.0.1:80 + 2 more...": what is shown is ready, and how many more there are is no address.
  return { subsets: subsetsOf(shown.replace(/ \+ \d+ more\.\.\.$/, "")) };
}

const readers: { readonly [R in Resource]?: RowReader } = {
  pods: podOfRow,
  services: service,
  deployments: deployment,
  replicasets: (row) =>
    workload(
      row,
      { replicas: number(row["DESIRED"]) },
      { replicas: number(row["CURRENT"]), readyReplicas: number(row["READY"]) },
    ),
  statefulsets: (row) => {
    const [ready, desired] = fraction(row["READY"]);
    return workload(row, { replicas: desired }, { readyReplicas: ready });
  },
  daemonsets: (row) =>
    workload(
      row,
      {},
      {
        desiredNumberScheduled: number(row["DESIRED"]),
        currentNumberScheduled: number(row["CURRENT"]),
        numberReady: number(row["READY"]),
        updatedNumberScheduled: number(row["UP-TO-DATE"]),
        numberAvailable: number(row["AVAILABLE"]),
      },
    ),
  nodes: node,
  endpoints,
  ingresses: ingress,
  ingressclasses: (row) => ({ spec: defined({ controller: cell(row, "CONTROLLER") }) }),
  persistentvolumeclaims: claim,
  persistentvolumes: volume,
  horizontalpodautoscalers: autoscaler,
  storageclasses: storageClass,
  resourcequotas: quota,
  namespaces: (row) => ({ status: defined({ phase: cell(row, "STATUS") }) }),
};

/** The object of a row, with its creation time counted back from when the command ran. */
export function objectOfRow(resource: Resource, row: Row, nowMs: number | undefined): JsonMap | undefined {
  const name = row["NAME"]?.replace(/^[a-z.]+\//, "").replace(/ \(default\)$/, "");
  if (name === undefined || name === "") return undefined;
  const isDefault = (row["NAME"] ?? "").endsWith(" (default)");
  const age = ageMs(row["AGE"] ?? "");
  const labels = labelsOf(cell(row, "LABELS"));
  return {
    metadata: defined({
      name,
      namespace: row["NAMESPACE"],
      creationTimestamp: age === undefined || nowMs === undefined ? undefined : isoOf(nowMs - age),
      labels,
      annotations: isDefault
        ? {
            [`${resource === "storageclasses" ? "storageclass" : "ingressclass"}.kubernetes.io/is-default-class`]:
              "true",
          }
        : undefined,
    }),
    ...readers[resource]?.(row),
  };
}
