import type { RunningLoad } from "./send-load.ts";
import type { LoadPlan } from "./send-load.ts";
import { exactMs } from "./send-one.ts";
import { poolFor, type Shot } from "./shot.ts";
import type { Agent } from "node:http";

/** As many at once, so that the gateway needs as many connections to the pods, and those rest as well. */
export const restingAtOnce = 8;
const mostAtOnce = 64;

/**
 * How many rest for each of several times: nginx takes the connection that was used last (nginx/nginx
 * src/http/modules/ngx_http_upstream_keepalive_module.c puts it at the head of a queue and looks from there), so those that others use in between never rest. More at once reach those behind them.
 */
export const restingFor = (restMs: number, restsMs: readonly number[]): number =>
  Math.min(mostAtOnce, restingAtOnce * (1 + restsMs.filter((ms) => ms < restMs).length));

/**
 * A server's timer strikes within a few ms of the time it is set to: each round rests a little shorter or longer than
 * asked. At least one in each direction is further off than a round trip.
 */
const wobbleMs = [0, -5, 5, -20, 20, -10, 10, 35];

/** Connections that rest and are then all used at the same moment, again and again until the load is over. */
export async function restConnections(restMs: number, plan: LoadPlan, load: RunningLoad): Promise<void> {
  const { shot, userAgent, answerMs, forMs, restsMs = [] } = plan;
  const agents = Array.from({ length: restingFor(restMs, restsMs) }, () => unhintedPool(shot));
  try {
    let dueMs = load.startMs;
    for (let round = 0; !load.isEnded && dueMs - load.startMs < forMs; round++) {
      // oxlint-disable-next-line no-await-in-loop -- they rest
      await load.sleep(Math.max(0, dueMs - exactMs()));
      if (load.isEnded) return;
      const all = agents.map((agent) =>
        load.track(shot, { agent, userAgent, id: load.nextId(), dueMs, answerMs }, restMs),
      );
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(all);
      dueMs = exactMs() + restMs + (wobbleMs[round % wobbleMs.length] ?? 0);
    }
  } finally {
    for (const agent of agents) agent.destroy();
  }
}

/**
 * One connection, kept however short the server's `Keep-Alive: timeout=` header says it lives: Node's agent closes it
 * before that (lib/_http_agent.js), which most other clients do not.
 */
function unhintedPool(shot: Shot): Agent {
  const agent = poolFor(shot, 1);
  agent.keepSocketAlive = () => true;
  return agent;
}
