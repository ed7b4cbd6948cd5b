import { setTimeout as sleep } from "node:timers/promises";
import type { OpenMirror } from "../feed/mirror.ts";
import type { EventMessage, FedResource } from "../feed/message.ts";
import { type KlogSeverity, structured } from "../klog.ts";
import { backendsText } from "./backends-text.ts";
import { buildConfiguration, type Flags } from "./build.ts";
import { certificatesOf } from "./certificates.ts";
import type { Configuration } from "./configuration.ts";
import type { NginxProcess } from "./nginx-process.ts";
import { globalSettings } from "./settings.ts";
import { nginxConf, type Places } from "./template.ts";

/** What the controller works with; nothing here knows of processes. */
export interface ControllerParts {
  readonly mirror: OpenMirror;
  readonly flags: Flags;
  readonly places: Places;
  readonly nginx: NginxProcess;
  readonly log: (severity: KlogSeverity, place: string, text: string) => void;
  /** An Event about the controller's own pod. */
  readonly event: (eventType: EventMessage["eventType"], reason: string, message: string) => void;
  /** Hands endpoints to the workers; false when nginx does not take them. */
  readonly post: (backends: string) => Promise<boolean>;
  /** A configuration was taken into use, or does not hold. */
  readonly reloaded: (isSuccess: boolean) => void;
}

export interface Controller {
  /** Looks at the cluster again, soon. */
  enqueue(resource: FedResource): void;
  stop(): void;
}

/**
 * The sync loop of ingress-nginx (internal/ingress/controller/controller.go `syncIngress`): at most
 * `syncsPerSecond`, a reload only when nginx.conf changes, endpoints without one. Words and lines: v1.15.1.
 */
export function startController(parts: ControllerParts): Controller {
  const { mirror } = parts;
  let running: Running | undefined;
  const state = { isWanted: true, isBusy: false, isStopped: false };
  let nextMs = 0;
  let failures = 0;

  const run = async (): Promise<void> => {
    if (state.isBusy || state.isStopped) return;
    state.isBusy = true;
    while (state.isWanted && !state.isStopped) {
      await sleep(Math.max(0, nextMs - performance.now()));
      nextMs = performance.now() + 1000 / mirror.pace().syncsPerSecond;
      state.isWanted = false;
      const next = await sync(parts, running);
      if (next === undefined) {
        state.isWanted = true;
        // client-go util/workqueue/default_rate_limiters.go: 5 ms, doubled at every failure.
        await sleep(Math.min(5 * 2 ** failures, 30_000));
        failures += 1;
      } else {
        running = next;
        failures = 0;
      }
    }
    state.isBusy = false;
  };
  void run();
  return {
    enqueue: (resource) => {
      const wait = resource === "endpointslices" ? mirror.pace().endpointsDelayMs : 0;
      setTimeout(() => {
        state.isWanted = true;
        void run();
      }, wait);
    },
    stop: () => {
      state.isStopped = true;
    },
  };
}

/** What nginx has. */
interface Running {
  readonly conf: string;
  readonly backends: string;
}

/** Undefined when it failed and is to be tried again. */
async function sync(parts: ControllerParts, before: Running | undefined): Promise<Running | undefined> {
  const { mirror, flags, places, log } = parts;
  const configuration = buildConfiguration(mirror, flags);
  for (const { severity, place, text } of configuration.warnings) log(severity, place, text);
  const conf = nginxConf(configuration, globalSettings(mirror.get("configmaps", flags.configMap)), places);
  if (conf !== before?.conf && !(await reload(parts, configuration, conf))) return undefined;
  if (before === undefined) {
    log("I", "controller.go:243", structured("Initial sync, sleeping for 1 second"));
    await sleep(1000);
  }
  const backends = backendsText(configuration.backends);
  if (backends !== before?.backends && !(await hand(parts, backends))) return undefined;
  return { conf, backends };
}

async function reload(parts: ControllerParts, configuration: Configuration, conf: string): Promise<boolean> {
  const { nginx, log, event } = parts;
  log("I", "controller.go:217", structured("Configuration changes detected, backend reload required"));
  certificatesOf(parts.mirror, configuration, parts.places.folder);
  const said = await nginx.test(conf);
  if (said !== undefined) {
    const rule = "-".repeat(79);
    const error = `\n${rule}\nError: exit status 1\n${said}\n${rule}\n`;
    log("E", "controller.go:226", `Unexpected failure reloading the backend:\n${error}`);
    event("Warning", "RELOAD", `Error reloading NGINX: ${error}`);
    parts.reloaded(false);
    log("E", "queue.go:137", structured("requeuing", { err: error, key: "initial-sync" }));
    return false;
  }
  await nginx.reload(conf);
  log("I", "controller.go:231", structured("Backend successfully reloaded"));
  parts.reloaded(true);
  event("Normal", "RELOAD", "NGINX reload triggered due to a change in configuration");
  return true;
}

/** Right after the start nginx may not listen yet: 15 tries, a second apart and more (DynamicConfigurationRetries). */
async function hand({ post, log }: ControllerParts, backends: string): Promise<boolean> {
  let waitMs = 1000;
  for (let left = 15; left >= 0; left -= 1) {
    if (await post(backends)) return true;
    log(
      "W",
      "controller.go:263",
      `Dynamic reconfiguration failed (retrying; ${left} retries left): unexpected error code: 0`,
    );
    await sleep(waitMs);
    waitMs *= 1.3;
  }
  log("E", "controller.go:270", "Unexpected failure reconfiguring NGINX:\nunexpected error code: 0");
  return false;
}
