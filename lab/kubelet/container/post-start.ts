import type { PodContext } from "../pod-context.ts";
import { runHook } from "./hook.ts";
import type { ContainerRecord } from "./state.ts";

/** A postStart hook runs beside the container; when it fails, the container is killed. */
export async function postStart(record: ContainerRecord, context: PodContext): Promise<void> {
  const hook = record.spec.lifecycle?.postStart;
  const { life } = record;
  if (hook === undefined || life === undefined) return;
  const target = {
    spec: record.spec,
    podIp: context.podIp,
    pid: await firstPid(life.process),
    command: life.command,
  };
  const hasPassed = await runHook(hook, target, 600_000);
  if (hasPassed || record.life !== life) return;
  const container = record.spec.name;
  context.event({
    type: "Warning",
    reason: "FailedPostStartHook",
    message: "PostStartHook failed",
    container,
  });
  const message = "FailedPostStartHook";
  context.event({ type: "Normal", reason: "Killing", message, container });
  life.process.signal("SIGKILL");
}

async function firstPid(process: { pid(): number | undefined }): Promise<number | undefined> {
  for (let tries = 0; tries < 100 && process.pid() === undefined; tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return process.pid();
}
