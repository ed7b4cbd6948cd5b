import type { ContainerState, ContainerStatus, Pod } from "kubernetes-types/core/v1";
import { hexOf } from "../ids.ts";
import { at, atMs, isoSeconds } from "../time.ts";
import { addEvent, type EventOptions } from "./events.ts";
import { backOffAfter, condition } from "./pod.ts";
import type { ObjectStore, Writable } from "./store.ts";

export interface RestartOptions {
  readonly exitCode: number;
  /** "Error", "OOMKilled", "Completed". */
  readonly reason: string;
  /** When the last termination happened. */
  readonly at: string;
  /** Restarts in all: 1. */
  readonly count?: number;
  /** From the end to running again: "1s". */
  readonly startedAfter?: string;
  /** From running again to Ready: "6s". */
  readonly readyAfter?: string;
  readonly message?: string;
  readonly container?: string;
}

/** One pod of a case: changes its status the way kubelet would, and writes kubelet's events. */
export class PodHandle {
  readonly store: ObjectStore;
  readonly pod: Writable<Pod>;

  constructor(store: ObjectStore, pod: Pod) {
    this.store = store;
    this.pod = pod as Writable<Pod>;
  }

  get name(): string {
    return this.pod.metadata?.name ?? "";
  }

  get namespace(): string {
    return this.pod.metadata?.namespace ?? "";
  }

  get node(): string {
    return this.pod.spec?.nodeName ?? "";
  }

  get ip(): string {
    return this.pod.status?.podIP ?? "";
  }

  /** IP and first container port: "10.42.1.7:8080". */
  get address(): string {
    return `${this.ip}:${this.pod.spec?.containers[0]?.ports?.[0]?.containerPort ?? 80}`;
  }

  get status(): NonNullable<Writable<Pod>["status"]> {
    return (this.pod.status ??= {});
  }

  container(name?: string): ContainerStatus {
    const all = this.status.containerStatuses ?? [];
    const found = name === undefined ? all[0] : all.find((c) => c.name === name);
    if (found === undefined) throw new Error(`pod ${this.name} has no container status ${name ?? ""}`);
    return found;
  }

  edit(change: (pod: Writable<Pod>) => void): this {
    change(this.pod);
    return this;
  }

  event(reason: string, message: string, options: EventOptions = {}): this {
    const about = { kind: "Pod", namespace: this.namespace, name: this.name };
    addEvent(this.store, about, reason, message, { host: this.node, ...options });
    return this;
  }

  #containerEvent(reason: string, message: string, name: string | undefined, options: EventOptions): void {
    this.event(reason, message, { fieldPath: `spec.containers{${this.container(name).name}}`, ...options });
  }

  setCondition(
    type: string,
    status: "True" | "False" | "Unknown",
    since: string,
    reason?: string,
    message?: string,
  ): this {
    const conditions = (this.status.conditions ??= []);
    const index = conditions.findIndex((c) => c.type === type);
    const next = condition(type, status, at(since), reason, message);
    if (index < 0) conditions.push(next);
    else conditions[index] = next;
    return this;
  }

  /** Running but not ready, with the kubelet's words. `reason` is for conditions other than ContainersNotReady. */
  notReady(options: { since: string; container?: string; reason?: string; message?: string }): this {
    const status = this.container(options.container);
    status.ready = false;
    return this.#unready(options.since, options.reason ?? "ContainersNotReady", options.message);
  }

  #unready(since: string, reason: string, message?: string): this {
    const waiting = (this.status.containerStatuses ?? []).filter((c) => !c.ready).map((c) => c.name);
    const text = message ?? `containers with unready status: [${waiting.join(" ")}]`;
    this.setCondition("Ready", "False", since, reason, text);
    return this.setCondition("ContainersReady", "False", since, reason, text);
  }

  /** Failed probes as events: probeFails("Readiness", "HTTP probe failed with statuscode: 503", { first, last, count }). */
  probeFails(
    kind: "Readiness" | "Liveness" | "Startup",
    output: string,
    options: EventOptions & { container?: string } = {},
  ): this {
    const { container, ...rest } = options;
    this.#containerEvent("Unhealthy", `${kind} probe failed: ${output}`, container, rest);
    return this;
  }

  /** Killed by its liveness (or startup) probe: the event of the kill. Combine with restart(). */
  killedByProbe(kind: "liveness" | "startup", when: string, container?: string): this {
    const name = this.container(container).name;
    this.#containerEvent("Killing", `Container ${name} failed ${kind} probe, will be restarted`, container, {
      first: when,
    });
    return this;
  }

  /** The container ended and runs again. */
  restart(options: RestartOptions): this {
    const status = this.container(options.container);
    const ended = at(options.at);
    const again = at(options.at, options.startedAfter ?? "1s");
    const ready = at(options.at, options.startedAfter ?? "1s", options.readyAfter ?? "6s");
    status.lastState = { terminated: this.#terminated(status, options, ended) };
    status.restartCount = options.count ?? 1;
    status.containerID = `containerd://${hexOf(`${this.name}/${status.name}/${status.restartCount}`)}`;
    status.state = { running: { startedAt: again } };
    if (atMs(ready) > atMs("0s")) {
      status.ready = false;
      status.started = true;
      this.#unready(ended, "ContainersNotReady");
    } else {
      this.setCondition("Ready", "True", ready).setCondition("ContainersReady", "True", ready);
    }
    const count = Math.max(1, status.restartCount + 1);
    const image = this.pod.spec?.containers.find((c) => c.name === status.name)?.image ?? "";
    const more = { first: this.#firstStart(again), last: again, count };
    this.#containerEvent(
      "Pulled",
      `Container image "${image}" already present on machine`,
      options.container,
      more,
    );
    this.#containerEvent("Created", `Created container: ${status.name}`, options.container, more);
    this.#containerEvent("Started", `Started container ${status.name}`, options.container, more);
    return this;
  }

  #firstStart(fallback: string): string {
    const created = this.pod.metadata?.creationTimestamp ?? fallback;
    return at(created, "2s");
  }

  #terminated(
    status: ContainerStatus,
    options: RestartOptions,
    ended: string,
  ): NonNullable<ContainerState["terminated"]> {
    const started =
      status.state?.running?.startedAt ?? status.state?.terminated?.startedAt ?? this.#firstStart(ended);
    return {
      exitCode: options.exitCode,
      reason: options.reason,
      startedAt: atMs(started) > atMs(ended) ? isoSeconds(atMs(ended) - 60_000) : started,
      finishedAt: ended,
      containerID: status.containerID ?? "",
      ...(options.message === undefined ? {} : { message: options.message }),
    };
  }

  /** In CrashLoopBackOff since the last end at `at`; `count` restarts so far, not ready since `since`. */
  crashLoop(options: RestartOptions & { since?: string; ranFor?: string; backOff?: string }): this {
    const status = this.container(options.container);
    const ended = at(options.at);
    const startedAt = isoSeconds(
      atMs(ended) - Math.max(1000, atMs(at(ended, options.ranFor ?? "2s")) - atMs(ended)),
    );
    const id = `${this.name}_${this.namespace}(${this.pod.metadata?.uid ?? ""})`;
    status.restartCount = options.count ?? 5;
    status.ready = false;
    status.started = false;
    status.lastState = { terminated: { ...this.#terminated(status, options, ended), startedAt } };
    status.state = {
      waiting: {
        reason: "CrashLoopBackOff",
        message: `back-off ${options.backOff ?? backOffAfter(status.restartCount)} restarting failed container=${status.name} pod=${id}`,
      },
    };
    this.#unready(options.since ?? options.at, "ContainersNotReady");
    const first = at(options.since ?? options.at);
    const image = this.pod.spec?.containers.find((c) => c.name === status.name)?.image ?? "";
    const starts = { first, last: startedAt, count: status.restartCount + 1 };
    this.#containerEvent(
      "Pulled",
      `Container image "${image}" already present on machine`,
      options.container,
      starts,
    );
    this.#containerEvent("Started", `Started container ${status.name}`, options.container, starts);
    this.#containerEvent(
      "BackOff",
      `Back-off restarting failed container ${status.name} in pod ${id}`,
      options.container,
      {
        first,
        last: at("-20s"),
        count: status.restartCount * 5,
      },
    );
    return this;
  }

  /** Never started: ImagePullBackOff, CreateContainerConfigError, ContainerCreating, … */
  waiting(reason: string, message?: string, container?: string): this {
    const status = this.container(container);
    status.state = { waiting: { reason, ...(message === undefined ? {} : { message }) } };
    status.lastState = {};
    status.ready = false;
    status.started = false;
    delete status.containerID;
    status.imageID = "";
    this.status.phase = "Pending";
    this.#forget("Pulled", "Created", "Started");
    if (reason === "ContainerCreating") {
      delete this.status.podIP;
      delete this.status.podIPs;
    }
    return this.#unready(this.pod.metadata?.creationTimestamp ?? "-5m", "ContainersNotReady");
  }

  #forget(...reasons: readonly string[]): void {
    this.store.objects.events = this.store.objects.events.filter(
      (e) => e.involvedObject?.name !== this.name || !reasons.includes(e.reason ?? ""),
    );
  }

  /** Not scheduled: no node, no IP, FailedScheduling. */
  unschedulable(message: string, options: EventOptions = {}): this {
    const since = this.pod.metadata?.creationTimestamp ?? "-5m";
    delete this.pod.spec?.nodeName;
    const status: NonNullable<Writable<Pod>["status"]> = { phase: "Pending", qosClass: "Burstable" };
    this.pod.status = status;
    this.setCondition("PodScheduled", "False", since, "Unschedulable", message);
    const about = (e: { involvedObject?: { name?: string } }): boolean =>
      e.involvedObject?.name !== this.name;
    this.store.objects.events = this.store.objects.events.filter(about);
    return this.event("FailedScheduling", message, { first: since, ...options });
  }

  /** Deletion was asked for at `when`; the pod is still there. */
  terminating(when: string, options: { ready?: boolean; graceSeconds?: number } = {}): this {
    const grace = options.graceSeconds ?? this.pod.spec?.terminationGracePeriodSeconds ?? 30;
    const metadata = (this.pod.metadata ??= {});
    metadata.deletionTimestamp = isoSeconds(atMs(when) + grace * 1000);
    metadata.deletionGracePeriodSeconds = grace;
    if (options.ready === false) this.notReady({ since: at(when, "1s") });
    return this.#stopEvents(when);
  }

  #stopEvents(when: string): this {
    for (const c of this.pod.spec?.containers ?? []) {
      this.event("Killing", `Stopping container ${c.name}`, {
        first: when,
        fieldPath: `spec.containers{${c.name}}`,
      });
    }
    return this;
  }

  /** Deleted at `when` and gone: only its events are left. */
  gone(when: string): this {
    this.#stopEvents(when);
    this.store.remove("pods", this.name, this.namespace);
    return this;
  }

  /** Evicted by the kubelet: phase Failed, containers gone, the event. */
  evicted(when: string, message: string): this {
    this.pod.status = {
      phase: "Failed",
      reason: "Evicted",
      message,
      startTime: this.pod.metadata?.creationTimestamp ?? at(when),
    };
    this.setCondition("DisruptionTarget", "True", when, "TerminationByKubelet", message);
    return this.event("Evicted", message, { first: when });
  }
}
