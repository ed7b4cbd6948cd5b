import { setTimeout as sleep } from "node:timers/promises";
import type { FedResource } from "../feed/message.ts";
import type { OpenMirror } from "../feed/mirror.ts";
import type { KlogSeverity } from "../klog.ts";
import { buildConfiguration, type Configuration } from "./configuration.ts";
import type { ControllerFlags } from "./flags.ts";
import type { HaproxyProcess } from "./haproxy-process.ts";
import { globalSettings } from "./settings.ts";
import { changesFor, layOut, refill, type SlotChange, type Slots } from "./slots.ts";
import { haproxyConf } from "./template.ts";

export interface ControllerParts {
  readonly mirror: OpenMirror;
  readonly flags: ControllerFlags;
  readonly haproxy: HaproxyProcess;
  readonly log: (severity: KlogSeverity, place: string, text: string) => void;
}

export interface Controller {
  enqueue(resource: FedResource): void;
  /** HAProxy has a configuration. */
  isReady(): boolean;
  stop(): void;
}

interface Running {
  /** Text without the servers' addresses: a reload is needed only when it changes or slots run out. */
  readonly frame: string;
  readonly slots: ReadonlyMap<string, Slots>;
}

/**
 * The update loop of haproxy-ingress (pkg/haproxy/instance.go): endpoints go through the runtime API into the slots
 * of servers that are there, anything else makes a new configuration.
 */
export function startController(parts: ControllerParts): Controller {
  const { mirror } = parts;
  const state = { isWanted: true, isBusy: false, isStopped: false };
  let running: Running | undefined;
  let nextMs = 0;
  const run = async (): Promise<void> => {
    if (state.isBusy) return;
    state.isBusy = true;
    while (state.isWanted && !state.isStopped) {
      await sleep(Math.max(0, nextMs - performance.now()));
      nextMs = performance.now() + 1000 / mirror.pace().syncsPerSecond;
      state.isWanted = false;
      running = await update(parts, running);
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
    isReady: () => running !== undefined,
    stop: () => {
      state.isStopped = true;
    },
  };
}

async function update(parts: ControllerParts, before: Running | undefined): Promise<Running | undefined> {
  const { mirror, flags, log, haproxy } = parts;
  const configuration = buildConfiguration(mirror, flags, flags.configMap);
  for (const text of configuration.warnings) log("W", "ingress.go:410", text);
  const settings = globalSettings(mirror.get("configmaps", flags.configMap));
  const frame = haproxyConf(configuration, emptySlots(configuration), settings);
  if (before !== undefined && frame === before.frame) {
    const slots = await byRuntime(parts, configuration, before.slots);
    if (slots !== undefined) return { frame, slots };
  }
  const slots = new Map(
    configuration.backends.map((b) => [b.id, layOut(b.endpoints, before?.slots.get(b.id))]),
  );
  if (before !== undefined) tellSlots(log, slots, before.slots);
  const conf = haproxyConf(configuration, slots, settings);
  const said = await haproxy.test(conf);
  if (said !== undefined) {
    log("E", "instance.go:374", `error validating config file:\n${said.trimEnd()}`);
    return before;
  }
  await haproxy.use(conf);
  log("I", "instance.go:426", "haproxy successfully reloaded (embedded master-worker)");
  return { frame, slots };
}

/** What the controller says of servers that a new configuration changes: of those it numbers anew only that it does. */
function tellSlots(
  log: ControllerParts["log"],
  slots: ReadonlyMap<string, Slots>,
  before: ReadonlyMap<string, Slots>,
): void {
  for (const [id, now] of slots) {
    const old = before.get(id);
    if (old === undefined) log("I", "dynupdate.go:159", `added backend '${id}'`);
    else if (now.endpoints.length > old.endpoints.length)
      log("I", "dynupdate.go:218", `added endpoints on backend '${id}'`);
    else for (const { said } of changesFor(id, old, now)) log("I", "dynupdate.go:478", said);
  }
}

/** One server without an endpoint, for what all servers of a backend have in common. */
const emptySlots = ({ backends }: Configuration): Map<string, Slots> =>
  new Map(backends.map(({ id }) => [id, { endpoints: [undefined] }]));

/** Undefined when the servers that are there do not suffice, or HAProxy refuses. */
async function byRuntime(
  { haproxy, log }: ControllerParts,
  { backends }: Configuration,
  before: ReadonlyMap<string, Slots>,
): Promise<ReadonlyMap<string, Slots> | undefined> {
  const slots = new Map<string, Slots>();
  const changes: SlotChange[] = [];
  for (const { id, endpoints } of backends) {
    const old = before.get(id);
    const next = old === undefined ? undefined : refill(endpoints, old);
    if (old === undefined || next === undefined) return undefined;
    slots.set(id, next);
    changes.push(...changesFor(id, old, next));
  }
  if (changes.length === 0) {
    log("I", "instance.go:382", "old and new configurations match");
    return slots;
  }
  for (const { commands, said } of changes) {
    if (!(await haproxy.command(commands))) return undefined;
    log("I", "dynupdate.go:478", said);
  }
  const sent = changes.reduce((sum, { commands }) => sum + commands.length, 0);
  log("I", "instance.go:379", `haproxy updated without needing to reload. Commands sent: ${sent}`);
  return slots;
}
