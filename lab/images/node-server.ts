import { readConfig } from "./node-server/config.ts";
import { openLogger } from "./node-server/logger.ts";
import { startServer } from "./node-server/start.ts";

/** An application of the lab: what it does, and what it does wrong, is in its environment (node-server/config.ts). */
const config = readConfig(process.env);
const logger = openLogger(config.logFormat);
const missing = config.requiredEnv.find((name) => (process.env[name] ?? "") === "");
if (missing === undefined) await startServer(config, logger);
else {
  logger.error(`configuration error: ${missing} is not set`);
  process.exitCode = 1;
}
