import cluster from "node:cluster";
import { readConfig } from "./node-server/config.ts";
import { openLogger } from "./node-server/logger.ts";
import { startServer } from "./node-server/start.ts";
import { startWorkers } from "./node-server/workers.ts";

/** An application of the lab: what it does, and what it does wrong, is in its environment (node-server/config.ts). */
const config = readConfig(process.env);
const logger = openLogger(config.logFormat);
const missing = config.requiredEnv.find((name) => (process.env[name] ?? "") === "");
if (missing !== undefined) {
  logger.error(`configuration error: ${missing} is not set`);
  process.exitCode = 1;
} else if (config.workers > 0 && cluster.isPrimary) startWorkers(config, logger);
else await startServer(config, logger);
