import cluster from "node:cluster";
import type { Config } from "./config.ts";
import type { Logger } from "./logger.ts";

/** Forks the workers, replaces those that die, and on SIGTERM waits for them to end. They share the listening socket. */
export function startWorkers(config: Config, logger: Logger): void {
  let isEnding = false;
  for (let n = 0; n < config.workers; n++) cluster.fork();
  cluster.on("exit", (worker, code, signal) => {
    if (isEnding) {
      if (Object.keys(cluster.workers ?? {}).length > 0) return;
      logger.info("shutdown complete");
      process.exit(0);
    }
    logger.error("worker died, starting another", { pid: worker.process.pid ?? 0, code: code ?? signal });
    cluster.fork();
  });
  process.on("SIGTERM", () => {
    if (config.shutdown === "ignore") return;
    isEnding = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGTERM");
  });
}
