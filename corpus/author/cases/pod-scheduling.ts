import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain, serve } from "../in-vain.ts";

const unschedulable: Expectation = {
  status: "explained",
  causes: ["pod-unschedulable"],
  acceptable: ["no-endpoints-pods-not-ready"],
  share: 1,
};
const { share: _, ...unseen } = unschedulable;

const noVictims = (n: number): string =>
  `preemption: 0/${n} nodes are available: ${n} No preemption victims found for incoming pod.`;
const notHelpful = (n: number): string =>
  `preemption: 0/${n} nodes are available: ${n} Preemption is not helpful for scheduling.`;

/** Pods that no node takes, by the filter that turns the nodes away. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "unschedulable-insufficient-cpu",
    title: "A new Deployment asks for six CPUs a pod; no node has that much left",
    target: "reports.example.org/",
    async build() {
      const resources = { requests: { cpu: "6", memory: "2Gi" }, limits: { memory: "2Gi" } };
      const options = { replicas: 2, created: "-27m", resources };
      const c = shop("analytics", { app: "reports", host: "reports.example.org", options });
      const message = `0/3 nodes are available: 3 Insufficient cpu. ${noVictims(3)}`;
      for (const p of c.pods("reports")) p.unschedulable(message, { last: "-90s", count: 6 });
      await askInVain(c, "reports", "-22m", "-13m", "-2m");
      return c.evidence();
    },
    expect: unschedulable,
  }),
  defineCase({
    id: "unschedulable-insufficient-cpu-older-pods-serve",
    title: "One more pod was asked for and no node has six CPUs left; the two that run answer everything",
    target: "reports.example.org/",
    twinOf: "unschedulable-insufficient-cpu",
    differs: "two pods of the Service have had a node for days",
    async build() {
      const resources = { requests: { cpu: "6", memory: "2Gi" }, limits: { memory: "2Gi" } };
      const options = { replicas: 2, resources };
      const c = shop("analytics", { app: "reports", host: "reports.example.org", options });
      const [p] = c.find("reports").scaleUp(1, "-27m");
      p?.unschedulable(`0/3 nodes are available: 3 Insufficient cpu. ${noVictims(3)}`, {
        last: "-90s",
        count: 6,
      });
      await serve(c, "reports", "-22m", "-13m", "-2m");
      return c.evidence();
    },
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "unschedulable-taint",
    title: "The workers were replaced by a tainted pool and the pods do not tolerate it; no gateway log",
    target: "service/billing",
    namespace: "finance",
    async build() {
      const c = shop("finance", { app: "billing", options: { replicas: 3, port: 3000, created: "-51m" } });
      const taint = { key: "dedicated", value: "gpu", effect: "NoSchedule" };
      for (const name of ["worker-1", "worker-2", "worker-3"])
        c.edit("nodes", name, (n) => {
          n.spec = { ...n.spec, taints: [taint] };
        });
      const message = `0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: gpu}. ${notHelpful(3)}`;
      for (const p of c.pods("billing")) p.unschedulable(message, { last: "-4m", count: 11 });
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: unseen,
  }),
  defineCase({
    id: "unschedulable-taint-tolerated",
    title: "The workers are tainted and the pods tolerate it; no gateway log",
    target: "service/billing",
    namespace: "finance",
    twinOf: "unschedulable-taint",
    differs: "the pod template has the toleration",
    async build() {
      const tolerations = [{ key: "dedicated", operator: "Equal", value: "gpu", effect: "NoSchedule" }];
      const c = shop("finance", {
        app: "billing",
        options: {
          replicas: 3,
          port: 3000,
          created: "-51m",
          spec: (spec) => {
            spec.tolerations = tolerations;
          },
        },
      });
      const taint = { key: "dedicated", value: "gpu", effect: "NoSchedule" };
      for (const name of ["worker-1", "worker-2", "worker-3"])
        c.edit("nodes", name, (n) => {
          n.spec = { ...n.spec, taints: [taint] };
        });
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: { status: "undecided", causes: [] },
  }),
  defineCase({
    id: "unschedulable-node-selector",
    title: "A StatefulSet wants nodes labelled disktype=nvme and no node has the label; events had expired",
    target: "search.example.net/",
    async build() {
      const c = shop("search", {
        app: "search-api",
        host: "search.example.net",
        options: {
          kind: "StatefulSet",
          replicas: 1,
          port: 9200,
          created: "-5h",
          spec: (spec) => {
            spec.nodeSelector = { disktype: "nvme" };
          },
        },
      });
      const message = `0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. ${notHelpful(3)}`;
      c.pod("search-api").unschedulable(message, { first: "-5h", last: "-80m", count: 44 });
      await askInVain(c, "search-api", "-41m", "-9m");
      return c.evidence();
    },
    expect: unschedulable,
  }),
  defineCase({
    id: "unschedulable-anti-affinity",
    title:
      "A Recreate rollout brought a required anti-affinity to the gateway's own nodes, so no node is left",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { replicas: 2, strategy: "Recreate" } });
      const rule = { labelSelector: { matchLabels: { tier: "web" } }, topologyKey: "kubernetes.io/hostname" };
      const { newPods } = c.rollout("cart", {
        at: "-19m",
        to: {
          labels: { tier: "web" },
          spec: (spec) => {
            spec.affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [rule] } };
          },
        },
      });
      const message = `0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. ${noVictims(3)}`;
      for (const p of newPods) p.unschedulable(message, { last: "-2m", count: 5 });
      await askInVain(c, "cart", "-16m", "-8m", "-1m");
      return c.evidence();
    },
    expect: {
      ...unschedulable,
      acceptable: [
        "no-endpoints-pods-not-ready",
        "rollout-bad-revision",
        "rollout-recreate-or-max-unavailable",
      ],
    },
  }),
  defineCase({
    id: "scheduler-silent",
    title: "Pods have waited for a quarter of an hour and the scheduler has not said a word",
    target: "service/cart",
    namespace: "shop",
    async build() {
      const c = shop("shop", { options: { replicas: 2, created: "-16m" } });
      for (const p of c.pods("cart")) {
        p.unschedulable("", { last: "-15m" });
        p.status.conditions = [];
      }
      c.store.objects.events = c.store.objects.events.filter((e) => e.reason !== "FailedScheduling");
      await askInVain(c, "cart", "-12m", "-3m");
      return c.evidence();
    },
    expect: unschedulable,
  }),
];
