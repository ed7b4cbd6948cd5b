import { type CorpusCase, defineCase, type Expectation } from "../case.ts";
import type { PodHandle } from "../cluster/pod-handle.ts";
import { grpcProbe, httpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { askInVain, serve } from "../in-vain.ts";
import { at } from "../time.ts";

const wrongProbe: Expectation = {
  status: "explained",
  causes: ["probe-wrong-port-or-protocol"],
  acceptable: [
    "no-endpoints-pods-not-ready",
    "rollout-bad-revision",
    "rollout-recreate-or-max-unavailable",
    "liveness-probe-restart-loop",
    "crash-loop-backoff",
  ],
  share: 1,
};
const healthy: Expectation = { status: "healthy", causes: [] };

/** Never ready since its creation, for one probe that fails all the time. */
function neverReady(p: PodHandle, output: string, count: number): void {
  const since = p.pod.metadata?.creationTimestamp ?? "-20m";
  p.notReady({ since });
  p.probeFails("Readiness", output, { first: at(since, "12s"), last: "-6s", count });
}

/** Probes that ask the wrong thing, and twins in which the application is wrong or nothing is. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "readiness-http-asked-of-grpc",
    title: "A gRPC server is asked for readiness with httpGet and is never ready",
    target: "service/quotes",
    namespace: "trade",
    async build() {
      const options = { port: 50051, portName: "grpc", created: "-29m", replicas: 2 };
      const c = shop("trade", { app: "quotes", servicePort: 50051, options });
      c.service("quotes", { targetPort: "grpc" });
      for (const p of c.pods("quotes")) {
        neverReady(
          p,
          `Get "http://${p.address}/healthz": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x00\\x00\\x06\\x04\\x00\\x00\\x00\\x00\\x00\\x00\\x05\\x00\\x00@\\x00"`,
          172,
        );
        c.appLog(p, ['{"level":"info","msg":"gRPC server listening","addr":":50051"}']);
      }
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["probe-wrong-port-or-protocol"],
      acceptable: ["no-endpoints-pods-not-ready"],
    },
  }),
  defineCase({
    id: "readiness-grpc-asked-of-grpc",
    title: "A gRPC server is asked for readiness with grpc and is ready",
    target: "service/quotes",
    namespace: "trade",
    twinOf: "readiness-http-asked-of-grpc",
    differs: "the readiness probe is of type grpc",
    async build() {
      const options = {
        port: 50051,
        portName: "grpc",
        created: "-29m",
        replicas: 2,
        probe: grpcProbe(50051),
      };
      const c = shop("trade", { app: "quotes", servicePort: 50051, options });
      c.service("quotes", { targetPort: "grpc" });
      for (const p of c.pods("quotes"))
        c.appLog(p, ['{"level":"info","msg":"gRPC server listening","addr":":50051"}']);
      c.unknown("gateway-log", "not in the bundle");
      return c.evidence();
    },
    expect: { status: "undecided", causes: [] },
  }),
  defineCase({
    id: "readiness-refused-by-host-check",
    title: "The framework allows one host name; the kubelet asks by IP and gets 400",
    source: "DefectDojo/django-DefectDojo#4190",
    target: "defects.example.org/",
    async build() {
      const options = {
        replicas: 2,
        port: 8081,
        created: "-41m",
        env: { DD_ALLOWED_HOSTS: "defects.example.org" },
        probe: httpProbe("/login?force_login_form&next=/", 8081),
      };
      const c = shop("defectdojo", { app: "dojo-django", host: "defects.example.org", options });
      for (const p of c.pods("dojo-django")) neverReady(p, "HTTP probe failed with statuscode: 400", 241);
      await askInVain(c, "dojo-django", "-35m", "-18m", "-2m");
      return c.evidence();
    },
    expect: wrongProbe,
  }),
  defineCase({
    id: "readiness-with-allowed-host",
    title: "The framework allows one host name, and the probe sends it",
    target: "defects.example.org/",
    twinOf: "readiness-refused-by-host-check",
    differs: "the probe sends the allowed Host header",
    async build() {
      const probe = httpProbe("/login?force_login_form&next=/", 8081);
      const httpHeaders = [{ name: "Host", value: "defects.example.org" }];
      const options = {
        replicas: 2,
        port: 8081,
        created: "-41m",
        env: { DD_ALLOWED_HOSTS: "defects.example.org" },
        probe: { ...probe, httpGet: { ...probe.httpGet, port: 8081, httpHeaders } },
      };
      const c = shop("defectdojo", { app: "dojo-django", host: "defects.example.org", options });
      await serve(c, "dojo-django", "-35m", "-18m", "-2m");
      return c.evidence();
    },
    expect: healthy,
  }),
  defineCase({
    id: "upgrade-brought-host-check",
    title: "The new version checks host names, and since the Recreate upgrade every probe gets 400",
    source: "paperless-ngx/paperless-ngx#3214",
    target: "paper.example.net/",
    async build() {
      const image = "ghcr.example.com/paperless/paperless:1.13.0";
      const c = shop("paperless", {
        app: "paperless",
        host: "paper.example.net",
        options: { replicas: 1, port: 8000, image, strategy: "Recreate" },
      });
      const { newPods } = c.rollout("paperless", {
        at: "-26m",
        to: { image: "ghcr.example.com/paperless/paperless:1.14.0" },
      });
      for (const p of newPods) neverReady(p, "HTTP probe failed with statuscode: 400", 154);
      await askInVain(c, "paperless", "-22m", "-7m");
      return c.evidence();
    },
    expect: wrongProbe,
  }),
  defineCase({
    id: "upgrade-cannot-start",
    title: "Since the Recreate upgrade every probe gets 500: the new version itself does not work",
    target: "paper.example.net/",
    twinOf: "upgrade-brought-host-check",
    differs: "the probe is answered with 500 instead of 400",
    async build() {
      const image = "ghcr.example.com/paperless/paperless:1.13.0";
      const c = shop("paperless", {
        app: "paperless",
        host: "paper.example.net",
        options: { replicas: 1, port: 8000, image, strategy: "Recreate" },
      });
      const { newPods } = c.rollout("paperless", {
        at: "-26m",
        to: { image: "ghcr.example.com/paperless/paperless:1.14.0" },
      });
      for (const p of newPods) neverReady(p, "HTTP probe failed with statuscode: 500", 154);
      await askInVain(c, "paperless", "-22m", "-7m");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["rollout-bad-revision"],
      acceptable: ["no-endpoints-pods-not-ready", "rollout-recreate-or-max-unavailable"],
      share: 1,
    },
  }),
  defineCase({
    id: "host-check-of-a-map-service",
    title: "A DaemonSet's pods answer probes with 400 for the Host header; events are all there is",
    source: "GiganticMinecraft/seichi_infra#4619",
    target: "ingress/maps",
    namespace: "games",
    async build() {
      const options = { kind: "DaemonSet", replicas: 3, port: 8123, created: "-50m" } as const;
      const c = shop("games", { app: "maps", host: "maps.example.com", options });
      for (const p of c.pods("maps")) neverReady(p, "HTTP probe failed with statuscode: 400", 295);
      c.unknown("gateway-log", "forbidden: cannot read pods/log in ingress-nginx");
      c.unknown("app-log", "forbidden: cannot read pods/log in games");
      return c.evidence();
    },
    expect: {
      status: "explained",
      causes: ["probe-wrong-port-or-protocol"],
      acceptable: ["no-endpoints-pods-not-ready"],
    },
  }),
];
