/** The series of one controller, as its exporter writes them, for requests to one Service. */
export interface Sample {
  readonly alive: string;
  /** Requests by the status that the client got. */
  readonly status: (code: 200 | 500) => string;
  /** Failed attempts of a kind, or requests with the status that stands for it. */
  readonly timeout: string;
  readonly connect: string;
  /** Labels that alerts on this Service have. */
  readonly where: Readonly<Record<string, string>>;
}

const nginx = (at: string, labels: string, code: number): string =>
  `nginx_ingress_controller_requests{instance="${at}",ingress="cart",method="GET",path="/cart",canary="",${labels},status="${code}"}`;
const nginxSample = (at: string, labels: string, service: string): Sample => ({
  alive: `nginx_ingress_controller_config_last_reload_successful{instance="${at}"}`,
  status: (code) => nginx(at, labels, code),
  timeout: nginx(at, labels, 504),
  connect: nginx(at, labels, 502),
  where: { controller: "ingress-nginx", namespace: "shop", service },
});
const haproxy = (at: string, metric: string, proxy: string, more = ""): string =>
  `haproxy_backend_${metric}{instance="${at}",namespace="haproxy",proxy="${proxy}"${more}}`;
const haproxySample = (at: string, proxy: string, service: string): Sample => ({
  alive: `haproxy_process_start_time_seconds{instance="${at}"}`,
  status: (code) => haproxy(at, "http_responses_total", proxy, `,code="${String(code).charAt(0)}xx"`),
  timeout: haproxy(at, "response_errors_total", proxy),
  connect: haproxy(at, "connection_errors_total", proxy),
  where: { controller: "haproxy", namespace: "shop", service },
});
const traefik = (at: string, labels: string, code: number): string =>
  `traefik_service_requests_total{instance="${at}",namespace="traefik",${labels},method="GET",protocol="http",code="${code}"}`;
const traefikSample = (at: string, labels: string, service: string): Sample => ({
  alive: `traefik_config_reloads_total{instance="${at}"}`,
  status: (code) => traefik(at, labels, code),
  timeout: traefik(at, labels, 504),
  connect: traefik(at, labels, 502),
  where: { controller: "traefik", service },
});
const envoy = (at: string, metric: string, cluster: string, more = ""): string =>
  `envoy_cluster_${metric}{instance="${at}",namespace="gateways",envoy_cluster_name="${cluster}"${more}}`;
const envoySample = (at: string, cluster: string, controller: string, service: string): Sample => ({
  alive: `envoy_server_live{instance="${at}"}`,
  status: (code) =>
    envoy(at, "upstream_rq_xx", cluster, `,envoy_response_code_class="${String(code).charAt(0)}"`),
  timeout: envoy(at, "upstream_rq_timeout", cluster),
  connect: envoy(at, "upstream_cx_connect_fail", cluster),
  where: { controller, namespace: "shop", service },
});
const istio = (code: number, flags: string): string =>
  `istio_requests_total{instance="i",namespace="istio-system",reporter="source",source_workload="istio-ingressgateway",destination_service_name="cart",destination_service_namespace="shop",response_code="${code}",response_flags="${flags}"}`;
const kong = (code: number): string =>
  `kong_http_requests_total{instance="j",service="shop.cart.80",route="shop.cart.00",source="service",workspace="default",consumer="",code="${code}"}`;

/** By controller; twice where the same controller's labels may look otherwise. Alerts tell them apart by the Service. */
export const samples: readonly Sample[] = [
  nginxSample("a", 'namespace="shop",service="cart"', "cart"),
  // Scraped without honor_labels.
  nginxSample(
    "b",
    'namespace="ingress-nginx",service="metrics",exported_namespace="shop",exported_service="till"',
    "till",
  ),
  haproxySample("c", "shop_svc_cart_http", "cart"),
  // Before 3.0, and haproxy-ingress.
  haproxySample("d", "shop_till_8080", "till"),
  traefikSample("e", 'service="shop-cart-80@kubernetes"', "shop-cart-80@kubernetes"),
  traefikSample(
    "f",
    'service="traefik",exported_service="shop-till-80@kubernetes"',
    "shop-till-80@kubernetes",
  ),
  envoySample("g", "shop_cart_80", "contour", "cart"),
  envoySample("h", "httproute/shop/cart/rule/0", "envoy-gateway", "httproute/cart"),
  {
    alive: 'envoy_server_live{instance="i"}',
    status: (code) => istio(code, "-"),
    timeout: istio(504, "UT"),
    connect: istio(503, "UF,URX"),
    where: { controller: "istio", namespace: "shop", service: "cart" },
  },
  {
    alive: 'kong_node_info{instance="j",version="3.9.1"}',
    status: kong,
    timeout: kong(504),
    connect: kong(502),
    where: { controller: "kong", service: "shop.cart.80" },
  },
];
