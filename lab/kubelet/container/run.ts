import type { ContainerState } from "kubernetes-types/core/v1";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type BackOff, durationText, openBackOff } from "../back-off.ts";
import { kubeTime } from "../kube-time.ts";
import { watchLimits } from "../limits/limits.ts";
import { openTree } from "../limits/process-tree.ts";
import type { PodContext } from "../pod-context.ts";
import { waited } from "../wait.ts";
import { commandOf, startProblem } from "./command.ts";
import { ConfigProblem, environmentOf } from "./environment.ts";
import { pullImage } from "./image.ts";
import { postStart } from "./post-start.ts";
import { type Command, startProcess } from "./process.ts";
import { type ContainerRecord, newContainerId } from "./state.ts";

export type RestartPolicy = "Always" | "OnFailure" | "Never";

/** Runs a container, life after life, until its restart policy or the end of the pod ends it. Resolves with the last exit code. */
export async function runContainer(
  record: ContainerRecord,
  policy: RestartPolicy,
  context: PodContext,
  onStart: () => void,
): Promise<number | undefined> {
  const backOff = openBackOff(context.timing.backOffMs, context.timing.backOffLimitMs);
  for (;;) {
    const command = await prepare(record, context);
    if (command === undefined || context.ending.aborted) return undefined;
    const exitCode = await live(record, command, context, onStart);
    const isOver = policy === "Never" || (policy === "OnFailure" && exitCode === 0);
    if (isOver || context.ending.aborted) return exitCode;
    if (!(await backedOff(record, backOff, context))) return exitCode;
    record.restartCount += 1;
  }
}

/** Waits until image and configuration are there. Undefined when the pod ends before. */
async function prepare(record: ContainerRecord, context: PodContext): Promise<Command | undefined> {
  const waiting = (reason: string, message: string): void => {
    endLastLife(record);
    record.state = { waiting: { reason, message } };
    context.changed();
  };
  const program = await pullImage(record.spec, context, waiting);
  if (program === undefined) return undefined;
  const folder = join(context.folder, record.spec.name);
  mkdirSync(folder, { recursive: true });
  for (;;) {
    try {
      const facts = { pod: context.pod(), podIp: context.podIp, hostIp: context.hostIp };
      const given = environmentOf(record.spec, facts, context.machine.store);
      const name = facts.pod.metadata?.name ?? "";
      const env = { HOSTNAME: name, POD_NAME: name, POD_IP: context.podIp, ...given };
      return commandOf(record.spec, program, env, folder);
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      const { message } = error;
      waiting("CreateContainerConfigError", message);
      warn(record, context, "Failed", `Error: ${message}`);
      if (!(await waited(context.timing.retryMs, context.ending))) return undefined;
    }
  }
}

const warn = (record: ContainerRecord, context: PodContext, reason: string, message: string): void =>
  context.event({ type: "Warning", reason, message, container: record.spec.name });

/** One life: from the start of the process to its terminated state. */
async function live(
  record: ContainerRecord,
  command: Command,
  context: PodContext,
  onStart: () => void,
): Promise<number> {
  const { name } = record.spec;
  const metadata = context.pod().metadata ?? {};
  const containerId = newContainerId();
  const log = context.logs.open({
    containerId,
    namespace: metadata.namespace ?? "default",
    pod: metadata.name ?? "",
    uid: metadata.uid ?? "",
    container: name,
    restarts: record.restartCount,
  });
  context.event({
    type: "Normal",
    reason: "Created",
    message: `Created container: ${name}`,
    container: name,
  });
  endLastLife(record);
  forgetLog(record, context);
  record.containerId = containerId;
  const problem = startProblem(command);
  if (problem !== undefined) return notStarted(record, problem, context, () => log.end());

  const { network, nowMs } = context.machine;
  const folder = mkdtempSync(join(context.folder, `${name}-`));
  const process = startProcess(network, context.key, command, folder, log);
  const life = { process, command, tree: openTree(process.pid), isOutOfMemory: false, isEnding: false };
  record.life = life;
  record.startedMs = nowMs();
  record.state = { running: { startedAt: kubeTime(record.startedMs) } };
  record.started = record.spec.startupProbe === undefined;
  record.ready = record.started && record.spec.readinessProbe === undefined;
  context.event({
    type: "Normal",
    reason: "Started",
    message: `Started container ${name}`,
    container: name,
  });
  const unwatch = watchLimits(record, life);
  void postStart(record, context);
  context.changed();
  onStart();
  const exitCode = await life.process.exited;
  unwatch();
  rmSync(folder, { recursive: true, force: true });
  record.life = undefined;
  finish(record, exitCode, life.isOutOfMemory ? "OOMKilled" : undefined, nowMs());
  context.changed();
  return exitCode;
}

function finish(record: ContainerRecord, exitCode: number, reason: string | undefined, nowMs: number): void {
  record.started = false;
  record.ready = false;
  // containerd tells no signal: it is in the exit code.
  record.state = {
    terminated: {
      exitCode,
      reason: reason ?? (exitCode === 0 ? "Completed" : "Error"),
      startedAt: kubeTime(record.startedMs),
      finishedAt: kubeTime(nowMs),
      containerID: record.containerId,
    },
  };
}

function notStarted(
  record: ContainerRecord,
  message: string,
  context: PodContext,
  endLog: () => void,
): number {
  endLog();
  const finishedAt = kubeTime(context.machine.nowMs());
  const terminated = {
    exitCode: 128,
    reason: "StartError",
    message,
    startedAt: "1970-01-01T00:00:00Z",
    finishedAt,
    containerID: record.containerId,
  };
  record.state = { terminated };
  warn(record, context, "Failed", `Error: ${message}`);
  context.changed();
  return 128;
}

/** The state of the last life becomes `lastState`. */
function endLastLife(record: ContainerRecord): void {
  const { terminated } = record.state;
  if (terminated !== undefined) record.lastState = { terminated };
}

/** The kubelet keeps one dead container of each name. */
function forgetLog(record: ContainerRecord, context: PodContext): void {
  const shown = record.lastState.terminated?.containerID;
  for (const id of record.pastIds.splice(0)) if (id !== shown) context.logs.drop(id);
  if (record.containerId !== "") record.pastIds.push(record.containerId);
}

/** First restart at once, then 10 s, 20 s, … 5 min after the last end (kuberuntime_manager.go, doBackOff). */
async function backedOff(record: ContainerRecord, backOff: BackOff, context: PodContext): Promise<boolean> {
  const { nowMs } = context.machine;
  const endedMs = nowMs();
  // The kubelet looks at the pod again when the end of the container is told, about a second later.
  const lookMs = Math.min(1000, context.timing.backOffMs / 10);
  if (!(await waited(lookMs, context.ending))) return false;
  while (backOff.remainingMs(endedMs, nowMs()) > 0) {
    const metadata = context.pod().metadata ?? {};
    const pod = `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
    const { name } = record.spec;
    const wait = durationText(backOff.waitMs);
    const message = `back-off ${wait} restarting failed container=${name} pod=${pod}`;
    endLastLife(record);
    record.state = { waiting: { reason: "CrashLoopBackOff", message } } satisfies ContainerState;
    warn(record, context, "BackOff", `Back-off restarting failed container ${name} in pod ${pod}`);
    context.changed();
    // Each look at the pod tells of it again.
    const stepMs = Math.min(backOff.remainingMs(endedMs, nowMs()), context.timing.retryMs);
    if (!(await waited(stepMs, context.ending))) return false;
  }
  backOff.next(nowMs());
  return true;
}
