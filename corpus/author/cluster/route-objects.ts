import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type { Service, ServicePort, ServiceSpec } from "kubernetes-types/core/v1";
import type { HTTPIngressPath, Ingress } from "kubernetes-types/networking/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import { at } from "../time.ts";
import type { Addresses } from "./network-addresses.ts";
import { meta, type ObjectStore } from "./store.ts";

export interface ServiceOptions {
  /** 80. */
  readonly port?: number;
  /** "http", the container port's name. */
  readonly targetPort?: number | string;
  /** Name of the Service port. */
  readonly portName?: string;
  readonly selector?: Readonly<Record<string, string>> | null;
  readonly annotations?: Record<string, string>;
  readonly labels?: Record<string, string>;
  readonly created?: string;
  /** More fields of the spec, over all others. */
  readonly spec?: ServiceSpec;
}

/** A ClusterIP Service, or the one there with these options over its own. */
export function serviceObject(
  store: ObjectStore,
  addresses: Addresses,
  namespace: string,
  name: string,
  options: ServiceOptions,
): Service {
  const old = store.find("services", name, namespace);
  const oldPort = old?.spec?.ports?.[0];
  const portName = options.portName ?? oldPort?.name ?? "http";
  const port: ServicePort = {
    name: portName,
    port: options.port ?? oldPort?.port ?? 80,
    protocol: "TCP",
    targetPort: options.targetPort ?? oldPort?.targetPort ?? "http",
  };
  const clusterIP = old?.spec?.clusterIP ?? addresses.service();
  const selector = options.selector === undefined ? (old?.spec?.selector ?? { app: name }) : options.selector;
  const more = {
    created: options.created ?? "-40d",
    labels: { app: name, ...options.labels },
    ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
  };
  return {
    metadata:
      old?.metadata === undefined
        ? meta("Service", namespace, name, more)
        : {
            ...old.metadata,
            ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
          },
    spec: {
      type: "ClusterIP",
      clusterIP,
      clusterIPs: [clusterIP],
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      sessionAffinity: "None",
      ...old?.spec,
      ...(selector === null ? {} : { selector: { ...selector } }),
      ports: [port],
      ...options.spec,
    },
    status: { loadBalancer: {} },
  };
}

type Backend = string | { readonly service: string; readonly port: number | string };

export interface IngressOptions {
  readonly host?: string;
  /** Path → Service name (port 80), or Service and port. */
  readonly paths: Readonly<Record<string, Backend>>;
  readonly annotations?: Record<string, string>;
  /** "nginx"; null for none. */
  readonly className?: string | null;
  readonly pathType?: "Prefix" | "Exact" | "ImplementationSpecific";
  readonly tls?: string;
  readonly created?: string;
}

export function ingressObject(
  store: ObjectStore,
  namespace: string,
  name: string,
  options: IngressOptions,
): Ingress {
  const host = options.host ?? "shop.example.com";
  const paths = Object.entries(options.paths).map(([path, backend]): HTTPIngressPath => {
    const service = typeof backend === "string" ? backend : backend.service;
    const port =
      typeof backend === "string"
        ? (store.find("services", service, namespace)?.spec?.ports?.[0]?.port ?? 80)
        : backend.port;
    return {
      path,
      pathType: options.pathType ?? "Prefix",
      backend: {
        service: { name: service, port: typeof port === "number" ? { number: port } : { name: port } },
      },
    };
  });
  return {
    metadata: meta("Ingress", namespace, name, {
      created: options.created ?? "-40d",
      ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
    }),
    spec: {
      ...(options.className === null ? {} : { ingressClassName: options.className ?? "nginx" }),
      rules: [{ host, http: { paths } }],
      ...(options.tls === undefined ? {} : { tls: [{ hosts: [host], secretName: options.tls }] }),
    },
    status: { loadBalancer: { ingress: [{ ip: "198.51.100.10" }] } },
  };
}

export interface HpaOptions {
  readonly min: number;
  readonly max: number;
  readonly current: number;
  readonly desired?: number;
  /** Target and current CPU utilisation in percent. */
  readonly cpu: { readonly target: number; readonly current: number };
  readonly lastScale?: string;
}

/** A HorizontalPodAutoscaler of a Deployment on CPU, with the controller's own conditions. */
export function autoscaler(namespace: string, name: string, options: HpaOptions): HorizontalPodAutoscaler {
  const desired = options.desired ?? options.current;
  const atMax = desired >= options.max && options.cpu.current > options.cpu.target;
  const condition = (
    type: string,
    status: string,
    reason: string,
    message: string,
  ): { type: string; status: string; reason: string; message: string; lastTransitionTime: string } => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: at(options.lastScale ?? "-3h"),
  });
  return {
    metadata: meta("HorizontalPodAutoscaler", namespace, name, { created: "-40d" }),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: options.min,
      maxReplicas: options.max,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: options.cpu.target } },
        },
      ],
    },
    status: {
      currentReplicas: options.current,
      desiredReplicas: desired,
      ...(options.lastScale === undefined ? {} : { lastScaleTime: at(options.lastScale) }),
      currentMetrics: [
        {
          type: "Resource",
          resource: {
            name: "cpu",
            current: { averageUtilization: options.cpu.current, averageValue: `${options.cpu.current}m` },
          },
        },
      ],
      conditions: [
        condition("AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size"),
        condition(
          "ScalingActive",
          "True",
          "ValidMetricFound",
          "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)",
        ),
        atMax
          ? condition(
              "ScalingLimited",
              "True",
              "TooManyReplicas",
              "the desired replica count is more than the maximum replica count",
            )
          : condition(
              "ScalingLimited",
              "False",
              "DesiredWithinRange",
              "the desired count is within the acceptable range",
            ),
      ],
    },
  };
}

export function budget(
  namespace: string,
  name: string,
  minAvailable: number | string,
  healthy: number,
  selector: Readonly<Record<string, string>>,
): PodDisruptionBudget {
  const needed =
    typeof minAvailable === "number"
      ? minAvailable
      : Math.ceil((healthy * Number.parseInt(minAvailable, 10)) / 100);
  return {
    metadata: meta("PodDisruptionBudget", namespace, name, { created: "-40d" }),
    spec: { minAvailable, selector: { matchLabels: { ...selector } } },
    status: {
      currentHealthy: healthy,
      desiredHealthy: needed,
      expectedPods: healthy,
      disruptionsAllowed: Math.max(0, healthy - needed),
      observedGeneration: 1,
    },
  };
}
