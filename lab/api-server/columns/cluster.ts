import type {
  ConfigMap,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  ResourceQuota,
  ServiceAccount,
} from "kubernetes-types/core/v1";
import type { StorageClass } from "kubernetes-types/storage/v1";
import type { KubeObject } from "../stored-object.ts";
import { ageColumn, type Column, nameColumn, orNone, text, wide } from "./column.ts";

const node = (object: KubeObject): Node => object as Node;
const info = (object: KubeObject) => node(object).status?.nodeInfo;
const unset = "<unset>";

export const nodeColumns: readonly Column[] = [
  nameColumn,
  text("Status", (o) => {
    const ready = (node(o).status?.conditions ?? []).find((c) => c.type === "Ready");
    const word = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
    return node(o).spec?.unschedulable === true ? `${word},SchedulingDisabled` : word;
  }),
  text("Roles", (o) => orNone(rolesOf(node(o)).join(","))),
  ageColumn,
  text("Version", (o) => info(o)?.kubeletVersion ?? ""),
  wide("Internal-IP", (o) => address(node(o), "InternalIP")),
  wide("External-IP", (o) => address(node(o), "ExternalIP")),
  wide("OS-Image", (o) => info(o)?.osImage ?? "<unknown>"),
  wide("Kernel-Version", (o) => info(o)?.kernelVersion ?? "<unknown>"),
  wide("Container-Runtime", (o) => info(o)?.containerRuntimeVersion ?? "<unknown>"),
];

const rolePrefix = "node-role.kubernetes.io/";
const rolesOf = (n: Node): string[] =>
  Object.keys(n.metadata?.labels ?? {})
    .filter((label) => label.startsWith(rolePrefix))
    .map((label) => label.slice(rolePrefix.length))
    .sort();

const address = (n: Node, type: string): string =>
  orNone(n.status?.addresses?.find((a) => a.type === type)?.address);

export const namespaceColumns: readonly Column[] = [
  nameColumn,
  text("Status", (o) => (o as Namespace).status?.phase ?? ""),
  ageColumn,
];

export const configMapColumns: readonly Column[] = [
  nameColumn,
  text("Data", (o) => {
    const { data = {}, binaryData = {} } = o as ConfigMap;
    return String(Object.keys(data).length + Object.keys(binaryData).length);
  }),
  ageColumn,
];

export const serviceAccountColumns: readonly Column[] = [
  nameColumn,
  text("Secrets", (o) => String(((o as ServiceAccount).secrets ?? []).length)),
  ageColumn,
];

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};
const modes = (all: readonly string[] | undefined): string =>
  (all ?? []).map((m) => shortModes[m] ?? m).join(",");

const pvc = (object: KubeObject): PersistentVolumeClaim => object as PersistentVolumeClaim;
export const pvcColumns: readonly Column[] = [
  nameColumn,
  text("Status", (o) => pvc(o).status?.phase ?? ""),
  text("Volume", (o) => pvc(o).spec?.volumeName ?? ""),
  text("Capacity", (o) => String(pvc(o).status?.capacity?.["storage"] ?? "")),
  text("Access Modes", (o) => modes(pvc(o).status?.accessModes)),
  text("StorageClass", (o) => pvc(o).spec?.storageClassName ?? ""),
  text("VolumeAttributesClass", (o) => pvc(o).spec?.volumeAttributesClassName ?? unset),
  ageColumn,
  wide("VolumeMode", (o) => pvc(o).spec?.volumeMode ?? unset),
];

const pv = (object: KubeObject): PersistentVolume => object as PersistentVolume;
export const pvColumns: readonly Column[] = [
  nameColumn,
  text("Capacity", (o) => String(pv(o).spec?.capacity?.["storage"] ?? "")),
  text("Access Modes", (o) => modes(pv(o).spec?.accessModes)),
  text("Reclaim Policy", (o) => pv(o).spec?.persistentVolumeReclaimPolicy ?? ""),
  text("Status", (o) => pv(o).status?.phase ?? ""),
  text("Claim", (o) => {
    const claim = pv(o).spec?.claimRef;
    return claim === undefined ? "" : `${claim.namespace}/${claim.name}`;
  }),
  text("StorageClass", (o) => pv(o).spec?.storageClassName ?? ""),
  text("VolumeAttributesClass", (o) => pv(o).spec?.volumeAttributesClassName ?? unset),
  text("Reason", (o) => pv(o).status?.reason ?? ""),
  ageColumn,
  wide("VolumeMode", (o) => pv(o).spec?.volumeMode ?? unset),
];

const storageClass = (object: KubeObject): Partial<StorageClass> => object as Partial<StorageClass>;
export const storageClassColumns: readonly Column[] = [
  {
    ...nameColumn,
    cell: (o) => {
      const isDefault = o.metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
      return `${o.metadata?.name}${isDefault ? " (default)" : ""}`;
    },
  },
  text("Provisioner", (o) => storageClass(o).provisioner ?? ""),
  text("ReclaimPolicy", (o) => storageClass(o).reclaimPolicy ?? "Delete"),
  text("VolumeBindingMode", (o) => storageClass(o).volumeBindingMode ?? unset),
  text("AllowVolumeExpansion", (o) => String(storageClass(o).allowVolumeExpansion ?? false)),
  ageColumn,
];

const usage = (quota: ResourceQuota, isLimit: boolean): string => {
  const { hard = {}, used = {} } = quota.status ?? {};
  const names = Object.keys(hard).filter((name) => name.startsWith("limits.") === isLimit);
  return names
    .sort()
    .map((name) => `${name}: ${used[name] ?? 0}/${hard[name]}`)
    .join(", ");
};

export const resourceQuotaColumns: readonly Column[] = [
  nameColumn,
  text("Request", (o) => usage(o as ResourceQuota, false)),
  text("Limit", (o) => usage(o as ResourceQuota, true)),
  ageColumn,
];
