import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type {
  Container,
  ContainerStatus,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodSpec,
  Probe,
  ResourceQuota,
  Service,
  ServicePort,
} from "kubernetes-types/core/v1";
import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import type { ObjectRef } from "../evidence/object-ref.ts";
import type { Pattern } from "../logs/patterns/pattern.ts";
import type { AppSignal, GatewaySignal, Traffic } from "../logs/traffic.ts";
import type { AttemptStates } from "./attempt-state.ts";
import type { MetricsView } from "./metric-views.ts";

/** Times are milliseconds since the epoch, UTC. Lists are sorted so that input order never shows. */

export type GatewayKind =
  | "ingress-nginx"
  | "nginx-ingress"
  | "traefik"
  | "haproxy"
  | "contour"
  | "kong"
  | "aws-lbc"
  | "gce"
  | "envoy-gateway"
  | "istio"
  | "openshift-router"
  | "other"
  | "unknown";

/** The resolved way of a request up to one backend. HTTPRoute rules fit the same shape. */
export interface Route {
  /** As a person would ask for it again: "shop.example.com/cart", "service/cart". */
  readonly target: string;
  readonly namespace: string;
  readonly host?: string;
  readonly path?: string;
  readonly pathType?: string;
  /** The object whose rule matched; absent when the target is a Service that no rule names. */
  readonly rule?: {
    readonly object: ObjectRef;
    /** JSON pointer of the rule's backend in the object: "/spec/rules/0/http/paths/1/backend". */
    readonly pointer?: string;
    readonly annotations: Readonly<Record<string, string>>;
    readonly createdMs?: number;
  };
  readonly gatewayKind: GatewayKind;
  /** `.spec.controller` of its IngressClass: "haproxy.org/ingress-controller/haproxy". */
  readonly controller?: string;
  /** Effective class name and where it came from; absent when no class applies. */
  readonly className?: { readonly name: string; readonly from: "spec" | "annotation" | "default-class" };
  readonly backend: RouteBackend;
  /** A canary or a weighted sibling of the primary backend. */
  readonly role: "primary" | "canary";
  readonly weight?: number;
  /** Of a canary: the backend that takes the other requests of its host and path. */
  readonly primary?: RouteBackend;
  /** The rule's backend was the Ingress's or the controller's default backend. */
  readonly isDefaultBackend: boolean;
}

export interface RouteBackend {
  readonly service: ObjectRef;
  /** As written in the rule; absent for a Service target (then the first port is taken). */
  readonly port?: { readonly number?: number; readonly name?: string };
}

export interface Gateway {
  readonly kind: GatewayKind;
  /** e.g. "k8s.io/ingress-nginx"; absent when no IngressClass says it. */
  readonly controller?: string;
  readonly classObject?: ObjectRef;
  /** No IngressClass of that name, or no controller pod that would serve it. */
  readonly classProblem?: string;
  readonly pods: readonly PodView[];
  /** Deployment or DaemonSet of the gateway. */
  readonly workload?: ObjectRef;
  /** Every workload whose pods claim the class: more than one is two controllers for one Ingress. */
  readonly workloads?: readonly ObjectRef[];
  /** Data of the controller's ConfigMap; absent when unknown. */
  readonly config?: Readonly<Record<string, string>>;
  readonly configRef?: ObjectRef;
  readonly args: readonly string[];
  /** LoadBalancer or NodePort Service in front of the gateway's pods. */
  readonly service?: Service;
  /** Other classes and controllers in the cluster. */
  readonly otherClasses: readonly {
    readonly name: string;
    readonly controller: string;
    readonly isDefault: boolean;
  }[];
}

/** One effective setting of this route at the gateway, with where it was read. */
export interface Setting<T> {
  readonly value: T;
  readonly from: "annotation" | "configmap" | "default" | "args";
  readonly source: string;
  /** A level that could override this value was not read. */
  readonly assumed?: boolean;
}

/** Infinity: no limit. A keep-alive of 0: connections are not reused. */
export interface GatewaySettings {
  readonly connectTimeoutMs: Setting<number>;
  readonly readTimeoutMs: Setting<number>;
  readonly sendTimeoutMs: Setting<number>;
  readonly nextUpstreamTries: Setting<number>;
  readonly upstreamKeepaliveMs: Setting<number>;
  readonly bufferSizeBytes: Setting<number>;
  readonly backendProtocol: Setting<string>;
  readonly limitRps?: Setting<number>;
  readonly limitRpm?: Setting<number>;
  readonly limitConnections?: Setting<number>;
  readonly proxySslVerify: Setting<boolean>;
  readonly serviceUpstream: Setting<boolean>;
  readonly affinity?: Setting<string>;
  readonly customHttpErrors: readonly number[];
  /** Every snippet that applies, with where it was read. */
  readonly snippets: readonly { readonly text: string; readonly source: string }[];
  /** Conditions of a retry as written: "error timeout". */
  readonly nextUpstream?: Setting<string>;
  /** Values that are written and that the gateway ignores: a unit where it wants a whole number. */
  readonly ignored?: readonly {
    readonly key: string;
    readonly value: string;
    readonly source: string;
    readonly why: string;
  }[];
}

export interface EndpointView {
  readonly ip: string;
  /** Port this endpoint is reached on for the route's Service port; absent when its slice has no port for it. */
  readonly port?: number;
  /** Absent in the API means true. */
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly pod?: ObjectRef;
  readonly node?: string;
  readonly slice: ObjectRef;
  readonly family: "IPv4" | "IPv6" | "FQDN";
}

export interface EndpointsView {
  readonly from: "EndpointSlice" | "Endpoints";
  readonly all: readonly EndpointView[];
  readonly ready: readonly EndpointView[];
  readonly slices: number;
  /** Slices of the Service that carry no port for the route's Service port. */
  readonly slicesWithoutPort: readonly ObjectRef[];
  /** Hand-made slices of a Service without a selector. */
  readonly manual: boolean;
}

export interface ContainerView {
  readonly name: string;
  readonly role: "init" | "sidecar" | "main";
  readonly spec: Container;
  readonly status?: ContainerStatus;
  readonly restarts: number;
  readonly ready: boolean;
  /** Waiting reason of the current state: CrashLoopBackOff, ImagePullBackOff, … */
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly startedMs?: number;
  /** Current or last termination, newest first. */
  readonly terminations: readonly Termination[];
}

export interface Termination {
  readonly reason: string;
  readonly exitCode: number;
  readonly startedMs?: number;
  readonly finishedMs?: number;
  readonly message?: string;
  readonly current: boolean;
}

export type MomentKind =
  | "created"
  | "scheduled"
  | "started"
  | "ready"
  | "unready"
  | "probe-failed"
  | "killing"
  | "terminated"
  | "restarted"
  | "delete-called"
  | "deleted"
  | "evicted"
  | "node-lost"
  | "back-off";

export interface Moment {
  readonly atMs: number;
  readonly kind: MomentKind;
  readonly container?: string;
  readonly text: string;
  /** "Event shop/web-1.17a", "Pod shop/web-1 .status.conditions[Ready]". */
  readonly source: string;
}

export interface PodView {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly pod: Pod;
  readonly spec: PodSpec;
  readonly labels: Readonly<Record<string, string>>;
  readonly ip?: string;
  readonly ips: readonly string[];
  readonly node?: string;
  readonly hostNetwork: boolean;
  readonly phase: string;
  readonly reason?: string;
  readonly ready: boolean;
  readonly readyChangedMs?: number;
  readonly createdMs: number;
  /** When the delete call was made: deletionTimestamp − deletionGracePeriodSeconds. */
  readonly deletedMs?: number;
  readonly graceMs: number;
  /** Top owner: Deployment, StatefulSet, DaemonSet, Job, Rollout, or the bare ReplicaSet. */
  readonly owner?: ObjectRef;
  /** The direct controller: ReplicaSet, StatefulSet, … */
  readonly controller?: ObjectRef;
  readonly templateHash?: string;
  readonly containers: readonly ContainerView[];
  /** Port that the route's Service port reaches in this pod: number resolved per pod; absent when a named targetPort is not carried. */
  readonly targetPort?: number;
  /** Container that declares that port, when one does. */
  readonly targetContainer?: string;
  readonly timeline: readonly Moment[];
}

/** A pod that events or logs mention and the cluster no longer has. */
export interface DepartedPod {
  readonly ref: ObjectRef;
  readonly ip?: string;
  readonly node?: string;
  readonly templateHash?: string;
  readonly firstSeenMs?: number;
  /** When it was told to stop (Killing event), when known. */
  readonly stoppedMs?: number;
  readonly timeline: readonly Moment[];
}

export interface Workload {
  readonly ref: ObjectRef;
  /** spec.replicas; 1 when absent. */
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
  readonly template: { readonly labels: Readonly<Record<string, string>>; readonly spec: PodSpec };
  /** Labels by which it knows its pods; absent where it selects in another way. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly strategy: {
    readonly type: string;
    readonly maxUnavailable?: string | number;
    readonly maxSurge?: string | number;
  };
  readonly createdMs: number;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
    readonly changedMs?: number;
  }[];
  /** ReplicaSets (or revisions), newest first. */
  readonly revisions: readonly Revision[];
  /** Whether the Service selects its pods, would select them, or it merely looks like the intended one. */
  readonly relation: "selected" | "template-matches" | "named-alike";
}

export interface Revision {
  readonly ref: ObjectRef;
  readonly hash?: string;
  readonly number: number;
  readonly desired: number;
  readonly ready: number;
  readonly createdMs: number;
  readonly spec: PodSpec;
  /** Of its template, without the hash that the Deployment's controller adds to the labels; absent: none. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
}

export interface EventView {
  readonly ref: ObjectRef;
  readonly about: ObjectRef;
  readonly uid?: string;
  /** spec.containers{app} → "app". */
  readonly container?: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** What NetworkPolicies say of gateway pod → backend pod on the target port. */
export interface PolicyView {
  /** Every (gateway pod, backend pod) pair that no rule allows. */
  readonly blocked: readonly {
    readonly from: ObjectRef;
    readonly to: ObjectRef;
    readonly port: number;
    readonly direction: "ingress" | "egress";
    readonly policies: readonly ObjectRef[];
    readonly why: string;
  }[];
  /** Pairs that the evidence cannot decide: host-network pods, unread namespace labels or addresses. */
  readonly doubtful?: PolicyView["blocked"];
  readonly pairs: number;
  /** Policies that select a backend pod or a gateway pod. */
  readonly selecting: readonly NetworkPolicy[];
}

export interface NodeView {
  readonly name: string;
  readonly ready: "True" | "False" | "Unknown";
  readonly readyReason?: string;
  readonly readyChangedMs?: number;
  readonly pressures: readonly string[];
  readonly unschedulable: boolean;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly networkUnavailable: boolean;
  /** A pod is bound to it and no Node of that name exists. */
  readonly missing?: boolean;
}

export interface ClaimView {
  readonly claim: PersistentVolumeClaim;
  readonly name: string;
  readonly phase: string;
  readonly volume?: PersistentVolume;
  readonly usedBy: readonly ObjectRef[];
  /** A claim that a pod names and that does not exist. */
  readonly missing: boolean;
}

export interface DnsView {
  readonly service?: Service;
  readonly clusterIp?: string;
  readonly pods: readonly PodView[];
  readonly readyEndpoints: number;
  /** Lines of CoreDNS's own log that report errors. */
  readonly errors: readonly {
    readonly timeMs?: number;
    readonly line: string;
    readonly kind: "timeout" | "refused" | "loop" | "other";
  }[];
  readonly deployment?: Workload;
}

/** An address that the route's application is configured to call, or that its log names. */
export interface DependencyView {
  /** "redis-cart:6379", "http://orders.shop.svc:8080". */
  readonly address: string;
  readonly host: string;
  readonly port?: number;
  /** "env REDIS_ADDR of container server", "log of shop/web-1". */
  readonly from: string;
  /** Environment variable or ConfigMap key, when configured. */
  readonly key?: string;
  /** The Service that the host means, when it is a cluster name. */
  readonly service?: ObjectRef;
  /** Cluster IPs of the Service, as connection errors name it. */
  readonly serviceIps?: readonly string[];
  readonly serviceExists: boolean | "unknown";
  /** Whether the Service has the port; "unknown" without a port or Service. */
  readonly portExists: boolean | "unknown";
  readonly readyEndpoints?: number;
  /** Looks like a name inside the cluster (short, or ends in .svc…). */
  readonly internal: boolean;
  /** Nearest existing Service names when it does not exist. */
  readonly near: readonly string[];
  readonly pods: readonly PodView[];
}

export interface AutoscalerView {
  readonly hpa: HorizontalPodAutoscaler;
  readonly ref: ObjectRef;
  readonly min: number;
  readonly max: number;
  readonly current: number;
  readonly desired: number;
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
    readonly changedMs?: number;
  }[];
}

export interface ProbeView {
  readonly container: string;
  readonly kind: "readiness" | "liveness" | "startup";
  readonly probe: Probe;
  /** Resolved port number; absent for exec or an unresolvable name. */
  readonly port?: number;
  readonly type: "http" | "tcp" | "grpc" | "exec";
}

/** Names of derived facts and their types. Causes declare which they need. */
export interface Facts {
  route: Route;
  gateway: Gateway;
  settings: GatewaySettings;
  service: Service;
  servicePort: ServicePort;
  endpoints: EndpointsView;
  /** Pods that the Service selects (or its hand-made slices name). */
  pods: readonly PodView[];
  /** Pods of the namespace that it does not select. */
  neighbours: readonly PodView[];
  departed: readonly DepartedPod[];
  workloads: readonly Workload[];
  /** Events of the route's namespace, the gateway's and of nodes, oldest first. */
  events: readonly EventView[];
  /** Requests of this route in the gateway's logs. */
  traffic: Traffic;
  /** What those failures look like in time, place and shape. */
  patterns: readonly Pattern[];
  /** What was happening to the pods of those failures, and around them. */
  attemptStates: AttemptStates;
  /** The whole gateway's requests and failures, for telling one route's trouble from everybody's. */
  gatewayTraffic: {
    readonly requests: number;
    readonly failed: number;
    readonly routes: readonly {
      readonly upstreamName: string;
      readonly requests: number;
      readonly failed: number;
    }[];
  };
  gatewayLog: readonly GatewaySignal[];
  /** Signals from the logs of the route's pods, current and previous. */
  appLog: readonly AppSignal[];
  policies: PolicyView;
  nodes: readonly NodeView[];
  autoscalers: readonly AutoscalerView[];
  /** What a Prometheus told; absent when none was asked. */
  metrics: MetricsView;
  budgets: readonly PodDisruptionBudget[];
  quotas: readonly ResourceQuota[];
  claims: readonly ClaimView[];
  dns: DnsView;
  dependencies: readonly DependencyView[];
  /** Services of the route's namespace, for nearest names. */
  services: readonly Service[];
}

export type FactName = keyof Facts;
