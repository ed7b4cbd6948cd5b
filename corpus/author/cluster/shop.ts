import { Cluster } from "./cluster.ts";
import type { AppOptions } from "./pod-template.ts";

export interface ShopOptions {
  /** Name of the application and its Service. */
  readonly app?: string;
  readonly host?: string;
  readonly path?: string;
  /** Options of the application. */
  readonly options?: AppOptions;
  readonly servicePort?: number;
}

/**
 * A healthy cluster: three workers, DNS, ingress-nginx, and in `namespace` one application behind
 * one Ingress. Target of a case: HOST + PATH.
 */
export function shop(namespace = "shop", options: ShopOptions = {}): Cluster {
  const c = new Cluster(namespace, ["worker-1", "worker-2", "worker-3"]);
  const app = options.app ?? "cart";
  c.app(app, options.options ?? {});
  c.service(app, options.servicePort === undefined ? {} : { port: options.servicePort });
  c.ingress(app, { host: options.host ?? "shop.example.com", paths: { [options.path ?? "/"]: app } });
  return c;
}
