import type { Random } from "./random.ts";
import type { Shop } from "./shop.ts";

/** What an application asks before it answers: a Service of the same namespace. */
export interface Backing extends Shop {
  /** "http://inventory.shop.svc.cluster.local:8080/stock" */
  readonly url: string;
}

export function backingOf(random: Random, shop: Shop): Backing {
  const app = random.pick(["inventory", "pricing", "ledger", "profiles"]);
  const { namespace, servicePort } = shop;
  const host = random.pick([app, `${app}.${namespace}`, `${app}.${namespace}.svc.cluster.local`]);
  const port = servicePort === 80 ? "" : `:${servicePort}`;
  const url = `http://${host}${port}/${random.pick(["lookup", "v1/items", "query"])}`;
  return { ...shop, app, path: `/${app}`, port: 8080, replicas: 1, url };
}
