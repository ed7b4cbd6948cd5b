import type { LifecycleHandler } from "kubernetes-types/core/v1";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { portOf, type RunningContainer } from "../probes/probe.ts";
import { waited } from "../wait.ts";
import { execIn } from "./exec.ts";

/** Runs a lifecycle hook (kubernetes/kubernetes pkg/kubelet/lifecycle/handlers.go). Tells whether it went well. */
export async function runHook(
  hook: LifecycleHandler,
  target: RunningContainer,
  timeoutMs: number,
): Promise<boolean> {
  if (hook.exec !== undefined) {
    if (target.pid === undefined) return false;
    const result = await execIn(target.pid, hook.exec.command ?? [], target.command, timeoutMs);
    return result.code === 0 && !result.hasTimedOut;
  }
  const { sleep } = hook as { sleep?: { seconds: number } };
  if (sleep !== undefined) {
    const waitMs = Math.min(sleep.seconds * 1000, timeoutMs);
    return waited(waitMs, AbortSignal.timeout(timeoutMs + 1000));
  }
  return hook.httpGet === undefined ? false : get(hook.httpGet, target, timeoutMs);
}

/** Any answer will do. */
function get(
  action: NonNullable<LifecycleHandler["httpGet"]>,
  target: RunningContainer,
  timeoutMs: number,
): Promise<boolean> {
  const port = portOf(action.port, target.spec);
  if (typeof port === "string") return Promise.resolve(false);
  const isTls = action.scheme === "HTTPS";
  return new Promise((resolve) => {
    const request = (isTls ? httpsRequest : httpRequest)({
      host: action.host ?? target.podIp,
      port,
      path: action.path ?? "/",
      agent: false,
      rejectUnauthorized: false,
      headers: Object.fromEntries((action.httpHeaders ?? []).map((h) => [h.name, h.value])),
    });
    request.setTimeout(timeoutMs, () => request.destroy());
    request.on("response", (response) => {
      response.resume();
      resolve(true);
      request.destroy();
    });
    request.on("error", () => resolve(false));
    request.on("close", () => resolve(false));
    request.end();
  });
}
