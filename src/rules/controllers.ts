import { haproxy } from "./controllers/haproxy.ts";
import { contour, envoyGateway } from "./controllers/envoy.ts";
import { ingressNginx } from "./controllers/ingress-nginx.ts";
import { istio } from "./controllers/istio.ts";
import { kong } from "./controllers/kong.ts";
import { nginxIngress } from "./controllers/nginx-ingress.ts";
import { traefik } from "./controllers/traefik.ts";
import type { TrafficSource } from "./controllers/traffic-source.ts";

/** The controllers whose metrics are known, by the name that the rest of the program has for them. */
const trafficSources = {
  "ingress-nginx": ingressNginx,
  haproxy,
  traefik,
  contour,
  "envoy-gateway": envoyGateway,
  istio,
  kong,
  "nginx-ingress": nginxIngress,
} as const satisfies Readonly<Record<string, TrafficSource>>;

export type ControllerName = keyof typeof trafficSources;

export const controllerNames = Object.keys(trafficSources) as readonly ControllerName[];

export const isControllerName = (name: string): name is ControllerName => Object.hasOwn(trafficSources, name);

export const sourceOf = (name: ControllerName): TrafficSource => trafficSources[name];
