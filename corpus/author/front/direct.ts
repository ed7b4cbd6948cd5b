import type { Cluster } from "../cluster/cluster.ts";
import { shop } from "../cluster/shop.ts";
import { meta } from "../cluster/store.ts";
import { albLog } from "./alb.ts";
import { type Seen, withFrontLog } from "./front-log.ts";

/** An annotation of the AWS Load Balancer Controller. */
export const key = (name: string): string => `alb.ingress.kubernetes.io/${name}`;

/** The Ingress is the load balancer's own: pods are its targets, no gateway stands between. */
export function direct(
  namespace: string,
  app: string,
  host: string,
  annotations: Record<string, string> = {},
): Cluster {
  const c = shop(namespace, { app, host, options: { replicas: 3, port: 8080 } });
  c.add("ingressclasses", {
    metadata: meta("IngressClass", undefined, "alb", { created: "-200d" }),
    spec: { controller: "ingress.k8s.aws/alb" },
  });
  c.ingress(app, {
    host,
    paths: { "/": app },
    className: "alb",
    annotations: { [key("target-type")]: "ip", [key("scheme")]: "internet-facing", ...annotations },
  });
  return c;
}

export const logged = (c: Cluster, host: string, seen: readonly Seen[]) =>
  withFrontLog(c.evidence(), "alb/app_edge.log", albLog(host, seen));
