import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { claim, claimed, gibibytes, mounting } from "../cluster/claims.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain, serve } from "../in-vain.ts";

const root = (cause: string, ...acceptable: string[]): Expectation => ({
  status: "explained",
  causes: [cause],
  acceptable: ["no-endpoints-pods-not-ready", ...acceptable],
  share: 1,
});

/** Volumes that cannot be attached, mounted or written to. */
export const cases: CorpusCase[] = [
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
    source: "jupyterhub/mybinder.org-deploy incident report of 2018-03-13",
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
