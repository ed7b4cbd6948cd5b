import { join } from "node:path";
import { openOrderDesk } from "./answer-orders.ts";
import { applyObjects } from "./apply-objects.ts";
import { baseObjects } from "./base-objects.ts";
import { buildMachine } from "./build-machine.ts";
import { forward } from "./doors.ts";
import type { Stop } from "./machine.ts";
import type { InnerOptions, MessageIn, MessageOut } from "./orders.ts";
import type { Inside, Starter } from "./starter.ts";

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
  const { machine, logs, measureBy, apiPort, stop } = await buildMachine(options.folder);
  const inside: Inside = {
    options,
    logs,
    measureBy,
    answer,
    open: async (door, to) => {
      const path = join(options.folder, `${door}.sock`);
      await forward({ path }, to);
      send({ type: "open", door, path });
    },
    notice: (text) => send({ type: "notice", text }),
  };
  answer({ apply: ({ objects }) => applyObjects(machine.writes, objects) });
  applyObjects(machine.writes, [...baseObjects, ...options.objects]);
  await inside.open("api", { host: "127.0.0.1", port: apiPort });
  const stops: Stop[] = [];
  for (const starter of starters) stops.push(await starter(machine, inside));
  return async () => {
    for (const stopPart of stops.reverse()) await stopPart();
    await stop();
  };
}
