import type { ResourceQuota } from "kubernetes-types/core/v1";
import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain } from "../in-vain.ts";

const rejected: Expectation = {
  status: "explained",
  causes: ["quota-or-admission-rejected"],
  acceptable: ["rollout-bad-revision", "rollout-recreate-or-max-unavailable"],
};

/** The ReplicaSet wants pods, and each attempt to create one is refused. */
function refuse(c: Cluster, app: string, replicas: number, message: string, since: string): void {
  const name = c.find(app).replicaSetName();
  c.edit("replicasets", name, (set) => {
    set.spec = { ...set.spec, replicas } as NonNullable<typeof set.spec>;
    set.status = {
      replicas: 0,
      observedGeneration: 1,
      conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }],
    };
  });
  c.event({ kind: "ReplicaSet", name }, "FailedCreate", `Error creating: ${message}`, {
    first: since,
    last: "-70s",
    count: 17,
  });
}

const quota = (used: string): ResourceQuota => ({
  metadata: { name: "team" },
  spec: { hard: { "requests.cpu": "4" } },
  status: { hard: { "requests.cpu": "4" }, used: { "requests.cpu": used } },
});

/** Pods that the API server does not let in. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "quota-used-up",
    title: "A Recreate rollout raised the CPU request, and the namespace's quota has no room for one pod",
    target: "shop.example.com/",
    async build() {
      const c = shop("shop", { options: { replicas: 2, strategy: "Recreate" } });
      c.add("resourcequotas", quota("3500m"));
      c.rollout("cart", {
        at: "-17m",
        pods: 0,
        to: { resources: { requests: { cpu: "1", memory: "256Mi" } } },
      });
      const set = c.find("cart").replicaSetName();
      const message = `pods "${set}-7x2kq" is forbidden: exceeded quota: team, requested: requests.cpu=1, used: requests.cpu=3500m, limited: requests.cpu=4`;
      refuse(c, "cart", 2, message, "-17m");
      await askInVain(c, "cart", "-15m", "-8m", "-2m");
      return c.evidence();
    },
    expect: { ...rejected, share: 1 },
  }),
  defineCase({
    id: "quota-used-up-but-nothing-asked-for",
    title: "The quota is used up to a tenth, and the Deployment was scaled to zero by hand",
    target: "shop.example.com/",
    twinOf: "quota-used-up",
    differs: "no pod is asked for: replicas is 0",
    async build() {
      const c = shop("shop", { options: { replicas: 2, strategy: "Recreate" } });
      c.add("resourcequotas", quota("3500m"));
      c.find("cart").scaleToZero("-17m");
      await askInVain(c, "cart", "-15m", "-8m", "-2m");
      return c.evidence();
    },
    expect: { status: "explained", causes: ["no-endpoints-scaled-to-zero"], share: 1 },
  }),
  defineCase({
    id: "admission-webhook-silent",
    title: "The policy engine's webhook does not answer, so no pod is created; no gateway log",
    target: "service/profile",
    namespace: "users",
    async build() {
      const c = shop("users", { app: "profile", options: { replicas: 3 } });
      const profile = c.find("profile");
      profile.scaleToZero("-26m");
      profile.options = { ...profile.options, replicas: 3 };
      const message =
        'Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": failed to call webhook: Post "https://kyverno-svc.kyverno.svc:443/validate/fail?timeout=10s": context deadline exceeded';
      refuse(c, "profile", 3, message, "-26m");
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: rejected,
  }),
  defineCase({
    id: "service-account-missing",
    title: "The Deployment names a service account that was never created; the condition is all that is left",
    target: "push.example.net/",
    async build() {
      const options = {
        replicas: 1,
        created: "-6h",
        spec: (spec: { serviceAccountName?: string }) => {
          spec.serviceAccountName = "push-sender";
        },
      };
      const c = shop("push", { app: "push", host: "push.example.net", options });
      c.find("push").scaleToZero("-6h");
      c.find("push").options = { ...c.find("push").options, replicas: 1 };
      const set = c.find("push").replicaSetName();
      const message = `pods "${set}-" is forbidden: error looking up service account push/push-sender: serviceaccount "push-sender" not found`;
      refuse(c, "push", 1, message, "-6h");
      c.unknown("events", "forbidden: cannot list events in push");
      await askInVain(c, "push", "-44m", "-5m");
      return c.evidence();
    },
    expect: { ...rejected, share: 1 },
  }),
];
