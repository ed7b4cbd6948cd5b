import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { answer, work } from "./behaviour.ts";
import type { Config, Route } from "./config.ts";
import { callDependency } from "./dependency.ts";
import type { Logger } from "./logger.ts";
import { openPool, type PoolProblem } from "./pool.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const plainRoute: Route = { path: "/*" };

/** Serves the routes and the health path. */
export function openHandler(config: Config, logger: Logger, onRequest: () => void): Handler {
  const startedMs = performance.now();
  const uptimeMs = (): number => performance.now() - startedMs;
  const pool = openPool(config.pool, config.poolQueue, config.poolWaitMs);
  const counts = new Map<string, number>();

  const routeOf = (request: IncomingMessage): Route => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const route = config.routes.find((r) => matches(r, path, request.method ?? "GET")) ?? plainRoute;
    const count = (counts.get(route.path) ?? 0) + 1;
    counts.set(route.path, count);
    return route.every !== undefined && count % route.every !== 0 ? { ...plainRoute } : route;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<number | undefined> => {
    await readBody(request);
    const route = routeOf(request);
    let status: number | undefined;
    const doIt = async (): Promise<void> => {
      const leftMs = config.warmUpMs - uptimeMs();
      if (leftMs > 0) await delay((config.warmUpLatencyMs * leftMs) / config.warmUpMs);
      await work(route, uptimeMs());
      status = await answerWith(route, request, response, logger);
    };
    if (route.pool === false) {
      await doIt();
      return status;
    }
    const problem = await pool.run(doIt, () => config.poolWaitMs === undefined && response.destroyed);
    if (problem !== undefined) {
      logger.error(poolTexts[problem], { path: request.url ?? "/" });
      status = answer({ path: "", status: 503 }, request, response);
    }
    return status;
  };

  const health = async (response: ServerResponse): Promise<void> => {
    const { mode, callsUrl, latencyMs } = config.health;
    const say = (status: number, text: string): void => {
      response.writeHead(status, { "Content-Type": "text/plain" }).end(`${text}\n`);
    };
    if (latencyMs > 0) await delay(latencyMs);
    if (uptimeMs() < config.readyAfterMs) return say(503, "starting");
    if (mode === "independent") return say(200, "ok");
    if (mode === "pool") {
      await pool.run(
        () => Promise.resolve(say(200, "ok")),
        () => response.destroyed,
      );
      return;
    }
    const { problem } = await callDependency(callsUrl ?? "", 2000);
    if (problem !== undefined)
      logger.warn("health check failed", { dependency: callsUrl ?? "", error: problem });
    say(problem === undefined ? 200 : 503, problem ?? "ok");
  };

  return (request, response) => {
    const arrivedMs = performance.now();
    request.on("error", () => {});
    response.on("error", () => {});
    if ((request.url ?? "").split("?")[0] === config.health.path) {
      void health(response);
      return;
    }
    if (config.beforeReady !== undefined && uptimeMs() < config.readyAfterMs) {
      logger.warn("request before the data is loaded", { path: request.url ?? "" });
      if (config.beforeReady === "close") response.destroy();
      return;
    }
    onRequest();
    const { method = "", url = "" } = request;
    const requestId = request.headers["x-request-id"];
    const about = { method, path: url, ...(requestId === undefined ? {} : { requestId: String(requestId) }) };
    void serve(request, response).then((status) => {
      const durationMs = Math.round(performance.now() - arrivedMs);
      if (response.destroyed && !response.writableEnded && status === undefined)
        logger.warn("request aborted", { ...about, durationMs });
      else if (status !== undefined) logger.info("request completed", { ...about, status, durationMs });
    });
  };
}

/** As piscina (src/errors.ts, TaskQueueAtLimit) and generic-pool (lib/Pool.js) say it. */
const poolTexts: Readonly<Record<PoolProblem, string>> = {
  "queue full": "Error: Task queue is at limit",
  "waited too long": "TimeoutError: ResourceRequest timed out",
};

/** Asks the dependency first, where the route has one. */
async function answerWith(
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  logger: Logger,
): Promise<number | undefined> {
  if (route.callsUrl === undefined) return answer(route, request, response);
  const { status, problem } = await callDependency(route.callsUrl, route.callTimeoutMs);
  if (problem === undefined) return answer(route, request, response);
  logger.error("dependency call failed", { url: route.callsUrl, error: problem });
  return answer({ path: route.path, status: route.failStatus ?? status }, request, response);
}

const matches = (route: Route, path: string, method: string): boolean =>
  (route.method === undefined || route.method === method) &&
  (route.path.endsWith("/*")
    ? path.startsWith(route.path.slice(0, -1)) || path === route.path.slice(0, -2)
    : path === route.path);

/** Until its end, or until the client leaves. */
const readBody = (request: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    request.on("end", resolve);
    request.on("close", resolve);
    request.resume();
  });
