import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { get, hang, ok, refusing } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { PodScript } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";

const healthy: Expectation = { status: "healthy", causes: [] };
const explained = (cause: string, share: number, ...acceptable: string[]): Expectation => ({
  status: "explained",
  causes: [cause],
  acceptable,
  share,
});

/** An Ingress that gives up on an answer after a second. */
function impatient(c: Cluster, app: string, host: string): void {
  c.ingress(app, {
    host,
    paths: { "/": app },
    annotations: { "nginx.ingress.kubernetes.io/proxy-read-timeout": "1" },
  });
}

const rescaled = (c: Cluster, name: string, size: number, reason: string, when: string): void =>
  c.event(
    { kind: "HorizontalPodAutoscaler", name },
    "SuccessfulRescale",
    `New size: ${size}; reason: ${reason}`,
    { first: when },
  );

/** Too many requests for these pods: half of them get no answer in time. */
async function overrun(c: Cluster, app: string, times: number) {
  const way = c.way(app);
  const pods = Object.fromEntries(
    way.servers.map((s, i): [string, PodScript] => [s, i % 2 === 0 ? hang : ok(300)]),
  );
  return record({
    ...way,
    pods,
    settings: { readTimeoutS: 1, tries: 1 },
    requests: [get("/items?page=1", { times, everyMs: 20 }), get("/items/4711", { times, everyMs: 20 })],
  });
}

const aboveTarget = "cpu resource utilization (percentage of request) above target";
const minutes = (from: number, to: number): string[] =>
  Array.from({ length: from - to + 1 }, (_, i) => `-${from - i}m`);

/** Replica counts that do not fit the load. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "sync-resets-replicas",
    title:
      "Each sync sets the two replicas of the manifest, and the autoscaler puts the four back a minute later",
    source: "uberswe/createmod.com#1097",
    target: "mods.example.com/",
    build: () => synced(true),
    expect: explained("replicas-reset-on-deploy", 1, "worker-pool-exhausted"),
  }),
  defineCase({
    id: "sync-leaves-replicas-alone",
    title: "The manifest says nothing of replicas, and a sync changes the labels only",
    target: "mods.example.com/",
    twinOf: "sync-resets-replicas",
    differs: "the manifest carries no replicas, so the sync scaled nothing down",
    build: () => synced(false),
    expect: healthy,
  }),
  defineCase({
    id: "deployment-made-anew-with-one-replica",
    title: "Changed matchLabels made the Deployment anew with one replica in place of eight",
    source: "zalando-incubator/kubernetes-on-aws#4887",
    target: "skipper.example.org/",
    async build() {
      const c = shop("edge", {
        app: "fashion",
        host: "skipper.example.org",
        options: { replicas: 1, created: "-29m", readyAfter: "4s" },
      });
      impatient(c, "fashion", "skipper.example.org");
      const app = c.find("fashion");
      const set = app.replicaSetName();
      c.event(app, "ScalingReplicaSet", `Scaled up replica set ${set} from 0 to 1`, { first: "-29m" });
      const one = c.pod("fashion");
      const few = await record({
        ...c.way("fashion"),
        pods: { [one.address]: hang },
        settings: { readTimeoutS: 1 },
        requests: [get("/", { times: 40, everyMs: 30 })],
      });
      app.scaleUp(5, "-27m30s");
      rescaled(c, "fashion", 6, "Current number of replicas below Spec.MinReplicas", "-27m30s");
      c.hpa("fashion", {
        min: 6,
        max: 20,
        current: 6,
        cpu: { target: 60, current: 52 },
        lastScale: "-27m30s",
      });
      const after = await record({ ...c.way("fashion"), requests: everyday() });
      c.gatewayLog([...few.atEach("-28m40s", "-28m"), ...after.atEach("-25m", "-14m", "-3m")]);
      return c.evidence();
    },
    expect: explained("replicas-reset-on-deploy", 1, "worker-pool-exhausted"),
  }),
  defineCase({
    id: "load-rises-before-the-pods",
    title: "A campaign triples the load; the autoscaler adds pods three minutes later and the timeouts end",
    target: "store.example.com/",
    build: () => campaign(true),
    expect: explained("hpa-lag", 1, "worker-pool-exhausted"),
  }),
  defineCase({
    id: "pods-added-without-more-load",
    title:
      "502s and more replicas at the same time, with no more requests than before: the lag is a theory only",
    source: "ministryofjustice/intranet#769",
    target: "store.example.com/",
    twinOf: "load-rises-before-the-pods",
    differs: "the number of requests did not rise",
    build: () => campaign(false),
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "autoscaler-at-maximum-under-load",
    title: "The autoscaler wants more than its maximum, and with three times the load requests time out",
    source: "kubernetes/kubernetes#59888",
    target: "video.example.net/",
    build: () => atMaximum(3),
    expect: explained("hpa-max-replicas", 1, "worker-pool-exhausted"),
  }),
  defineCase({
    id: "autoscaler-below-maximum-under-load",
    title: "With three times the load requests time out, and the autoscaler could add pods but sees no need",
    target: "video.example.net/",
    twinOf: "autoscaler-at-maximum-under-load",
    differs: "the maximum is 12, four times what runs",
    build: () => atMaximum(12),
    expect: { status: "unexplained", causes: [] },
  }),
];

async function synced(isReset: boolean): Promise<Evidence> {
  const c = shop("mods", {
    app: "site",
    host: "mods.example.com",
    options: { replicas: 4, preStopSeconds: 15 },
  });
  impatient(c, "site", "mods.example.com");
  const before = await record({ ...c.way("site"), requests: everyday() });
  const calm = [...before.atEach(...minutes(24, 20)), ...before.atEach("-9m", "-3m")];
  c.hpa("site", {
    min: 4,
    max: 10,
    current: 4,
    cpu: { target: 70, current: 58 },
    ...(isReset ? { lastScale: "-17m50s" } : {}),
  });
  if (!isReset) {
    c.gatewayLog([...calm, ...before.at("-18m30s")]);
    return c.evidence();
  }
  const app = c.find("site");
  const set = app.replicaSetName();
  for (const p of c.pods("site").slice(2)) p.gone("-19m");
  c.event(app, "ScalingReplicaSet", `Scaled down replica set ${set} from 4 to 2`, { first: "-19m" });
  app.options = { ...app.options, replicas: 2 };
  const few = await overrun(c, "site", 24);
  app.scaleUp(2, "-17m50s");
  rescaled(c, "site", 4, "Current number of replicas below Spec.MinReplicas", "-17m50s");
  c.gatewayLog([...calm, ...few.atEach("-18m40s", "-18m10s")]);
  return c.evidence();
}

async function campaign(isMore: boolean): Promise<Evidence> {
  const c = shop("store", { app: "store", host: "store.example.com", options: { replicas: 2 } });
  impatient(c, "store", "store.example.com");
  const before = await record({ ...c.way("store"), requests: everyday() });
  const way = c.way("store");
  const flat = async () =>
    record({
      ...way,
      pods: {
        [way.servers[0] ?? ""]: [
          [0, ok()],
          [900, refusing],
        ],
      },
      settings: { tries: 1 },
      requests: [get("/items", { times: 28, everyMs: 60 })],
    });
  const then = isMore ? await overrun(c, "store", 46) : await flat();
  c.find("store").scaleUp(3, "-17m");
  rescaled(c, "store", 5, aboveTarget, "-17m");
  c.hpa("store", { min: 2, max: 8, current: 5, cpu: { target: 70, current: 61 }, lastScale: "-17m" });
  const after = await record({ ...c.way("store"), requests: everyday() });
  c.gatewayLog([
    ...before.atEach(...minutes(26, 21)),
    ...then.atEach("-20m", "-19m", "-18m"),
    ...after.atEach("-14m", "-13m", "-4m"),
  ]);
  return c.evidence();
}

async function atMaximum(max: number): Promise<Evidence> {
  const c = shop("video", {
    app: "transcode",
    host: "video.example.net",
    options: { replicas: 3, port: 7000 },
  });
  impatient(c, "transcode", "video.example.net");
  c.hpa("transcode", { min: 2, max, current: 3, cpu: { target: 80, current: max === 3 ? 152 : 65 } });
  const before = await record({ ...c.way("transcode"), requests: everyday() });
  const then = await overrun(c, "transcode", 46);
  c.gatewayLog([...before.atEach(...minutes(26, 21)), ...then.atEach("-20m", "-19m", "-5m")]);
  return c.evidence();
}
