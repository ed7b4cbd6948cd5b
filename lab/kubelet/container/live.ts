import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kubeTime } from "../kube-time.ts";
import { watchLimits } from "../limits/limits.ts";
import { openTree } from "../limits/process-tree.ts";
import type { PodContext } from "../pod-context.ts";
import { waited } from "../wait.ts";
import { startProblem } from "./command.ts";
import { postStart } from "./post-start.ts";
import { type Command, startProcess } from "./process.ts";
import { type ContainerRecord, type Life, newContainerId } from "./state.ts";

/** One life: from the start of the process to its terminated state. */
export async function live(
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
  tell(record, context, "Normal", "Created", `Created container: ${name}`);
  endLastLife(record);
  forgetLog(record, context);
  record.containerId = containerId;
  const problem = startProblem(command);
  if (problem !== undefined) return notStarted(record, problem, context, () => log.end());

  const { network, nowMs } = context.machine;
  const folder = mkdtempSync(join(context.folder, `${name}-`));
  const process = startProcess(network, context.key, command, folder, log);
  const life: Life = {
    process,
    command,
    tree: openTree(process.pid),
    isOutOfMemory: false,
    isEnding: false,
    throttling: { periods: 0, throttledPeriods: 0, throttledMs: 0 },
  };
  record.life = life;
  record.startedMs = nowMs();
  tell(record, context, "Normal", "Started", `Started container ${name}`);
  const unwatch = watchLimits(record, life);
  void postStart(record, context);
  void seeStart(record, life, context, onStart);
  const exitCode = await process.exited;
  const endedMs = nowMs();
  unwatch();
  rmSync(folder, { recursive: true, force: true });
  // Who kills a container waits for its end; any other end is found at the next look.
  if (!life.isEnding) await nextRelist(context);
  record.life = undefined;
  finish(record, exitCode, life.isOutOfMemory ? "OOMKilled" : undefined, endedMs);
  context.changed();
  return exitCode;
}

/** That a container runs is found at the next look at all containers. */
async function seeStart(
  record: ContainerRecord,
  life: Life,
  context: PodContext,
  onStart: () => void,
): Promise<void> {
  await nextRelist(context);
  if (record.life !== life) return;
  record.state = { running: { startedAt: kubeTime(record.startedMs) } };
  record.started = record.spec.startupProbe === undefined;
  record.ready = record.started && record.spec.readinessProbe === undefined;
  context.changed();
  onStart();
}

/** The kubelet looks at all containers once a second (pkg/kubelet/pleg/generic.go). */
const nextRelist = ({ settings, machine, ending }: PodContext): Promise<boolean> =>
  waited(settings.relistMs - (machine.nowMs() % settings.relistMs), ending);

const tell = (
  record: ContainerRecord,
  context: PodContext,
  type: "Normal" | "Warning",
  reason: string,
  message: string,
): void => context.event({ type, reason, message, container: record.spec.name });

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
  tell(record, context, "Warning", "Failed", `Error: ${message}`);
  context.changed();
  return 128;
}

/** The state of the last life becomes `lastState`. */
export function endLastLife(record: ContainerRecord): void {
  const { terminated } = record.state;
  if (terminated !== undefined) record.lastState = { terminated };
}

/** The kubelet keeps one dead container of each name. */
function forgetLog(record: ContainerRecord, context: PodContext): void {
  const shown = record.lastState.terminated?.containerID;
  for (const id of record.pastIds.splice(0)) if (id !== shown) context.logs.drop(id);
  if (record.containerId !== "") record.pastIds.push(record.containerId);
}
