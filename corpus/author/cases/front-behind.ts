import { type CorpusCase, defineCase } from "../case.ts";
import { direct, logged } from "../front/direct.ts";
import { at, every, ordinary } from "../front/front-log.ts";

/** What stands behind an answer of the load balancer's own, with pods as its targets. */
export const cases: CorpusCase[] = [
  defineCase({
    id: "balancer-without-targets-as-no-pod-is-ready",
    title: "No pod is ready, so the controller has registered none of them",
    target: "tiles.example.com/",
    build() {
      const c = direct("maps", "tiles", "tiles.example.com");
      for (const p of c.pods("tiles")) {
        p.notReady({ since: "-24m" });
        p.probeFails("Readiness", "HTTP probe failed with statuscode: 500", {
          first: "-24m",
          last: "-8s",
          count: 140,
        });
      }
      const empty = { method: "GET", path: "/14/8800/5373.png", status: 503, elapsedMs: 0 };
      return logged(c, "tiles.example.com", at(every("-22m", 9, 90), empty));
    },
    expect: {
      status: "explained",
      causes: ["readiness-probe-too-strict"],
      acceptable: ["no-endpoints-pods-not-ready", "lb-no-healthy-targets"],
      share: 1,
    },
  }),
  defineCase({
    id: "balancer-gives-up-on-a-slow-dependency",
    title: "The application waits for its database until the load balancer gives up",
    target: "pay.example.com/",
    build() {
      const c = direct("shop", "checkout", "pay.example.com");
      const pods = c.pods("checkout");
      const moments = ["-31m", "-29m", "-27m", "-26m", "-22m"];
      const late = { method: "GET", path: "/orders/recent", status: 504, elapsedMs: 60_006 };
      const slow = moments.map((when, i) => ({ ...at([when], late)[0]!, target: pods[i % 3]!.address }));
      pods.forEach((p, i) =>
        c.appLog(
          p,
          slow
            .filter((_, j) => j % 3 === i)
            .map(
              (s) =>
                `${new Date(s.atMs - 1000).toISOString()} ERROR query to orders-db:5432 timed out after 59000ms: connection timeout`,
            ),
        ),
      );
      return logged(c, "pay.example.com", [...ordinary(pods.map((p) => p.address)), ...slow]);
    },
    expect: {
      status: "explained",
      causes: ["slow-dependency"],
      acceptable: ["lb-idle-timeout-expired"],
      share: 1,
    },
  }),
  defineCase({
    id: "balancer-rule-for-a-service-that-was-deleted",
    title: "The Service was deleted and the Ingress still names it",
    source: "kubernetes-sigs/aws-load-balancer-controller#2807",
    target: "courses.example.edu/",
    build() {
      const c = direct("campus", "courses", "courses.example.edu");
      c.remove("services", "courses");
      const fixed503 = {
        method: "GET",
        path: "/catalogue",
        status: 503,
        elapsedMs: 0,
        words: "fixed-response",
      };
      return logged(c, "courses.example.edu", at(every("-18m", 7, 120), fixed503));
    },
    expect: {
      status: "explained",
      causes: ["service-missing"],
      acceptable: ["lb-fixed-response-missing-service"],
      share: 1,
    },
  }),
];
