import type { PodTemplateSpec } from "kubernetes-types/core/v1";
import { suffix } from "../ids.ts";
import { at, atMs, isoSeconds, offsetMs } from "../time.ts";
import { addEvent } from "./events.ts";
import type { Addresses } from "./network-addresses.ts";
import { runningPod } from "./pod.ts";
import { PodHandle } from "./pod-handle.ts";
import { type AppOptions, podTemplate } from "./pod-template.ts";
import { type ObjectStore, ownedBy } from "./store.ts";

export interface RolloutOptions {
  /** When the Deployment was changed. */
  readonly at: string;
  /** Options that replace those of the first revision; `spec` sees the new template. */
  readonly to?: AppOptions;
  /**
   * "deleted": the old pods are gone (events stay); "terminating": they are still shutting down;
   * "kept": the old ReplicaSet still has its pods, because the new ones never became ready.
   */
  readonly old?: "deleted" | "terminating" | "kept";
  /** Old pods that stay with "kept": replicas − maxUnavailable, here all of them. */
  readonly keep?: number;
  /** Between one new pod and the next: "10s". */
  readonly step?: string;
  /** New pods made: all replicas, or one with "kept". */
  readonly pods?: number;
}

export interface Rolled {
  readonly oldPods: readonly PodHandle[];
  readonly newPods: readonly PodHandle[];
}

const workers = ["worker-2", "worker-3", "worker-1"];

/** One application: its workload object, its revisions and its pods. */
export class AppHandle {
  readonly pods: PodHandle[] = [];
  readonly revisions: { hash: string; created: string; replicas: number; template: PodTemplateSpec }[] = [];

  readonly store: ObjectStore;
  readonly addresses: Addresses;
  readonly namespace: string;
  readonly name: string;
  options: AppOptions;

  constructor(
    store: ObjectStore,
    addresses: Addresses,
    namespace: string,
    name: string,
    options: AppOptions,
  ) {
    this.store = store;
    this.addresses = addresses;
    this.namespace = namespace;
    this.name = name;
    this.options = options;
    const created = options.created ?? "-9d";
    this.#revise(options, created, options.replicas ?? 2);
    for (let i = 0; i < (options.replicas ?? 2); i += 1) this.#pod(i, created);
  }

  get kind(): "Deployment" | "StatefulSet" | "DaemonSet" {
    return this.options.kind ?? "Deployment";
  }

  get template(): PodTemplateSpec {
    const last = this.revisions.at(-1);
    if (last === undefined) throw new Error(`${this.name} has no revision`);
    return last.template;
  }

  get ref(): { kind: string; namespace: string; name: string } {
    return { kind: this.kind, namespace: this.namespace, name: this.name };
  }

  replicaSetName(revision = this.revisions.length - 1): string {
    return `${this.name}-${this.revisions[revision]?.hash ?? ""}`;
  }

  #revise(options: AppOptions, created: string, replicas: number): void {
    const template = podTemplate(this.name, this.namespace, options);
    const hash = suffix(`${this.namespace}/${this.name}/${this.revisions.length}`, 10);
    this.revisions.push({ hash, created, replicas, template });
  }

  #pod(index: number, created: string): PodHandle {
    const revision = this.revisions.at(-1);
    const hash = revision?.hash ?? "";
    const stateful = this.kind === "StatefulSet";
    const owner =
      this.kind === "Deployment"
        ? ownedBy("apps/v1", "ReplicaSet", this.namespace, this.replicaSetName())
        : ownedBy("apps/v1", this.kind, this.namespace, this.name);
    const base = this.kind === "Deployment" ? this.replicaSetName() : this.name;
    const name = stateful ? `${base}-${index}` : `${base}-${suffix(`${base}/${index}/${created}`)}`;
    const nodes = this.options.nodes ?? workers;
    const pod = runningPod(this.store, this.addresses, {
      name,
      namespace: this.namespace,
      labels: {
        ...this.template.metadata?.labels,
        ...(this.kind === "Deployment" ? { "pod-template-hash": hash } : {}),
      },
      spec: this.template.spec ?? { containers: [] },
      node: nodes[index % nodes.length] ?? "worker-1",
      created,
      owner,
      ...(this.options.readyAfter === undefined ? {} : { readyAfter: this.options.readyAfter }),
      ...(this.template.metadata?.annotations === undefined
        ? {}
        : { annotations: this.template.metadata.annotations }),
    });
    const handle = new PodHandle(this.store, pod);
    this.pods.push(handle);
    if (this.kind === "Deployment") {
      addEvent(
        this.store,
        { kind: "ReplicaSet", namespace: this.namespace, name: this.replicaSetName() },
        "SuccessfulCreate",
        `Created pod: ${name}`,
        { first: created },
      );
    }
    return handle;
  }

  /** Scales to no pods at all at `when`: they are gone. */
  scaleToZero(when: string): void {
    const alive = this.pods.filter((p) => this.alive(p));
    const revision = this.revisions.at(-1);
    if (revision !== undefined) revision.replicas = 0;
    this.options = { ...this.options, replicas: 0 };
    addEvent(
      this.store,
      this.ref,
      "ScalingReplicaSet",
      `Scaled down replica set ${this.replicaSetName()} from ${alive.length} to 0`,
      { first: when },
    );
    for (const pod of alive) {
      addEvent(
        this.store,
        { kind: "ReplicaSet", namespace: this.namespace, name: this.replicaSetName() },
        "SuccessfulDelete",
        `Deleted pod: ${pod.name}`,
        { first: when },
      );
      pod.gone(when);
    }
  }

  /** Adds pods to the newest revision, as a scale-up at `when` does. */
  scaleUp(pods: number, when: string): PodHandle[] {
    const from = this.pods.filter((p) => this.alive(p)).length;
    const made = Array.from({ length: pods }, (_, i) => this.#pod(from + i, at(when)));
    const revision = this.revisions.at(-1);
    if (revision !== undefined) revision.replicas += pods;
    this.options = { ...this.options, replicas: from + pods };
    addEvent(
      this.store,
      this.ref,
      "ScalingReplicaSet",
      `Scaled up replica set ${this.replicaSetName()} from ${from} to ${from + pods}`,
      { first: when },
    );
    return made;
  }

  /** Rolls the Deployment, as the deployment and ReplicaSet controllers do, with their events. */
  rollout(options: RolloutOptions): Rolled {
    const oldPods = this.pods.filter((p) => this.alive(p));
    const old = options.old ?? "deleted";
    const count = options.pods ?? (old === "kept" ? 1 : (options.to?.replicas ?? oldPods.length));
    const stepMs = offsetMs(options.step ?? "10s");
    const oldSet = this.replicaSetName();
    const oldRevision = this.revisions.at(-1);
    this.options = { ...this.options, ...options.to };
    this.#revise(this.options, at(options.at), count);
    const newPods = Array.from({ length: count }, (_, i) => {
      const when = isoSeconds(atMs(options.at) + i * stepMs);
      const verb = `Scaled up replica set ${this.replicaSetName()} from ${i} to ${i + 1}`;
      addEvent(this.store, this.ref, "ScalingReplicaSet", verb, { first: when });
      return this.#pod(i, when);
    });
    const leaving = old === "kept" ? oldPods.slice(options.keep ?? oldPods.length) : oldPods;
    if (oldRevision !== undefined) oldRevision.replicas = oldPods.length - leaving.length;
    leaving.forEach((pod, i) => {
      const when = isoSeconds(
        atMs(options.at) + i * stepMs + 2000 + offsetMs(this.options.readyAfter ?? "6s"),
      );
      const left = oldPods.length - i - 1;
      addEvent(
        this.store,
        this.ref,
        "ScalingReplicaSet",
        `Scaled down replica set ${oldSet} from ${left + 1} to ${left}`,
        { first: when },
      );
      addEvent(
        this.store,
        { kind: "ReplicaSet", namespace: this.namespace, name: oldSet },
        "SuccessfulDelete",
        `Deleted pod: ${pod.name}`,
        { first: when },
      );
      if (old === "terminating") pod.terminating(when);
      else pod.gone(when);
    });
    return { oldPods, newPods };
  }

  alive(pod: PodHandle): boolean {
    return (
      this.store.find("pods", pod.name, this.namespace) === pod.pod &&
      pod.pod.metadata?.deletionTimestamp === undefined
    );
  }

  /** Takes the application and everything it made out of the cluster. */
  remove(): void {
    for (const pod of this.pods)
      if (this.store.find("pods", pod.name, this.namespace))
        this.store.remove("pods", pod.name, this.namespace);
    const names = new Set([
      this.name,
      ...this.revisions.map((_, i) => this.replicaSetName(i)),
      ...this.pods.map((p) => p.name),
    ]);
    this.store.objects.events = this.store.objects.events.filter(
      (e) => !names.has(e.involvedObject?.name ?? ""),
    );
  }

  /** When the delete call for a pod of a rollout was made. */
  static deletedAt(pod: PodHandle): string {
    const killing = pod.store.objects.events.find(
      (e) => e.reason === "Killing" && e.involvedObject?.name === pod.name,
    );
    if (killing?.firstTimestamp == null) throw new Error(`${pod.name} was not told to stop in the last hour`);
    return killing.firstTimestamp;
  }
}
