import type { PersistentVolume } from "kubernetes-types/core/v1";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { AppOptions } from "../cluster/pod-template.ts";
import { claim, claimed, gibibytes } from "../cluster/claims.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain } from "../in-vain.ts";

const root = (cause: string, ...acceptable: string[]): Expectation => ({
  status: "explained",
  causes: [cause],
  acceptable: ["no-endpoints-pods-not-ready", ...acceptable],
  share: 1,
});

const unbound =
  "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";

function volume(c: Cluster, name: string, spec: NonNullable<PersistentVolume["spec"]>, phase: string): void {
  c.add("persistentvolumes", {
    metadata: { name },
    spec: { persistentVolumeReclaimPolicy: "Retain", ...spec },
    status: { phase },
  });
}

const told = (c: Cluster, name: string, reason: string, message: string): void =>
  c.event({ kind: "PersistentVolumeClaim", name }, reason, message, {
    first: "-40m",
    last: "-20s",
    count: 160,
    type: reason === "FailedBinding" ? "Normal" : "Warning",
  });

function wiki(options: AppOptions): Cluster {
  return shop("docs", {
    app: "wiki",
    host: "wiki.example.com",
    options: { replicas: 1, created: "-47m", ...options },
  });
}

/** Pods that wait for a volume, by what is wrong with it. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "claim-larger-than-any-volume",
    title: "The claim asks for 100 GiB without a storage class and the only volume has 20",
    target: "wiki.example.com/",
    async build() {
      const c = wiki({ ...claimed("wiki-data", "/var/lib/wiki") });
      const spec = {
        accessModes: ["ReadWriteOnce"],
        resources: gibibytes(100),
        storageClassName: "",
      };
      claim(c, "wiki-data", spec);
      const capacity = { storage: "20Gi" };
      volume(
        c,
        "nfs-20",
        { capacity, accessModes: ["ReadWriteOnce"], nfs: { server: "192.0.2.30", path: "/wiki" } },
        "Available",
      );
      told(
        c,
        "wiki-data",
        "FailedBinding",
        "no persistent volumes available for this claim and no storage class is set",
      );
      c.pod("wiki").unschedulable(unbound, { last: "-2m", count: 9 });
      await askInVain(c, "wiki", "-38m", "-12m", "-1m");
      return c.evidence();
    },
    expect: root("volume-mount-failure", "pod-unschedulable"),
  }),
  defineCase({
    id: "claim-bound-in-another-zone",
    title: "The claim is bound, and its volume lives in a zone that has no node any more",
    target: "wiki.example.com/",
    twinOf: "claim-larger-than-any-volume",
    differs: "the claim is bound to a volume of another zone",
    async build() {
      const c = wiki({ ...claimed("wiki-data", "/var/lib/wiki") });
      const spec = {
        accessModes: ["ReadWriteOnce"],
        resources: gibibytes(20),
        storageClassName: "zonal",
        volumeName: "pvc-2f1d",
      };
      claim(c, "wiki-data", spec, "Bound");
      const zone = { key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-west-1c"] };
      volume(
        c,
        "pvc-2f1d",
        {
          capacity: { storage: "20Gi" },
          accessModes: ["ReadWriteOnce"],
          storageClassName: "zonal",
          csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-0a1b2c" },
          nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [zone] }] } },
        },
        "Bound",
      );
      const message =
        "0/3 nodes are available: 3 node(s) had volume node affinity conflict. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
      c.pod("wiki").unschedulable(message, { last: "-2m", count: 9 });
      await askInVain(c, "wiki", "-38m", "-12m", "-1m");
      return c.evidence();
    },
    expect: root("pod-unschedulable"),
  }),
  defineCase({
    id: "claim-class-missing",
    title: "The chart's values name a storage class that this cluster does not have; no gateway log",
    target: "service/minio",
    namespace: "storage",
    async build() {
      const c = shop("storage", {
        app: "minio",
        options: {
          kind: "StatefulSet",
          replicas: 1,
          port: 9000,
          created: "-48m",
          ...claimed("data-minio-0", "/data"),
        },
      });
      const spec = {
        accessModes: ["ReadWriteOnce"],
        resources: gibibytes(50),
        storageClassName: "fast-ssd",
      };
      claim(c, "data-minio-0", spec);
      told(c, "data-minio-0", "ProvisioningFailed", 'storageclass.storage.k8s.io "fast-ssd" not found');
      c.pod("minio").unschedulable(unbound, { last: "-2m", count: 9 });
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["volume-mount-failure"],
      acceptable: ["no-endpoints-pods-not-ready", "pod-unschedulable"],
    },
  }),
  defineCase({
    id: "claim-access-mode-not-offered",
    title: "The claim wants ReadWriteMany of a block device class that gives ReadWriteOnce only",
    target: "wiki.example.com/",
    async build() {
      const c = wiki({ replicas: 2, ...claimed("wiki-uploads", "/uploads") });
      const spec = {
        accessModes: ["ReadWriteMany"],
        resources: gibibytes(10),
        storageClassName: "gp3",
      };
      claim(c, "wiki-uploads", spec);
      c.add("storageclasses", {
        metadata: { name: "gp3" },
        provisioner: "ebs.csi.aws.com",
        volumeBindingMode: "Immediate",
      });
      told(
        c,
        "wiki-uploads",
        "ProvisioningFailed",
        'failed to provision volume with StorageClass "gp3": rpc error: code = InvalidArgument desc = Volume capabilities MULTI_NODE_MULTI_WRITER not supported. Only AccessModes[ReadWriteOnce] supported.',
      );
      for (const p of c.pods("wiki")) p.unschedulable(unbound, { last: "-1m", count: 8 });
      await askInVain(c, "wiki", "-33m", "-6m");
      return c.evidence();
    },
    expect: root("volume-mount-failure", "pod-unschedulable"),
  }),
];
