import type { LifecycleHandler, PodSpec } from "kubernetes-types/core/v1";
import { items } from "./shape.ts";

/** `sleep 15`, `/bin/sleep 15`, `sh -c "sleep 15"`, `sleep 10 && nginx -s quit` */
const sleepCommand = /\bsleep\s+(\d+(?:\.\d+)?)/;

/**
 * How long the pod's preStop hooks hold its containers back, in ms: the longest sleep among them.
 * 0 without a hook. An HTTP or unreadable hook has an unknown length: undefined.
 */
export function drainMs(spec: PodSpec): number | undefined {
  const hooks = items(spec.containers).flatMap((c) => c.lifecycle?.preStop ?? []);
  if (hooks.length === 0) return 0;
  const lengths = hooks.map(sleepMs);
  return lengths.some((l) => l === undefined) ? undefined : Math.max(...lengths.map((l) => l ?? 0));
}

function sleepMs(hook: LifecycleHandler): number | undefined {
  const sleep = (hook as { sleep?: { seconds?: number } }).sleep;
  if (sleep?.seconds !== undefined) return sleep.seconds * 1000;
  const command = Array.isArray(hook.exec?.command) ? hook.exec.command.join(" ") : undefined;
  const match = command === undefined ? null : sleepCommand.exec(command);
  return match === null ? undefined : Number(match[1]) * 1000;
}
