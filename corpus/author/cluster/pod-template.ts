import type {
  Container,
  Lifecycle,
  PodSpec,
  PodTemplateSpec,
  Probe,
  ResourceRequirements,
} from "kubernetes-types/core/v1";
import { httpProbe } from "./probes.ts";

export interface AppOptions {
  /** 2. */
  readonly replicas?: number;
  /** Port the container declares, named "http": 8080. */
  readonly port?: number;
  /** Name of that port; null leaves it unnamed. */
  readonly portName?: string | null;
  readonly image?: string;
  /** Readiness: GET /healthz on the port; null for none. */
  readonly probe?: Probe | null;
  readonly liveness?: Probe;
  readonly startup?: Probe;
  /** Seconds that a preStop hook sleeps; absent: no hook. */
  readonly preStopSeconds?: number;
  readonly lifecycle?: Lifecycle;
  /** terminationGracePeriodSeconds: 30. */
  readonly graceSeconds?: number;
  readonly resources?: ResourceRequirements;
  readonly env?: Readonly<Record<string, string>>;
  /** More labels of pods and Deployment beside `app`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** When the Deployment and its pods came to be: "-9d". */
  readonly created?: string;
  readonly strategy?:
    | { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string }
    | "Recreate";
  readonly kind?: "Deployment" | "StatefulSet" | "DaemonSet";
  /** From container start to Ready: "6s". */
  readonly readyAfter?: string;
  /** Nodes in the order in which pods are placed; default: round the workers. */
  readonly nodes?: readonly string[];
  /** Last edit of the pod template's spec before pods are made from it. */
  readonly spec?: (spec: PodSpec, main: Container) => void;
  /** The whole pod template, instead of one made from the fields above. */
  readonly template?: PodTemplateSpec;
  /** The workload's selector: { app: NAME }. */
  readonly selector?: Readonly<Record<string, string>>;
}

/** The pod template of an application, with the defaults that the API server would show. */
export function podTemplate(name: string, namespace: string, options: AppOptions): PodTemplateSpec {
  if (options.template !== undefined) return structuredClone(options.template);
  const main = mainContainer(name, namespace, options);
  const spec: PodSpec = {
    containers: [main],
    restartPolicy: "Always",
    terminationGracePeriodSeconds: options.graceSeconds ?? 30,
    dnsPolicy: "ClusterFirst",
    serviceAccountName: "default",
  };
  options.spec?.(spec, main);
  return { metadata: { labels: { app: name, ...options.labels } }, spec };
}

function mainContainer(name: string, namespace: string, options: AppOptions): Container {
  const port = options.port ?? 8080;
  const portName = options.portName === undefined ? "http" : options.portName;
  const probe = options.probe === undefined ? httpProbe("/healthz", portName ?? port) : options.probe;
  const lifecycle =
    options.preStopSeconds === undefined
      ? options.lifecycle
      : { preStop: { exec: { command: ["/bin/sh", "-c", `sleep ${options.preStopSeconds}`] } } };
  return {
    name,
    image: options.image ?? `registry.example.com/${namespace}/${name}:1.8.2`,
    ports: [{ ...(portName === null ? {} : { name: portName }), containerPort: port, protocol: "TCP" }],
    ...(options.env === undefined
      ? {}
      : { env: Object.entries(options.env).map(([key, value]) => ({ name: key, value })) }),
    resources: options.resources ?? {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { memory: "256Mi" },
    },
    ...(probe === null ? {} : { readinessProbe: probe }),
    ...(options.liveness === undefined ? {} : { livenessProbe: options.liveness }),
    ...(options.startup === undefined ? {} : { startupProbe: options.startup }),
    ...(lifecycle === undefined ? {} : { lifecycle }),
    imagePullPolicy: "IfNotPresent",
  };
}
