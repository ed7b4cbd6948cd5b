/**
 * The program of the pod haproxy-ingress: jcmoraisjr/haproxy-ingress's controller in small, with a real HAProxy. It is
 * told of the cluster by the lab's feed (LAB_FEED).
 */
import { createServer } from "node:http";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMirror } from "../feed/mirror.ts";
import { klogLine, type KlogSeverity } from "../klog.ts";
import { type Controller, type ControllerParts, startController } from "./controller.ts";
import { controllerFlags } from "./flags.ts";
import { type HaproxyProcess, openHaproxy } from "./haproxy-process.ts";
import { missingForHaproxy } from "./requirements.ts";

const env = (name: string, fallback = ""): string => process.env[name] ?? fallback;
const log = (severity: KlogSeverity, place: string, text: string): void => {
  process.stderr.write(`${klogLine(severity, place, text, performance.timeOrigin + performance.now())}\n`);
};
const flags = controllerFlags(process.argv.slice(2), env("POD_NAMESPACE", "ingress-haproxy"));

async function main(): Promise<void> {
  const missing = missingForHaproxy();
  if (missing !== undefined) throw new Error(missing);
  const state: { controller?: Controller } = {};
  const mirror = await openMirror(
    env("LAB_FEED"),
    (resource, key) => {
      if (resource !== "configmaps" || key === undefined || key === flags.configMap)
        state.controller?.enqueue(resource);
    },
    () => process.exit(1),
  );
  log("I", "launch.go:60", "version info: controller-version=v0.15.0");
  const haproxy = openHaproxy(
    mkdtempSync(join(tmpdir(), "haproxy-")),
    (stream, bytes) => process[stream].write(bytes),
    (code) => {
      log("E", "instance.go:781", `haproxy stopped (exit code: ${code ?? -1})`);
      process.exit(1);
    },
  );
  const parts: ControllerParts = { mirror, flags, haproxy, log };
  state.controller = startController(parts);
  serveHealth(state.controller, haproxy);
  process.once("SIGTERM", () => void end(parts, state.controller));
}

/** The controller's own port, --healthz-addr. */
function serveHealth(controller: Controller, haproxy: HaproxyProcess): void {
  createServer((_request, response) => {
    const isHealthy = controller.isReady() && haproxy.isRunning();
    response.writeHead(isHealthy ? 200 : 500).end(isHealthy ? "ok" : "haproxy is not running");
  }).listen(10254);
}

async function end({ haproxy }: ControllerParts, controller: Controller | undefined): Promise<void> {
  log("I", "instance.go:439", "shutting down embedded haproxy");
  controller?.stop();
  log("I", "instance.go:792", "sending SIGUSR1 to haproxy master process");
  await haproxy.quit(flags.shutdownTimeoutS * 1000);
  log("I", "instance.go:786", "haproxy stopped");
  process.exit(0);
}

main().catch((error: unknown) => {
  log("F", "main.go:30", error instanceof Error ? error.message : String(error));
  process.exit(255);
});
