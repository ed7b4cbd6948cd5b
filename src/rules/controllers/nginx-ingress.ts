import { everywhere, type TrafficSource } from "./traffic-source.ts";

/**
 * NGINX's own controller (nginx/kubernetes-ingress internal/metrics/collectors/manager.go). Without NGINX Plus it tells how
 * many requests came, but neither their status nor where they went.
 */
export const nginxIngress: TrafficSource = {
  alive: { metric: "nginx_ingress_controller_nginx_last_reload_status" },
  traffic: [],
  classes: [],
  command: everywhere,
  reload: {
    expr: "nginx_ingress_controller_nginx_last_reload_status == 0",
    summary: "the NGINX controller at {{ $labels.instance }} cannot load its configuration",
  },
};
