/** Sends the requests of a load, in the network namespace of its clients; ordered about by start-load.ts over IPC. */
import { connect, type Socket } from "node:net";
import { seededRandom } from "../faults/random.ts";
import type { LoadOrder, LoadReport } from "./message.ts";
import { type PlannedRequest, plannedRequests } from "./planned-request.ts";
import { closeConnections, exactMs, sendRequest } from "./send-request.ts";
import type { Traffic, TriedRequest } from "./tried-request.ts";

const reportEveryMs = 100;

const state = {
  targets: [] as readonly string[],
  turn: 0,
  isFinishing: false,
  underWay: 0,
  /** Streams that have more to send. */
  streams: 0,
  ended: [] as TriedRequest[],
  held: new Set<Socket>(),
};

process.on("message", (order: LoadOrder) => {
  if (order.type === "targets") state.targets = order.targets;
  else if (order.type === "finish") state.isFinishing = true;
  else start(order);
});
process.once("disconnect", () => process.exit(0));

function start({ traffic, seed, seconds = Infinity, targets }: LoadOrder & { type: "start" }): void {
  state.targets = targets;
  const startMs = exactMs();
  state.streams = traffic.length;
  for (const [index, stream] of traffic.entries()) {
    run(plannedRequests(stream, seededRandom(seed + index * 7919)), startMs, seconds * 1000);
    holdIdle(stream);
  }
  const reporting = setInterval(() => {
    const isOver = state.streams === 0 && state.underWay === 0;
    report(isOver);
    if (!isOver) return;
    clearInterval(reporting);
    closeConnections();
    for (const socket of state.held) socket.destroy();
  }, reportEveryMs);
}

function report(isOver: boolean): void {
  if (state.ended.length === 0 && !isOver) return;
  const message: LoadReport = { tried: state.ended.splice(0), isOver };
  process.send?.(message);
}

/** Open loop: every request is sent when it is due, whatever became of those before. */
function run(requests: Iterator<PlannedRequest>, startMs: number, endsAfterMs: number): void {
  let next = requests.next();
  const step = (): void => {
    while (next.done !== true && !state.isFinishing) {
      const { atMs } = next.value;
      if (atMs >= endsAfterMs) break;
      const waitMs = startMs + atMs - exactMs();
      if (waitMs > 0.2) {
        setTimeout(step, Math.min(waitMs, 200));
        return;
      }
      void send(next.value, startMs + atMs);
      next = requests.next();
    }
    state.streams -= 1;
  };
  step();
}

async function send(planned: PlannedRequest, dueMs: number): Promise<void> {
  const target = state.targets[state.turn++ % Math.max(1, state.targets.length)];
  state.underWay += 1;
  state.ended.push(
    target === undefined ? refused(planned, dueMs) : await sendRequest(planned, target, dueMs),
  );
  state.underWay -= 1;
}

/** A load balancer without a target takes no connection. */
function refused({ id, method, host, path, client }: PlannedRequest, dueMs: number): TriedRequest {
  const nowMs = exactMs();
  return { id, method, host, path, client, dueMs, startMs: nowMs, endMs: nowMs, error: "ECONNREFUSED" };
}

/** Connections that say nothing; one that is closed is opened again. */
function holdIdle({ idleConnections = 0, clients }: Traffic): void {
  const open = (index: number): void => {
    const host = state.targets[index % Math.max(1, state.targets.length)];
    const localAddress = clients[index % clients.length];
    if (host === undefined || localAddress === undefined || state.isFinishing) return;
    const socket = connect({ host, port: 80, localAddress });
    state.held.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => {
      state.held.delete(socket);
      setTimeout(open, 1000, index).unref();
    });
  };
  for (let index = 0; index < idleConnections; index += 1) open(index);
}
