import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodHandle } from "../cluster/pod-handle.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain, serve } from "../in-vain.ts";

const root = (cause: string, ...acceptable: string[]): Expectation => ({
  status: "explained",
  causes: [cause],
  acceptable: ["no-endpoints-pods-not-ready", ...acceptable],
  share: 1,
});

/** A pull that fails again and again, in the kubelet's and containerd's words. */
function pullFails(p: PodHandle, image: string, why: string): void {
  const error = `failed to pull and unpack image "${image}": ${why}`;
  p.waiting("ImagePullBackOff", `Back-off pulling image "${image}": ErrImagePull: rpc error: ${error}`);
  const more = { first: p.pod.metadata?.creationTimestamp ?? "-20m", fieldPath: "spec.containers{app}" };
  p.event("Pulling", `Pulling image "${image}"`, { ...more, last: "-3m", count: 6 });
  p.event("Failed", `Failed to pull image "${image}": rpc error: code = NotFound desc = ${error}`, {
    ...more,
    last: "-3m",
    count: 6,
  });
  p.event("Failed", "Error: ErrImagePull", { ...more, last: "-3m", count: 6 });
  p.event("BackOff", `Back-off pulling image "${image}"`, {
    ...more,
    last: "-12s",
    count: 71,
    type: "Normal",
  });
}

function storefront(created: string, image: string, more: { strategy?: "Recreate" } = {}): Cluster {
  return shop("web", {
    app: "storefront",
    host: "www.example.com",
    options: { replicas: 2, port: 3000, image, created, ...more },
  });
}

/** Containers that never start, and why. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "image-tag-not-found",
    title: "A Recreate rollout names an image tag that was never pushed",
    target: "www.example.com/",
    async build() {
      const image = "registry.example.com/web/storefront:v2.31.0";
      const c = storefront("-9d", "registry.example.com/web/storefront:v2.30.1", { strategy: "Recreate" });
      const { newPods } = c.rollout("storefront", { at: "-24m", to: { image } });
      for (const p of newPods)
        pullFails(p, image, `failed to resolve reference "${image}": ${image}: not found`);
      await askInVain(c, "storefront", "-20m", "-11m", "-4m");
      return c.evidence();
    },
    expect: root("image-pull-failure", "rollout-bad-revision", "rollout-recreate-or-max-unavailable"),
  }),
  defineCase({
    id: "image-tag-not-found-old-pods-serve",
    title: "A rolling update names an image tag that was never pushed; the old pods go on serving",
    target: "www.example.com/",
    twinOf: "image-tag-not-found",
    differs: "the strategy is RollingUpdate, so the old pods stayed",
    async build() {
      const image = "registry.example.com/web/storefront:v2.31.0";
      const c = storefront("-9d", "registry.example.com/web/storefront:v2.30.1");
      const { newPods } = c.rollout("storefront", { at: "-24m", to: { image }, old: "kept" });
      for (const p of newPods)
        pullFails(p, image, `failed to resolve reference "${image}": ${image}: not found`);
      await serve(c, "storefront", "-20m", "-11m", "-4m");
      return c.evidence();
    },
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "image-pull-unauthorized",
    title: "A team moved to a new namespace and left its pull Secret behind; no gateway log, no events",
    target: "service/ledger",
    namespace: "ledger-eu",
    async build() {
      const image = "ghcr.example.com/bank/ledger:4.0.3";
      const c = shop("ledger-eu", {
        app: "ledger",
        options: {
          replicas: 1,
          image,
          created: "-3h",
          spec: (spec) => {
            spec.imagePullSecrets = [{ name: "ghcr" }];
          },
        },
      });
      const why = `failed to resolve reference "${image}": failed to authorize: failed to fetch anonymous token: unexpected status from GET request: 401 Unauthorized`;
      pullFails(c.pod("ledger"), image, why);
      c.unknown("events", "forbidden: cannot list events in ledger-eu");
      c.unknown("gateway-log", "forbidden: cannot read pods/log in ingress-nginx");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["image-pull-failure"],
      acceptable: ["no-endpoints-pods-not-ready"],
    },
  }),
  defineCase({
    id: "secret-key-missing",
    title: "The pods take an environment variable from a key that the Secret does not have",
    target: "pay.example.com/",
    async build() {
      const c = shop("payments", {
        app: "pay",
        host: "pay.example.com",
        options: { replicas: 2, created: "-33m" },
      });
      const message = "couldn't find key STRIPE_WEBHOOK_SECRET in Secret payments/pay-config";
      for (const p of c.pods("pay")) {
        p.waiting("CreateContainerConfigError", message);
        p.event("Failed", `Error: ${message}`, {
          first: "-33m",
          last: "-9s",
          count: 151,
          fieldPath: "spec.containers{pay}",
        });
      }
      await askInVain(c, "pay", "-28m", "-15m", "-2m");
      return c.evidence();
    },
    expect: root("container-config-error"),
  }),
  defineCase({
    id: "secret-key-there",
    title: "The pods take an environment variable from a key that the Secret has",
    target: "pay.example.com/",
    twinOf: "secret-key-missing",
    differs: "the Secret has the key, so the containers were created",
    async build() {
      const c = shop("payments", {
        app: "pay",
        host: "pay.example.com",
        options: { replicas: 2, created: "-33m" },
      });
      await serve(c, "pay", "-28m", "-15m", "-2m");
      return c.evidence();
    },
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "command-not-in-image",
    title: "The command of the pod template is not in the slimmed image: containers cannot be started",
    target: "api.example.org/v1",
    async build() {
      const c = shop("api", {
        app: "gateway-api",
        host: "api.example.org",
        path: "/v1",
        options: { replicas: 1, created: "-18m", port: 9000 },
      });
      const message =
        'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/usr/local/bin/serve": stat /usr/local/bin/serve: no such file or directory: unknown';
      c.pod("gateway-api").crashLoop({
        exitCode: 128,
        reason: "StartError",
        message,
        at: "-2m",
        since: "-18m",
        count: 7,
        ranFor: "1s",
      });
      await askInVain(c, "gateway-api", "-14m", "-3m");
      return c.evidence();
    },
    expect: root("container-config-error", "crash-loop-backoff"),
  }),
  defineCase({
    id: "command-in-image-exits",
    title: "The command of the pod template starts and ends with exit code 2 each time",
    target: "api.example.org/v1",
    twinOf: "command-not-in-image",
    differs: "the process starts and ends by itself with exit code 2",
    async build() {
      const c = shop("api", {
        app: "gateway-api",
        host: "api.example.org",
        path: "/v1",
        options: { replicas: 1, created: "-18m", port: 9000 },
      });
      c.pod("gateway-api").crashLoop({
        exitCode: 2,
        reason: "Error",
        at: "-2m",
        since: "-18m",
        count: 7,
        ranFor: "1s",
      });
      await askInVain(c, "gateway-api", "-14m", "-3m");
      return c.evidence();
    },
    expect: root("crash-loop-backoff"),
  }),
];
