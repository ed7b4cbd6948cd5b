import { defined, type JsonMap } from "../json-value.ts";
import { childrenOf, type DescribedLine, valueOf } from "./describe-tree.ts";
import { conditionsOf, metadataOf } from "./describe-pod.ts";
import { isNone, labelsOf } from "./table.ts";

const accessModes: Readonly<Record<string, string>> = {
  RWO: "ReadWriteOnce",
  ROX: "ReadOnlyMany",
  RWX: "ReadWriteMany",
  RWOP: "ReadWriteOncePod",
};

/** "RWO,ROX" in full. */
export function accessModesOf(text: string | undefined): string[] | undefined {
  const modes = (text ?? "").split(",").flatMap((mode) => accessModes[mode.trim()] ?? []);
  return modes.length === 0 ? undefined : modes;
}

/** The class, which is "" when it is shown and empty: then no class was asked for. */
const classOf = (lines: readonly DescribedLine[]): string | undefined => {
  const value = lines.find((line) => line.key === "StorageClass")?.value.trim();
  return value === "<unset>" ? undefined : value;
};

/** A PersistentVolumeClaim (describe.go printPersistentVolumeClaim). What was requested is not shown. */
export function describedClaim(lines: readonly DescribedLine[]): JsonMap {
  const capacity = valueOf(lines, "Capacity");
  const phase = valueOf(lines, "Status");
  return {
    metadata: metadataOf(lines),
    spec: defined({
      storageClassName: classOf(lines),
      volumeName: valueOf(lines, "Volume"),
      volumeMode: valueOf(lines, "VolumeMode"),
    }),
    status: defined({
      phase: phase?.startsWith("Terminating") === true ? undefined : phase,
      capacity: capacity === undefined ? undefined : { storage: capacity },
      accessModes: accessModesOf(valueOf(lines, "Access Modes")),
      conditions: conditionsOf(childrenOf(lines, "Conditions")),
    }),
  };
}

/** A PersistentVolume (describe.go describePersistentVolume). */
export function describedVolume(lines: readonly DescribedLine[]): JsonMap {
  const capacity = valueOf(lines, "Capacity");
  const claim = /^([^/\s]+)\/(\S+)$/.exec(valueOf(lines, "Claim") ?? "");
  const source = childrenOf(lines, "Source");
  const isHostPath = (valueOf(source, "Type") ?? "").startsWith("HostPath");
  const phase = valueOf(lines, "Status");
  return {
    metadata: metadataOf(lines),
    spec: defined({
      storageClassName: classOf(lines),
      persistentVolumeReclaimPolicy: valueOf(lines, "Reclaim Policy"),
      accessModes: accessModesOf(valueOf(lines, "Access Modes")),
      volumeMode: valueOf(lines, "VolumeMode"),
      capacity: capacity === undefined ? undefined : { storage: capacity },
      claimRef:
        claim === null ? undefined : { kind: "PersistentVolumeClaim", namespace: claim[1], name: claim[2] },
      nodeAffinity: affinityOf(lines),
      hostPath: isHostPath
        ? defined({ path: valueOf(source, "Path"), type: valueOf(source, "HostPathType") })
        : undefined,
    }),
    status: defined({
      phase: phase?.startsWith("Terminating") === true ? undefined : phase,
      reason: valueOf(lines, "Reason"),
      message: valueOf(lines, "Message"),
    }),
  };
}

/** "Required Terms:" with a "Term 0:  key in [a, b]" line each (describe.go printVolumeNodeAffinity). */
function affinityOf(lines: readonly DescribedLine[]): JsonMap | undefined {
  const required = childrenOf(childrenOf(lines, "Node Affinity"), "Required Terms");
  const terms = required.map((term) => ({
    matchExpressions: [term.value, ...term.more].flatMap((text) => {
      const match = /^(\S+) (in|not in|exists|does not exist)(?: \[([^\]]*)\])?$/.exec(text.trim());
      const operators: Readonly<Record<string, string>> = {
        in: "In",
        "not in": "NotIn",
        exists: "Exists",
        "does not exist": "DoesNotExist",
      };
      if (match === null) return [];
      const values = match[3]?.split(",").map((value) => value.trim());
      return [defined({ key: match[1], operator: operators[match[2]!], values })];
    }),
  }));
  return terms.length === 0 ? undefined : { required: { nodeSelectorTerms: terms } };
}

/** A StorageClass (describe.go describeStorageClass). */
export function describedStorageClass(lines: readonly DescribedLine[]): JsonMap {
  const isDefault = valueOf(lines, "IsDefaultClass") === "Yes";
  const expansion = valueOf(lines, "AllowVolumeExpansion");
  return {
    metadata: defined({
      name: valueOf(lines, "Name"),
      annotations: isDefault ? { "storageclass.kubernetes.io/is-default-class": "true" } : undefined,
    }),
    provisioner: valueOf(lines, "Provisioner") ?? "",
    ...defined({
      parameters: labelsOf(valueOf(lines, "Parameters")),
      reclaimPolicy: valueOf(lines, "ReclaimPolicy"),
      volumeBindingMode: valueOf(lines, "VolumeBindingMode"),
      allowVolumeExpansion: isNone(expansion) ? undefined : /^true$/i.test(expansion!),
    }),
  };
}
