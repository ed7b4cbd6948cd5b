import type { ObjectMeta } from "kubernetes-types/meta/v1";
import type { IngressSpec } from "kubernetes-types/networking/v1";
import type { ServiceSpec } from "kubernetes-types/core/v1";
import type { Coverage, Evidence } from "../../../src/evidence/evidence.ts";
import { allResources, type KindMap, type Resource, resources } from "../../../src/evidence/kinds.ts";
import type { Line } from "../lines.ts";
import { at, collectedAt } from "../time.ts";
import { AppHandle, type Rolled, type RolloutOptions } from "./app.ts";
import { computeSlices } from "./endpoint-slices.ts";
import { addEvent, type EventOptions } from "./events.ts";
import { controllerName, gatewayNamespace, installGateway, namespace as namespaceObject } from "./gateway.ts";
import { LogBook } from "./log-book.ts";
import { Addresses } from "./network-addresses.ts";
import { healthyNode, loseKubelet } from "./nodes.ts";
import { PodHandle } from "./pod-handle.ts";
import type { AppOptions } from "./pod-template.ts";
import {
  autoscaler,
  budget,
  type HpaOptions,
  type IngressOptions,
  ingressObject,
  serviceObject,
  type ServiceOptions,
} from "./route-objects.ts";
import { looked, ObjectStore, type Writable } from "./store.ts";
import { installSystem } from "./system.ts";
import { type Way, wayTo } from "./way.ts";
import { writeWorkload } from "./workload-objects.ts";

type Change<R extends Resource> = (object: Writable<KindMap[R]>) => void;

/** Objects that follow from others: edits of them are made last. */
const derived = new Set<Resource>([
  "deployments",
  "replicasets",
  "statefulsets",
  "daemonsets",
  "endpointslices",
]);

/** A cluster under construction. Every name without a namespace is one of the application's namespace. */
export class Cluster {
  readonly store = new ObjectStore();
  readonly logs = new LogBook();
  readonly addresses: Addresses;
  readonly #apps: AppHandle[] = [];
  readonly #lateEdits: (() => void)[] = [];
  readonly #unknown = new Map<Resource, string>();
  readonly #frozenSlices = new Set<string>();

  readonly namespace: string;

  constructor(namespace: string, nodes: readonly string[]) {
    this.namespace = namespace;
    this.addresses = new Addresses(nodes);
    nodes.forEach((n, i) => this.store.put("nodes", healthyNode(n, i, this.addresses)));
    installSystem(this);
    installGateway(this);
    this.store.put("namespaces", namespaceObject(namespace));
  }

  addApp(namespace: string, name: string, options: AppOptions): AppHandle {
    const before = this.#apps.findIndex((a) => a.name === name && a.namespace === namespace);
    if (before >= 0) this.#apps.splice(before, 1)[0]?.remove();
    const app = new AppHandle(this.store, this.addresses, namespace, name, options);
    this.#apps.push(app);
    return app;
  }

  /** Defines an application, or makes it anew with these options merged over its old ones. */
  app(name: string, options: AppOptions = {}): AppHandle {
    const old = this.#apps.find((a) => a.name === name && a.namespace === this.namespace);
    return this.addApp(this.namespace, name, { ...old?.options, ...options });
  }

  find(name: string, namespace = this.namespace): AppHandle {
    const app = this.#apps.find((a) => a.name === name && a.namespace === namespace);
    if (app === undefined) throw new Error(`no application ${namespace}/${name} in this case`);
    return app;
  }

  /** Pods of an application that are not deleted. */
  pods(name: string, namespace = this.namespace): PodHandle[] {
    const app = this.find(name, namespace);
    return app.pods.filter((p) => app.alive(p));
  }

  pod(name: string, index = 0): PodHandle {
    const pod = this.pods(name)[index];
    if (pod === undefined) throw new Error(`${name} has no pod ${index}`);
    return pod;
  }

  gatewayPods(): PodHandle[] {
    return this.pods(controllerName, gatewayNamespace);
  }

  rollout(name: string, options: RolloutOptions): Rolled {
    return this.find(name).rollout(options);
  }

  service(name: string, options: ServiceOptions = {}): ServiceSpec {
    const object = serviceObject(this.store, this.addresses, this.namespace, name, options);
    return this.store.put("services", object).spec ?? {};
  }

  ingress(name: string, options: IngressOptions): IngressSpec {
    const object = ingressObject(this.store, this.namespace, name, options);
    return this.store.put("ingresses", object).spec ?? {};
  }

  hpa(name: string, options: HpaOptions): void {
    this.store.put("horizontalpodautoscalers", autoscaler(this.namespace, name, options));
  }

  pdb(name: string, minAvailable: number | string = 1): void {
    const app = this.find(name);
    this.store.put(
      "poddisruptionbudgets",
      budget(
        this.namespace,
        name,
        minAvailable,
        this.pods(name).length,
        app.options.selector ?? { app: name },
      ),
    );
  }

  /** Adds any object to the application's namespace (or the one in its metadata). */
  add<R extends Resource>(resource: R, object: KindMap[R]): KindMap[R] {
    const scoped = resources[resource].namespaced && object.metadata?.namespace === undefined;
    const metadata = {
      ...(scoped ? { namespace: this.namespace } : {}),
      creationTimestamp: "2026-10-01T08:00:00Z",
      ...object.metadata,
    };
    return this.store.put(resource, { ...object, metadata } as KindMap[R]);
  }

  /** Changes one object; "NAMESPACE/NAME" reaches other namespaces. Workloads and slices change last. */
  edit<R extends Resource>(resource: R, name: string, change: Change<R>): void {
    const act = (): void => {
      const [ns, own] = name.includes("/")
        ? (name.split("/", 2) as [string, string])
        : [this.namespace, name];
      const found = this.store.find(resource, own, ns);
      if (found === undefined) throw new Error(`no ${resource} ${ns}/${own} to edit`);
      change(found as Writable<KindMap[R]>);
    };
    if (derived.has(resource)) this.#lateEdits.push(act);
    else act();
  }

  /** Changes the computed EndpointSlices of a Service, last of all. */
  slices(service: string, change: (slices: Writable<KindMap["endpointslices"]>[]) => void): void {
    this.#lateEdits.push(() =>
      change(
        this.store.objects.endpointslices.filter(
          (s) =>
            s.metadata?.namespace === this.namespace &&
            s.metadata.labels?.["kubernetes.io/service-name"] === service,
        ),
      ),
    );
  }

  /** Takes the slices of a Service as they would be now: later changes of its pods do not reach them. */
  keepSlices(service: string): void {
    const object = this.store.find("services", service, this.namespace);
    if (object === undefined) throw new Error(`no Service ${service}`);
    for (const slice of computeSlices(this.store, object))
      this.store.put("endpointslices", structuredClone(slice));
    this.#frozenSlices.add(`${this.namespace}/${service}`);
  }

  remove(resource: Resource, name: string, namespace = this.namespace): void {
    this.store.remove(resource, name, namespace);
  }

  event(
    about: PodHandle | AppHandle | { kind: string; namespace?: string; name: string },
    reason: string,
    message: string,
    options: EventOptions = {},
  ): void {
    if (about instanceof PodHandle) about.event(reason, message, options);
    else
      addEvent(
        this.store,
        about instanceof AppHandle ? about.ref : { namespace: this.namespace, ...about },
        reason,
        message,
        options,
      );
  }

  /** Lines of a container's log, already in the application's own format. */
  appLog(
    pod: PodHandle,
    lines: readonly string[],
    options: { previous?: boolean; container?: string } = {},
  ): void {
    const container = options.container ?? pod.pod.spec?.containers[0]?.name ?? "";
    const entry = this.logs.stream(pod.namespace, pod.name, container, options.previous ?? false);
    entry.lines.push(...lines.map((text) => ({ atMs: 0, text })));
  }

  /** Lines of the gateway: recorded ones and the controller's own, put in order of time. */
  gatewayLog(lines: readonly Line[], gateway = 0): void {
    const pod = this.gatewayPods()[gateway];
    if (pod === undefined) throw new Error(`no gateway pod ${gateway}`);
    this.logs.stream(gatewayNamespace, pod.name, "controller").lines.push(...lines);
  }

  /** Data of the controller's ConfigMap, over what is there. */
  gatewayConfig(data: Readonly<Record<string, string>>): void {
    this.edit("configmaps", `${gatewayNamespace}/${controllerName}`, (m) => {
      m.data = { ...m.data, ...data };
    });
  }

  /** Notes who edited an object last and when, as managedFields do. */
  editedAt(resource: Resource, name: string, when: string, manager = "kubectl-edit"): void {
    this.edit(resource, name, (object: { metadata?: ObjectMeta }) => {
      object.metadata = {
        ...object.metadata,
        managedFields: [{ manager, operation: "Update", time: at(when) }],
      };
    });
  }

  /** The kubelet of a node has been silent since then; its pods are what the case makes of them. */
  loseNode(name: string, since: string): void {
    this.edit("nodes", name, (node) => loseKubelet(node, at(since)));
    const message = `Node ${name} status is now: NodeNotReady`;
    this.event({ kind: "Node", name }, "NodeNotReady", message, {
      first: since,
      component: "node-controller",
      type: "Normal",
    });
  }

  /** Makes a resource, "gateway-log" or "app-log" unreadable. */
  unknown(what: Resource | "gateway-log" | "app-log", reason: string): void {
    if (what === "gateway-log") this.logs.lose((e) => e.container === "controller", reason);
    else if (what === "app-log") this.logs.lose((e) => e.namespace === this.namespace, reason);
    else this.#unknown.set(what, reason);
  }

  /** Name of the gateway's upstream, its host and the servers it would use now: spread into record(). */
  way(service: string, port?: number | string): Way {
    this.#derive();
    return wayTo(this.store, this.namespace, service, port);
  }

  #derive(): void {
    for (const app of this.#apps) writeWorkload(app);
    const frozen = (s: KindMap["endpointslices"]): boolean =>
      this.#frozenSlices.has(
        `${s.metadata?.namespace}/${s.metadata?.labels?.["kubernetes.io/service-name"]}`,
      );
    this.store.objects.endpointslices = this.store.objects.endpointslices.filter(
      (s) => frozen(s) || manual(s),
    );
    for (const service of this.store.objects.services) {
      if (this.#frozenSlices.has(`${service.metadata?.namespace}/${service.metadata?.name}`)) continue;
      for (const slice of computeSlices(this.store, service)) this.store.put("endpointslices", slice);
    }
  }

  /** The finished evidence. */
  evidence(): Evidence {
    this.#derive();
    for (const edit of this.#lateEdits) edit();
    this.logs.openFor(this.store.objects.pods);
    const coverage = looked.map((resource): Coverage => {
      const reason = this.#unknown.get(resource);
      return reason === undefined ? { resource, extent: "whole" } : { resource, extent: "failed", reason };
    });
    const objects = Object.fromEntries(
      allResources
        .filter((r) => !this.#unknown.has(r) && this.store.objects[r].length > 0)
        .map((r) => [r, this.store.objects[r]]),
    );
    return {
      collectedAt,
      source: { kind: "why5xx-bundle", name: "corpus" },
      objects,
      coverage,
      logs: this.logs.streams(),
      losses: [],
    };
  }
}

const manual = (s: KindMap["endpointslices"]): boolean =>
  s.metadata?.labels?.["endpointslice.kubernetes.io/managed-by"] !== "endpointslice-controller.k8s.io";
