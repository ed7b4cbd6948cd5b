/**
 * The stage of a recording: run as root of a private network namespace (see record.ts) with a
 * script on stdin; prints the gateway's log. Starts on a full second so that nothing depends on luck.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Certificates } from "./certificates.ts";
import { clientsOf, sendAll } from "./client.ts";
import { logName, nginxConfig, routesOf } from "./config.ts";
import { Network } from "./network.ts";
import { ok } from "./behaviours.ts";
import { PodServer } from "./pod-server.ts";
import { startResolver } from "./resolver.ts";
import type { Script } from "./script.ts";

const gatewayIp = "10.42.250.7";

async function play(script: Script): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "why5xx-stage-"));
  const network = new Network(script.settings?.localPorts);
  const gateway = script.gatewayIp ?? gatewayIp;
  network.present(gateway);
  for (const client of new Set(script.requests.flatMap(clientsOf))) network.present(client);
  if (script.resolver !== undefined) startResolver(script.resolver);
  const certificates = new Certificates(dir);
  certificates.makeAuthority();
  const targets = new Set([
    ...routesOf(script).flatMap((r) => r.servers ?? []),
    ...Object.keys(script.pods ?? {}),
  ]);
  const pods = [...targets].map(
    (target) => new PodServer(target, script.pods?.[target] ?? ok(), network, certificates),
  );
  for (const pod of pods) await pod.start();
  writeFileSync(join(dir, "nginx.conf"), nginxConfig(script, dir, gateway));
  const nginx = spawn("nginx", ["-p", dir, "-c", join(dir, "nginx.conf")], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, TZ: "UTC" },
  });
  try {
    await listening(gateway);
    await sleep(1000 - (Date.now() % 1000) + 5);
    truncateSync(join(dir, logName));
    const startedAtMs = Math.floor(Date.now() / 1000) * 1000;
    for (const pod of pods) pod.play();
    for (const ms of script.reloadAtMs ?? []) setTimeout(() => nginx.kill("SIGHUP"), ms).unref();
    await sendAll(script, gateway);
    await sleep(60);
    const log = readFileSync(join(dir, logName), "latin1").replaceAll(dir, "/tmp/nginx");
    process.stdout.write(JSON.stringify({ startedAtMs, log }), () => process.exit(0));
  } finally {
    nginx.kill("SIGTERM");
    rmSync(dir, { recursive: true, force: true });
  }
}

async function listening(address: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: address, port: 80 }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (up) return;
    await sleep(30);
  }
  throw new Error("nginx did not start: install it (apt install nginx-light), and see its message above");
}

await play(JSON.parse(readFileSync(0, "utf8")) as Script);
