import type { PersistentVolume, PersistentVolumeClaim } from "kubernetes-types/core/v1";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { AppOptions } from "../cluster/pod-template.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain, serve } from "../in-vain.ts";

const root = (cause: string, ...acceptable: string[]): Expectation => ({
  status: "explained",
  causes: [cause],
  acceptable: ["no-endpoints-pods-not-ready", ...acceptable],
  share: 1,
});

const unbound =
  "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";

/** Mounts a claim (or another volume) at a path of the main container. */
const mounting = (volume: Record<string, unknown>, mountPath: string): AppOptions => ({
  spec: (spec, main) => {
    spec.volumes = [{ name: "data", ...volume }];
    main.volumeMounts = [{ name: "data", mountPath }];
  },
});

const claimed = (claimName: string, mountPath: string): AppOptions =>
  mounting({ persistentVolumeClaim: { claimName } }, mountPath);

function claim(
  c: Cluster,
  name: string,
  spec: NonNullable<PersistentVolumeClaim["spec"]>,
  phase = "Pending",
): void {
  c.add("persistentvolumeclaims", {
    metadata: { name, creationTimestamp: "2026-11-18T09:42:00Z" },
    spec: { volumeMode: "Filesystem", ...spec },
    status: phase === "Bound" ? { phase, accessModes: spec.accessModes ?? [] } : { phase },
  });
}

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

const gibibytes = (n: number) => ({ requests: { storage: `${n}Gi` } });

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
  defineCase({
    id: "volume-config-map-missing",
    title: "The pods mount a ConfigMap that a cleanup job had removed",
    target: "shop.example.com/",
    async build() {
      const options = mounting({ configMap: { name: "cart-nginx-conf" } }, "/etc/nginx/conf.d");
      const c = shop("shop", { options: { replicas: 2, created: "-22m", ...options } });
      for (const p of c.pods("cart")) {
        p.waiting("ContainerCreating");
        p.event(
          "FailedMount",
          'MountVolume.SetUp failed for volume "data" : configmap "cart-nginx-conf" not found',
          {
            first: "-22m",
            last: "-50s",
            count: 18,
          },
        );
      }
      await askInVain(c, "cart", "-18m", "-9m", "-2m");
      return c.evidence();
    },
    expect: root("volume-mount-failure"),
  }),
  defineCase({
    id: "volume-config-map-optional",
    title: "The pods mount a ConfigMap that is not there, and the mount is optional",
    target: "shop.example.com/",
    twinOf: "volume-config-map-missing",
    differs: "the volume is optional, so the pods started",
    async build() {
      const options = mounting(
        { configMap: { name: "cart-nginx-conf", optional: true } },
        "/etc/nginx/conf.d",
      );
      const c = shop("shop", { options: { replicas: 2, created: "-22m", ...options } });
      await serve(c, "cart", "-18m", "-9m", "-2m");
      return c.evidence();
    },
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "volume-held-by-lost-node",
    title:
      "The node died, and the volume of the only pod stays attached to it, so the replacement cannot start",
    source: "jupyterhub/mybinder.org-deploy, incident report of 2018-03-13",
    target: "hub.example.org/",
    build: () => heldVolume(true),
    expect: {
      status: "explained",
      causes: ["node-not-ready"],
      acceptable: ["volume-mount-failure", "no-endpoints-pods-not-ready"],
    },
  }),
  defineCase({
    id: "volume-held-after-node-came-back",
    title: "The volume of the only pod is still attached to the node it ran on before, and that node is well",
    target: "hub.example.org/",
    twinOf: "volume-held-by-lost-node",
    differs: "the node is ready",
    build: () => heldVolume(false),
    expect: root("volume-mount-failure"),
  }),
  defineCase({
    id: "volume-not-writable",
    title: "The claim is mounted and belongs to root; the process runs as another user and ends at once",
    target: "graphs.example.com/",
    async build() {
      const mount = claimed("grafana", "/var/lib/grafana");
      const c = shop("monitoring", {
        app: "grafana",
        host: "graphs.example.com",
        options: {
          replicas: 1,
          port: 3000,
          created: "-35m",
          spec: (spec, main) => {
            mount.spec?.(spec, main);
            spec.securityContext = { runAsUser: 472 };
          },
        },
      });
      const spec = {
        accessModes: ["ReadWriteOnce"],
        resources: gibibytes(10),
        storageClassName: "nfs",
        volumeName: "pvc-9c4e",
      };
      claim(c, "grafana", spec, "Bound");
      const p = c.pod("grafana");
      p.crashLoop({ exitCode: 1, reason: "Error", at: "-2m", since: "-35m", count: 11 });
      c.appLog(
        p,
        [
          "GF_PATHS_DATA='/var/lib/grafana' is not writable.",
          "mkdir: can't create directory '/var/lib/grafana/plugins': Permission denied",
        ],
        { previous: true },
      );
      await askInVain(c, "grafana", "-30m", "-11m", "-3m");
      return c.evidence();
    },
    expect: root("volume-mount-failure", "crash-loop-backoff"),
  }),
];

/** Worker-3 ran the only pod; its replacement on worker-1 waits for the volume. */
async function heldVolume(isLost: boolean) {
  const c = shop("hub", {
    app: "hub",
    host: "hub.example.org",
    options: {
      replicas: 1,
      port: 8081,
      created: "-9d",
      nodes: ["worker-3"],
      ...claimed("hub-db", "/srv/hub"),
    },
  });
  const spec = {
    accessModes: ["ReadWriteOnce"],
    resources: gibibytes(5),
    storageClassName: "standard",
    volumeName: "pvc-77aa",
  };
  claim(c, "hub-db", spec, "Bound");
  const hub = c.find("hub");
  const old = c.pod("hub");
  if (isLost) {
    c.loseNode("worker-3", "-44m");
    old.setCondition("Ready", "False", "-44m", "NodeNotReady");
    old.terminating("-39m");
  } else old.gone("-39m");
  hub.options = { ...hub.options, nodes: ["worker-1"] };
  const [next] = hub.scaleUp(1, "-39m");
  hub.options = { ...hub.options, replicas: 1 };
  const message =
    'Multi-Attach error for volume "pvc-77aa" Volume is already exclusively attached to one node and can\'t be attached to another';
  next?.waiting("ContainerCreating");
  next?.event("FailedAttachVolume", message, {
    first: "-39m",
    component: "attachdetach-controller",
    type: "Warning",
  });
  next?.event(
    "FailedMount",
    "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process volumes=[]: timed out waiting for the condition",
    { first: "-37m", last: "-90s", count: 16 },
  );
  await askInVain(c, "hub", "-36m", "-17m", "-2m");
  return c.evidence();
}
