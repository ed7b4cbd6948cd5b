/**
 * The program of the pod ingress-nginx-controller: ingress-nginx's controller in small, with a real nginx. It is told
 * of the cluster by the lab's feed (LAB_FEED) and logs what ingress-nginx v1.15.1 logs.
 */
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ownFile } from "../../own-file.ts";
import { openPipe } from "../access-pipe.ts";
import { type OpenMirror, openMirror } from "../feed/mirror.ts";
import { klogLine, type KlogSeverity, structured } from "../klog.ts";
import { eventLine, openAnnouncer } from "./announcer.ts";
import { type Controller, type ControllerParts, startController } from "./controller.ts";
import { controllerFlags } from "./flags.ts";
import { type NginxProcess, startNginx } from "./nginx-process.ts";
import { type NginxMetrics, openNginxMetrics } from "./metrics.ts";
import { postBackends, serveHealth, statusOf, stubStatus } from "./own-ports.ts";
import { missingForNginx, modulesFolder } from "./requirements.ts";

const luaFolder = ownFile("gateways/nginx/lua");
const folder = mkdtempSync(join(tmpdir(), "nginx-"));
/** Paths as they are in ingress-nginx's image. */
const inImage = (text: string): string =>
  text.replaceAll(luaFolder, "/etc/nginx/lua").replaceAll(folder, "/tmp/nginx");

const exactMs = (): number => performance.timeOrigin + performance.now();
const log = (severity: KlogSeverity, place: string, text: string): void => {
  process.stderr.write(`${klogLine(severity, place, inImage(text), exactMs())}\n`);
};
const env = (name: string, fallback = ""): string => process.env[name] ?? fallback;
const pod = {
  namespace: env("POD_NAMESPACE", "ingress-nginx"),
  name: env("POD_NAME", "ingress-nginx-controller"),
};
const flags = controllerFlags(process.argv.slice(2), pod.namespace);

async function main(): Promise<void> {
  const missing = missingForNginx();
  if (missing !== undefined) throw new Error(missing);
  greet();
  const state: { controller?: Controller; announce?: (key: string) => void } = {};
  const mirror = await openMirror(
    env("LAB_FEED"),
    (resource, key) => {
      if (resource === "ingresses" && key !== undefined) state.announce?.(key);
      if (resource !== "configmaps" || key === undefined || key === flags.configMap)
        state.controller?.enqueue(resource);
    },
    () => process.exit(1),
  );
  log("I", "nginx.go:273", structured("Starting NGINX Ingress controller"));
  state.announce = openAnnouncer(mirror, flags, log);
  for (const { metadata } of mirror.list("ingresses"))
    state.announce(`${metadata?.namespace}/${metadata?.name}`);
  const accessLog = join(folder, "access.log");
  openPipe(accessLog, (bytes) => process.stdout.write(bytes));
  log("I", "nginx.go:319", structured("Starting NGINX process"));
  const nginx = startNginx(folder, (line) => process.stderr.write(`${inImage(line)}\n`), tellOfDeath);
  elect();
  const health = { isEnding: false };
  const metrics = openNginxMetrics(pod, (host) => servesHost(mirror, host), exactMs);
  serveHealth(
    () => problemOf(nginx, health),
    async () => metrics.text(await stubStatus()),
  );
  const parts = partsOf(mirror, nginx, accessLog, metrics);
  state.controller = startController(parts);
  process.once("SIGTERM", () => void end(parts, state.controller, health));
}

const servesHost = (mirror: OpenMirror, host: string): boolean =>
  mirror.list("ingresses").some(({ spec }) => spec?.rules?.some((rule) => rule.host === host) === true);

const partsOf = (
  mirror: OpenMirror,
  nginx: NginxProcess,
  accessLog: string,
  { reloaded }: NginxMetrics,
): ControllerParts => ({
  mirror,
  flags,
  nginx,
  log,
  post: postBackends,
  reloaded,
  places: {
    folder,
    accessLog,
    modules: modulesFolder,
    lua: luaFolder,
    nameservers: nameservers(),
  },
  event: (eventType, reason, message) => {
    const about = { kind: "Pod", ...pod } as const;
    const line = eventLine(
      { ...about, uid: env("POD_UID"), resourceVersion: "" },
      eventType,
      reason,
      message,
    );
    log("I", "event.go:377", line);
    const text = inImage(message);
    mirror.send({
      type: "event",
      component: "nginx-ingress-controller",
      about,
      eventType,
      reason,
      message: text,
    });
  },
});

/** cmd/nginx/main.go up to the start of the controller. */
function greet(): void {
  const rule = "-".repeat(79);
  process.stdout.write(
    `${rule}\nNGINX Ingress controller\n  Release:       v1.15.1\n  Build:         git\n  Repository:    https://github.com/kubernetes/ingress-nginx\n  nginx version: nginx/1.27.1\n\n${rule}\n\n`,
  );
  log(
    "W",
    "client_config.go:667",
    "Neither --kubeconfig nor --master was specified.  Using the inClusterConfig.  This might not work.",
  );
  log("I", "main.go:205", structured("Creating API client", { host: "https://10.96.0.1:443" }));
  const file = "/etc/ingress-controller/ssl/default-fake-certificate.pem";
  log("I", "main.go:101", structured("SSL fake certificate created", { file }));
}

function elect(): void {
  log(
    "I",
    "leaderelection.go:257",
    `attempting to acquire leader lease ${pod.namespace}/ingress-nginx-leader...`,
  );
  log("I", "leaderelection.go:271", `successfully acquired lease ${pod.namespace}/ingress-nginx-leader`);
  log("I", "status.go:85", structured("New leader elected", { identity: pod.name }));
}

/** internal/ingress/controller/process/nginx.go: workers go on, until liveness probes fail. */
function tellOfDeath(code: number | null, signal: NodeJS.Signals | null): void {
  const rule = "-".repeat(79);
  const how = signal === null ? `exit status ${code}` : `signal: ${signal === "SIGKILL" ? "killed" : signal}`;
  log("W", "nginx.go:37", `\n${rule}\nNGINX master process died (${code ?? -1}): ${how}\n${rule}\n`);
}

async function problemOf(
  nginx: NginxProcess,
  { isEnding }: { readonly isEnding: boolean },
): Promise<string | undefined> {
  if (isEnding) return "the ingress controller is shutting down";
  if (!nginx.isRunning()) return "checking for NGINX process: no such process";
  const status = await statusOf("GET", "/is-dynamic-lb-initialized");
  if (status === 0) return "checking if the dynamic load balancer started: connection refused";
  return status === 200 ? undefined : "dynamic load balancer not started";
}

/** nginx.go `Stop`, pkg/util/process/sigterm.go. */
async function end(
  parts: ControllerParts,
  controller: Controller | undefined,
  health: { isEnding: boolean },
): Promise<void> {
  log("I", "sigterm.go:36", structured("Received SIGTERM, shutting down"));
  health.isEnding = true;
  log("I", "nginx.go:395", structured("Shutting down controller queues"));
  controller?.stop();
  log("I", "nginx.go:403", structured("Stopping admission controller"));
  log("I", "nginx.go:411", structured("Stopping NGINX process"));
  const ended = parts.nginx.quit();
  // It looks once a second.
  do await sleep(1000);
  while (parts.nginx.isRunning());
  await ended;
  log("I", "nginx.go:424", structured("NGINX process has stopped"));
  log(
    "I",
    "sigterm.go:44",
    `Handled quit, delaying controller exit for ${flags.postShutdownGracePeriodS} seconds`,
  );
  await sleep(flags.postShutdownGracePeriodS * 1000);
  log("I", "sigterm.go:47", structured("Exiting", { code: "0" }));
  process.exit(0);
}

function nameservers(): string[] {
  if (!existsSync("/etc/resolv.conf")) return [];
  const text = readFileSync("/etc/resolv.conf", "utf8");
  return [...text.matchAll(/^nameserver\s+(\d{1,3}(?:\.\d{1,3}){3})\s*$/gm)].map((m) => m[1]!);
}

main().catch((error: unknown) => {
  log("F", "main.go:64", error instanceof Error ? error.message : String(error));
  process.exit(255);
});
