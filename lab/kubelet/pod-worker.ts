import type { Container, Pod } from "kubernetes-types/core/v1";
import { mkdirSync } from "node:fs";
import { startProbing, type Probing } from "./container/probing.ts";
import { type RestartPolicy, runContainer } from "./container/run.ts";
import { type ContainerKind, type ContainerRecord, newRecord } from "./container/state.ts";
import { terminate } from "./container/terminate.ts";
import type { PodContext } from "./pod-context.ts";
import { mountVolumes } from "./volumes.ts";
import { waited } from "./wait.ts";

/** One pod on its node: from its network to the end of its last container. */
export interface PodWorker {
  readonly records: readonly ContainerRecord[];
  hasNetwork(): boolean;
  /** Ends all containers within the grace; a second call may only shorten it. Resolves when nothing runs. */
  end(graceMs: number): Promise<void>;
}

export function startPodWorker(context: PodContext, abort: AbortController): PodWorker {
  const { spec } = context.pod();
  const records = recordsOf(context.pod());
  const policy = (spec?.restartPolicy ?? "Always") as RestartPolicy;
  const probings = new Map<ContainerRecord, Probing>();
  const runs: Promise<unknown>[] = [];
  let isAttached = false;
  let deadlineMs = Number.POSITIVE_INFINITY;
  let ended: Promise<void> | undefined;

  const run = (record: ContainerRecord, policyOfIt: RestartPolicy): Promise<number | undefined> => {
    if (record.kind !== "init") probings.set(record, startProbing(record, context));
    const done = runContainer(record, policyOfIt, context, () => probings.get(record)?.look());
    runs.push(done);
    return done;
  };

  const start = async (): Promise<void> => {
    mkdirSync(context.folder, { recursive: true });
    context.changed();
    if (!(await mountVolumes(context))) return;
    await context.machine.network.attach(context.key, context.podIp);
    isAttached = true;
    context.changed();
    for (const record of records) {
      if (context.ending.aborted) return;
      if (record.kind === "init") {
        const code = await run(record, policy === "Never" ? "Never" : "OnFailure");
        if (code !== 0) return;
      } else if (record.kind === "sidecar") {
        void run(record, "Always");
        while (!record.started && (await waited(50, context.ending)));
      } else void run(record, policy);
    }
  };

  const endAll = async (): Promise<void> => {
    abort.abort();
    const stop = (kind: ContainerKind): Promise<unknown> =>
      Promise.all(
        records.filter((r) => r.kind === kind).map((record) => stopOne(record, context, () => deadlineMs)),
      );
    await Promise.all([stop("init"), stop("main")]);
    // Sidecars outlive the containers they serve.
    await stop("sidecar");
    await started.catch(() => {});
    await Promise.all(runs);
    for (const probing of probings.values()) probing.stop();
    if (isAttached) await context.machine.network.detach(context.key);
  };

  const started = start();
  started.catch((error: unknown) =>
    context.event({ type: "Warning", reason: "FailedCreatePodSandBox", message: String(error) }),
  );
  return {
    records,
    hasNetwork: () => isAttached,
    end: (graceMs) => {
      deadlineMs = Math.min(deadlineMs, context.machine.nowMs() + graceMs);
      ended ??= endAll();
      return ended;
    },
  };
}

const stopOne = (record: ContainerRecord, context: PodContext, deadlineMs: () => number): Promise<void> =>
  terminate(record, context, { message: `Stopping container ${record.spec.name}`, deadlineMs });

const kindOfInit = (container: Container): ContainerKind =>
  (container as { restartPolicy?: string }).restartPolicy === "Always" ? "sidecar" : "init";

function recordsOf(pod: Pod): ContainerRecord[] {
  const inits = pod.spec?.initContainers ?? [];
  const hasInit = inits.length > 0;
  return [
    ...inits.map((c) => newRecord(c, kindOfInit(c), hasInit)),
    ...(pod.spec?.containers ?? []).map((c) => newRecord(c, "main", hasInit)),
  ];
}
