import { join } from "node:path";
import { serveCluster } from "../api-server/serve.ts";
import { openPodNetwork } from "../network/open-pod-network.ts";
import { openOrderDesk } from "./answer-orders.ts";
import { applyObjects } from "./apply-objects.ts";
import { forward } from "./doors.ts";
import { openEventRecorder } from "./event-recorder.ts";
import type { Machine, Stop } from "./machine.ts";
import type { InnerOptions, MessageIn, MessageOut } from "./orders.ts";
import { openPlainWrites } from "./plain-writes.ts";
import type { Inside, Starter } from "./starter.ts";

/** Addresses of the nodes, in the order of their names. */
export const nodeAddresses: readonly string[] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];

const nowMs = (): number => Date.now();

function send(message: MessageOut): void {
  if (process.connected) process.send?.(message);
}

/**
 * Runs a lab in the namespaces this process is in, for the process that launched it: starts all parts, answers
 * its orders, ends when it says so or is gone.
 */
export function runInside(starters: readonly Starter[]): void {
  // Whatever else still runs dies with the process that holds the namespaces.
  process.once("disconnect", () => process.exit(0));
  const desk = openOrderDesk(send);
  let running: Promise<Stop> | undefined;
  process.on("message", (message: MessageIn) => {
    if (message.type === "start") {
      running = start(message.options, starters, desk.answer);
      void running.then(() => send({ type: "ready" }));
    } else if (message.type === "ask") void desk.take(message.id, message.order, message.ask);
    else void running?.then((stop) => stop()).then(() => process.exit(0));
  });
}

async function start(
  options: InnerOptions,
  starters: readonly Starter[],
  answer: Inside["answer"],
): Promise<Stop> {
  const { folder } = options;
  const network = await openPodNetwork(join(folder, "pods"), nodeAddresses);
  const evidence = {
    collectedAt: new Date(nowMs()).toISOString(),
    source: { kind: "cluster", name: "lab" },
    objects: {},
    coverage: [],
    logs: [],
    losses: [],
  } as const;
  const served = await serveCluster(evidence, { nowMs });
  const { store } = served;
  const writes = openPlainWrites(store, nowMs);
  const event = openEventRecorder({ store, writes, nowMs });
  const machine: Machine = { folder, store, writes, network, programOf: () => undefined, nowMs, event };
  const inside: Inside = {
    options,
    answer,
    open: async (door, to) => {
      const path = join(folder, `${door}.sock`);
      await forward({ path }, to);
      send({ type: "open", door, path });
    },
    notice: (text) => send({ type: "notice", text }),
  };
  answer({ apply: ({ objects }) => applyObjects(writes, objects) });
  applyObjects(writes, options.objects);
  await inside.open("api", { host: "127.0.0.1", port: served.port });
  const stops: Stop[] = [];
  for (const starter of starters) stops.push(await starter(machine, inside));
  return async () => {
    for (const stop of stops.reverse()) await stop();
    await Promise.all([served.close(), network.close()]);
  };
}
