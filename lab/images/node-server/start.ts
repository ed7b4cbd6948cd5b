import { createServer, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { makeCertificate } from "./certificate.ts";
import type { Config } from "./config.ts";
import { type Handler, openHandler } from "./handle.ts";
import { createH2cServer } from "./h2c-server.ts";
import type { Logger } from "./logger.ts";
import { handleSigterm } from "./shutdown.ts";
import { startTrouble } from "./trouble.ts";

/** Starts after its delay, and runs until a signal or its own trouble ends it. */
export async function startServer(config: Config, logger: Logger): Promise<void> {
  logger.info("starting", { pid: process.pid, node: process.version });
  let server: Server | undefined;
  handleSigterm(config, logger, () => server);
  if (config.startDelayMs > 0) await delay(config.startDelayMs);
  const { countRequest } = startTrouble(config, logger);
  server = openServer(config, openHandler(config, logger, countRequest));
  server.on("error", (error) => {
    logger.error(error.message);
    process.exit(1);
  });
  const { host, port, backlog } = config;
  server.listen({ host, port, ...(backlog === undefined ? {} : { backlog }) }, () =>
    logger.info(`listening on ${host}:${port}`),
  );
}

function openServer(config: Config, handler: Handler): Server {
  const options: ServerOptions =
    config.maxHeaderBytes === undefined ? {} : { maxHeaderSize: config.maxHeaderBytes };
  if (config.h2c) return createH2cServer(handler);
  const server =
    config.tls === undefined
      ? createServer(options, handler)
      : createTlsServer({ ...options, ...makeCertificate(config.tls, config.address) }, handler);
  if (config.keepAliveMs !== undefined) {
    server.keepAliveTimeout = config.keepAliveMs;
    // Node adds a second of its own unless told not to.
    (server as { keepAliveTimeoutBuffer?: number }).keepAliveTimeoutBuffer = 0;
  }
  if (config.maxRequestsPerConnection !== undefined)
    server.maxRequestsPerSocket = config.maxRequestsPerConnection;
  if (config.maxConnections !== undefined) server.maxConnections = config.maxConnections;
  return server;
}
