import type { GatewayKind } from "../../derive/views.ts";
import type { AskedQuery } from "./queries.ts";
import { byLabels, escapedPattern, matching, ofNamespaces, oneOf, selector } from "./promql.ts";
import type { MetricScope } from "./scope.ts";

type Asked = Pick<AskedQuery, "name" | "expression" | "signs">;

/** What each kind of gateway counts. Counters are asked for as they are: their growth is told by who reads them. */
const byKind: { readonly [K in GatewayKind]?: (scope: MetricScope, rateWindow: string) => readonly Asked[] } =
  {
    "ingress-nginx": ingressNginx,
    haproxy,
    traefik,
    istio,
  };

export function gatewayQueries(scope: MetricScope, rateWindow: string): AskedQuery[] {
  return scope.gatewayKinds.flatMap((kind) =>
    (byKind[kind]?.(scope, rateWindow) ?? []).map((asked) => ({
      ...asked,
      exporter: `the metrics of ${kind}`,
      isEmptyUnknown: true,
    })),
  );
}

/** kubernetes/ingress-nginx internal/ingress/metric/collectors/{socket,controller}.go. */
function ingressNginx(scope: MetricScope, rateWindow: string): Asked[] {
  const { namespaces, ingresses, gatewayPods } = scope;
  const reload = "nginx_ingress_controller_config_last_reload_successful";
  const requests = "nginx_ingress_controller_requests";
  const ingress = ingresses.length === 0 ? [] : [oneOf("ingress", ingresses)];
  const route = "namespace, exported_namespace, ingress, service, exported_service";
  const buckets = "nginx_ingress_controller_request_duration_seconds_bucket";
  const rates = ofNamespaces(buckets, namespaces, [], ingress, (of) => `rate(${of}[${rateWindow}])`);
  return [
    {
      name: "requests",
      // Who is scraped twice (by two jobs, two replicas of Prometheus) tells the same twice.
      expression: `sum by (${route}, status, controller_pod) (max by (${route}, status, controller_pod, host, path, method, canary) (${ofNamespaces(requests, namespaces, [], ingress)}))`,
      signs: [requests, reload],
    },
    {
      name: "latency",
      expression: `histogram_quantile(0.99, sum by (le, ${route}) (${rates}))`,
      signs: [requests, reload],
    },
    // Whose reloads failed matters only of the gateway that serves the route.
    ...(gatewayPods.length === 0
      ? []
      : [
          {
            name: "config-reload" as const,
            expression: `min by (controller_namespace, controller_pod) (${selector(reload, oneOf("controller_pod", gatewayPods))})`,
            signs: [reload],
          },
        ]),
  ];
}

/** haproxy/haproxy addons/promex: a backend is named NAMESPACE_SERVICE_PORT (jcmoraisjr) or NAMESPACE_svc_SERVICE_PORT (haproxytech). */
function haproxy({ backends }: MetricScope): Asked[] {
  const proxies = backends.map(({ namespace, name }) => {
    const [space, service] = [escapedPattern(namespace), escapedPattern(name)];
    return `${space}_(svc_)?${service}_[^_]+`;
  });
  const metric = "haproxy_backend_http_responses_total";
  return [
    {
      name: "requests",
      expression: `sum by (proxy, code, pod, instance) (${selector(metric, matching("proxy", proxies))})`,
      signs: [metric],
    },
  ];
}

/** traefik/traefik pkg/observability/metrics/prometheus.go; services are named NAMESPACE-SERVICE-PORT@PROVIDER. */
function traefik({ backends }: MetricScope): Asked[] {
  const services = backends.map(
    ({ namespace, name }) => `${escapedPattern(namespace)}-${escapedPattern(name)}-[^@-]+@kubernetes.*`,
  );
  const metric = "traefik_service_requests_total";
  return [
    {
      name: "requests",
      expression: `sum ${byLabels("service", "code", "pod", "instance")} (${selector(metric, matching("service", services))} or ${selector(metric, matching("exported_service", services))})`,
      signs: [metric, "traefik_config_reloads_total"],
    },
  ];
}

/** istio/istio.io content/en/docs/reference/config/metrics: counted by who sent the request, the gateway among them. */
function istio({ namespaces, services }: MetricScope): Asked[] {
  const metric = "istio_requests_total";
  const matchers = [
    'reporter="source"',
    oneOf("destination_service_namespace", namespaces),
    oneOf("destination_service_name", services),
  ];
  return [
    {
      name: "requests",
      expression: `sum by (destination_service_namespace, destination_service_name, response_code, pod, instance) (${selector(metric, ...matchers)})`,
      signs: [metric],
    },
  ];
}
