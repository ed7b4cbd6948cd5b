import type { Cluster } from "./cluster/cluster.ts";
import { noActiveEndpoint } from "./lines.ts";
import { get, post } from "./nginx/behaviours.ts";
import { record } from "./nginx/record.ts";
import { everyday } from "./nginx/traffic.ts";

/** Requests to a Service that nobody is ready behind, at several times, with the controller's warnings. */
export async function askInVain(c: Cluster, service: string, ...whens: string[]): Promise<void> {
  const requests = [
    get("/", { times: 9, everyMs: 110 }),
    get("/api/items?page=2", { times: 6, everyMs: 170, atMs: 30 }),
    post("/api/orders", { times: 3, everyMs: 300, atMs: 60 }),
  ];
  const r = await record({ ...c.way(service), requests });
  if (r.at("0s").length === 0) throw new Error(`nothing was recorded for ${service}`);
  const warnings = whens.map((when) => noActiveEndpoint(when, `${c.namespace}/${service}`));
  c.gatewayLog([...warnings, ...r.atEach(...whens)]);
}

/** Everyday traffic that is answered, at several times. */
export async function serve(c: Cluster, service: string, ...whens: string[]): Promise<void> {
  const r = await record({ ...c.way(service), requests: everyday() });
  c.gatewayLog(r.atEach(...whens));
}
