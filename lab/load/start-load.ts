import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { ownFile } from "../own-file.ts";
import type { Machine, Stop } from "../machine/machine.ts";
import type { LoadOrder, LoadReport } from "./message.ts";
import type { Traffic, TriedRequest } from "./tried-request.ts";

export interface LoadOptions {
  readonly seed: number;
  /** Absent: until `finish`. */
  readonly seconds?: number;
  /** Addresses that listen on port 80: the gateway's ready pods, as a load balancer knows them. */
  readonly targets: () => readonly string[];
}

/** Clients that send requests from addresses of their own. */
export interface Load {
  /** Those that have ended, in the order they ended. */
  requests(): readonly TriedRequest[];
  /** Resolves when the last request has ended. */
  readonly over: Promise<void>;
  /** Sends nothing more, and waits for what is under way. */
  finish(): Promise<void>;
  /** Ends at once. */
  readonly stop: Stop;
}

/** How soon a load balancer notices which pods of the gateway are ready. */
const targetsEveryMs = 100;

let loads = 0;

/** Sends traffic through the gateway, from a process and a network namespace of its own. */
export async function startLoad(
  machine: Machine,
  traffic: readonly Traffic[],
  { seed, seconds, targets }: LoadOptions,
): Promise<Load> {
  loads += 1;
  const pod = `clients/load-${loads}`;
  await attachClients(machine, pod, [...new Set(traffic.flatMap(({ clients }) => clients))]);
  const main = ownFile("load/client-process.ts");
  const child = machine.network.spawn(pod, process.execPath, ["--no-warnings", main], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const tried: TriedRequest[] = [];
  const ended = once(child, "exit");
  const over = new Promise<void>((resolve) => {
    child.on("message", (report: LoadReport) => {
      for (const request of report.tried) tried.push(request);
      if (report.isOver) resolve();
    });
    child.once("exit", () => resolve());
  });
  let known = targets();
  send(child, {
    type: "start",
    traffic,
    seed,
    targets: known,
    ...(seconds === undefined ? {} : { seconds }),
  });
  const watching = setInterval(() => {
    const now = targets();
    if (now.join() === known.join()) return;
    known = now;
    send(child, { type: "targets", targets: now });
  }, targetsEveryMs);
  void over.then(() => clearInterval(watching));
  return {
    requests: () => tried,
    over,
    finish: () => {
      send(child, { type: "finish" });
      return over;
    },
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      await machine.network.detach(pod);
    },
  };
}

const send = (child: ChildProcess, order: LoadOrder): unknown => child.connected && child.send(order);

/** One namespace has the addresses of all clients. */
async function attachClients(
  { network }: Machine,
  pod: string,
  [first, ...others]: readonly string[],
): Promise<void> {
  if (first === undefined) throw new Error("traffic needs the address of a client");
  await network.attach(pod, first);
  if (others.length === 0) return;
  const lines = others.map((address) => `addr add ${address}/32 dev eth0\n`).join("");
  const child = network.spawn(pod, "ip", ["-batch", "-"], { stdio: ["pipe", "ignore", "inherit"] });
  child.stdin?.end(lines);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error("the addresses of the clients could not be added");
}
