/** Short forms of the objects that the tests of this folder vary. */

type Port = number | string;

export interface IngressForm {
  readonly name?: string;
  readonly namespace?: string;
  readonly className?: string;
  readonly created?: string;
  readonly annotations?: Record<string, string>;
  /** "host/path Type service:port", Type and port may be left out; a host of "" is no host. */
  readonly rules?: readonly string[];
  readonly defaultBackend?: string;
}

export function ingress(form: IngressForm): object {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: form.name ?? "web",
      namespace: form.namespace ?? "shop",
      creationTimestamp: form.created ?? "2025-12-01T00:00:00Z",
      annotations: form.annotations ?? {},
    },
    spec: {
      ...(form.className === undefined ? {} : { ingressClassName: form.className }),
      ...(form.defaultBackend === undefined ? {} : { defaultBackend: backend(form.defaultBackend) }),
      rules: (form.rules ?? []).map(rule),
    },
  };
}

function rule(text: string): object {
  const [where = "", type = "Prefix", to = "cart:80"] = text.split(" ");
  const slash = where.indexOf("/");
  const host = where.slice(0, slash);
  const path = { path: where.slice(slash), pathType: type, backend: backend(to) };
  return { ...(host === "" ? {} : { host }), http: { paths: [path] } };
}

function backend(text: string): object {
  const [name, port = "80"] = text.split(":");
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

export const ingressClass = (
  name: string,
  controller = "k8s.io/ingress-nginx",
  annotations: Record<string, string> = {},
): object => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "IngressClass",
  metadata: { name, annotations },
  spec: { controller },
});

export interface ServicePortForm {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: Port;
  readonly protocol?: string;
}

export const service = (
  name: string,
  ports: readonly ServicePortForm[] = [{ port: 80, targetPort: 8080 }],
  spec: object = { selector: { app: name } },
  namespace = "shop",
): object => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace },
  spec: { ports, ...spec },
});

export interface SliceForm {
  readonly name?: string;
  readonly service?: string;
  readonly addressType?: string;
  readonly ports?: readonly object[] | null;
  readonly endpoints: readonly object[];
}

export const slice = (form: SliceForm): object => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: form.name ?? "cart-1",
    namespace: "shop",
    labels: { "kubernetes.io/service-name": form.service ?? "cart" },
  },
  addressType: form.addressType ?? "IPv4",
  ports: form.ports === undefined ? [{ name: "", port: 8080, protocol: "TCP" }] : form.ports,
  endpoints: form.endpoints,
});

export interface PodForm {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
}

export const pod = (form: PodForm = {}): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: form.name ?? "cart-0",
    namespace: form.namespace ?? "shop",
    uid: `uid-${form.name ?? "cart-0"}`,
    creationTimestamp: "2026-01-01T10:00:00Z",
    labels: form.labels ?? { app: "cart" },
    ...form.metadata,
  },
  spec: { nodeName: "worker-1", containers: [{ name: "app", image: "cart" }], ...form.spec },
  status: { phase: "Running", podIP: "10.0.0.7", ...form.status },
});

/** An ingress-nginx controller pod with these arguments. */
export const nginxPod = (args: readonly string[] = [], name = "ingress-nginx-controller-0"): object =>
  pod({
    name,
    namespace: "ingress-nginx",
    labels: { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" },
    spec: {
      containers: [
        {
          name: "controller",
          image: "registry.k8s.io/ingress-nginx/controller:v1.12.0",
          args: ["/nginx-ingress-controller", ...args],
        },
      ],
    },
  });

export interface EventForm {
  readonly name?: string;
  readonly kind?: string;
  readonly about?: string;
  readonly uid?: string;
  readonly fieldPath?: string;
  readonly reason: string;
  readonly message?: string;
  readonly type?: string;
  readonly first?: string;
  readonly last?: string;
  readonly count?: number;
}

export const event = (form: EventForm): object => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: {
    name: form.name ?? `${form.about ?? "cart-0"}.${form.reason}.${form.first ?? ""}`,
    namespace: "shop",
  },
  type: form.type ?? "Normal",
  reason: form.reason,
  message: form.message ?? "",
  count: form.count ?? 1,
  firstTimestamp: form.first ?? "2026-01-01T11:00:00Z",
  lastTimestamp: form.last ?? form.first ?? "2026-01-01T11:00:00Z",
  involvedObject: {
    kind: form.kind ?? "Pod",
    namespace: "shop",
    name: form.about ?? "cart-0",
    ...(form.uid === undefined ? {} : { uid: form.uid }),
    ...(form.fieldPath === undefined ? {} : { fieldPath: form.fieldPath }),
  },
});
