import type { Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Config } from "./config.ts";
import type { Logger } from "./logger.ts";

/** What SIGTERM does. Without a handler the first process of a container would not even notice it. */
export function handleSigterm(config: Config, logger: Logger, serverOf: () => Server | undefined): void {
  const { shutdown, drainMs } = config;
  process.on("SIGTERM", () => {
    if (shutdown === "ignore") return;
    logger.info("SIGTERM received, shutting down");
    if (shutdown === "exit-at-once") process.exit(0);
    if (shutdown === "abrupt") process.exit(143);
    void closeGracefully(serverOf(), drainMs, logger);
  });
}

async function closeGracefully(server: Server | undefined, drainMs: number, logger: Logger): Promise<void> {
  if (drainMs > 0) await delay(drainMs);
  // Idle connections are closed with it, those in use after their answer.
  if (server?.listening === true) await new Promise((resolve) => server.close(resolve));
  logger.info("shutdown complete");
  process.exit(0);
}
