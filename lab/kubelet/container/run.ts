import type { ContainerState } from "kubernetes-types/core/v1";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type BackOff, durationText, openBackOff } from "../back-off.ts";
import type { PodContext } from "../pod-context.ts";
import { waited } from "../wait.ts";
import { commandOf } from "./command.ts";
import { ConfigProblem, environmentOf } from "./environment.ts";
import { pullImage } from "./image.ts";
import { endLastLife, live } from "./live.ts";
import type { Command } from "./process.ts";
import type { ContainerRecord } from "./state.ts";

export type RestartPolicy = "Always" | "OnFailure" | "Never";

/** Runs a container, life after life, until its restart policy or the end of the pod ends it. Resolves with the last exit code. */
export async function runContainer(
  record: ContainerRecord,
  policy: RestartPolicy,
  context: PodContext,
  onStart: () => void,
): Promise<number | undefined> {
  const backOff = openBackOff(context.settings.backOffMs, context.settings.backOffLimitMs);
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
      // As most programs do: on every address of the pod, its loopback too.
      const own = { LISTEN: "0.0.0.0", POD_IP: context.podIp };
      const env = { HOSTNAME: name, POD_NAME: name, ...own, ...given };
      return commandOf(record.spec, program, env, folder);
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      const { message } = error;
      waiting("CreateContainerConfigError", message);
      warn(record, context, "Failed", `Error: ${message}`);
      if (!(await waited(context.settings.retryMs, context.ending))) return undefined;
    }
  }
}

const warn = (record: ContainerRecord, context: PodContext, reason: string, message: string): void =>
  context.event({ type: "Warning", reason, message, container: record.spec.name });

/** First restart at once, then 10 s, 20 s, … 5 min after the last end (kuberuntime_manager.go, doBackOff). */
async function backedOff(record: ContainerRecord, backOff: BackOff, context: PodContext): Promise<boolean> {
  const { nowMs } = context.machine;
  const endedMs = nowMs();
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
    const stepMs = Math.min(backOff.remainingMs(endedMs, nowMs()), context.settings.retryMs);
    if (!(await waited(stepMs, context.ending))) return false;
  }
  backOff.next(nowMs());
  return true;
}
