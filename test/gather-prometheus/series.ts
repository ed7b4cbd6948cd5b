import type { Series } from "./backfilled.ts";
import { pod } from "./shop.ts";

const controller = 'controller_namespace="ingress-nginx",controller_class="k8s.io/ingress-nginx"';

interface NginxOptions {
  /** How a scrape that does not honour labels writes them. */
  readonly prefix?: "" | "exported_";
  readonly controllerPod?: string;
  readonly ingress?: string;
}

/** A counter of ingress-nginx for one status. */
export function requests(
  status: string,
  at: Series["at"],
  { prefix = "", controllerPod = "ingress-nginx-1", ingress = "cart" }: NginxOptions = {},
): Series {
  const target = prefix === "" ? "" : ',namespace="ingress-nginx",service="ingress-nginx-controller-metrics"';
  const own = `${prefix}namespace="shop",${prefix}service="cart"`;
  return {
    name: "nginx_ingress_controller_requests",
    labels: `${controller},controller_pod="${controllerPod}",host="shop.example.com",ingress="${ingress}",method="GET",path="/cart",status="${status}",${own}${target}`,
    at,
  };
}

export const reload = (at: Series["at"]): Series => ({
  name: "nginx_ingress_controller_config_last_reload_successful",
  labels: `${controller},controller_pod="ingress-nginx-1"`,
  at,
});

/** Every container and its pod as a whole, as cAdvisor tells them. */
export const cadvisor = (name: string, id: Parameters<typeof pod>[0], at: Series["at"]): Series[] =>
  ["cart", "", "POD"].map((container) => ({
    name,
    labels: `namespace="shop",pod="${pod(id)}",container="${container}",id="/${id}/${container}"`,
    at,
  }));

export const ofPod = (
  name: string,
  id: Parameters<typeof pod>[0],
  more: string,
  at: Series["at"],
): Series => ({
  name,
  labels: `namespace="shop",pod="${pod(id)}",uid="${id}",container="cart"${more}`,
  at,
});

export const autoscaler = (part: string, at: Series["at"]): Series => ({
  name: `kube_horizontalpodautoscaler_${part}`,
  labels: 'namespace="shop",horizontalpodautoscaler="cart"',
  at,
});

export const address = (ip: string, ready: boolean, at: Series["at"]): Series => ({
  name: "kube_endpoint_address",
  labels: `namespace="shop",endpoint="cart",ip="${ip}",port_protocol="TCP",port_number="8080",port_name="http",ready="${ready}"`,
  at,
});

/** `true` for these minutes before noon, both ends included. */
export const amid =
  (fromBefore: number, toBefore: number) =>
  (before: number): boolean =>
    before <= fromBefore && before >= toBefore;
