import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChildProcess } from "node:child_process";
import { openPodNetwork } from "../../../lab/network/open-pod-network.ts";
import { namespaceFlags } from "../../../lab/machine/namespaces.ts";
import type { PodNetwork } from "../../../lab/network/pod-network.ts";

/** Programs the lab's network stands on; for `lacks`. */
export const needed = [
  ["unshare", ...namespaceFlags, "true"],
  ["ip", "-V"],
  ["nsenter", "-V"],
] as const;

/** Runs an exported function of a module in namespaces of its own and returns what it returned. */
export function inside<T>(module: string, name: string): T {
  const script = `import(process.argv[1]).then((m) => m[process.argv[2]]()).then((seen) => process.stdout.write("\\n" + JSON.stringify(seen), () => process.exit(0)), (error) => { console.error(error); process.exit(1); })`;
  const args = [...namespaceFlags, process.execPath, "--input-type=module", "-e", script, module, name];
  const { stdout, stderr, status } = spawnSync("unshare", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name} failed inside: ${stderr}`);
  return JSON.parse(stdout.slice(stdout.lastIndexOf("\n"))) as T;
}

/** A network for the time of `use`. */
export async function withNetwork<T>(use: (network: PodNetwork, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-network-"));
  try {
    const network = await openPodNetwork(folder, ["10.0.0.1", "10.0.0.2"]);
    const seen = await use(network, folder);
    await network.close();
    return seen;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a program printed, and how it ended. */
export async function output(child: ChildProcess): Promise<string> {
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (part: string) => (text += part));
  await once(child, "close");
  return text.trim();
}

const connectScript = `
const [host, port, patienceMs] = process.argv.slice(1);
const socket = require("node:net").connect({ host, port: Number(port) });
const end = (text) => { console.log(text); process.exit(); };
setTimeout(() => end("hangs"), Number(patienceMs));
socket.on("error", (e) => end(e.code));
let said = "";
socket.on("data", (d) => (said += d));
socket.on("end", () => end(said || "closed"));`;

/** Looks until it sees what is wanted, half a minute at most; what it saw last. */
export async function eventually<T>(look: () => Promise<T>, wanted: T): Promise<T> {
  const endMs = performance.now() + 30_000;
  for (;;) {
    const seen = await look();
    if (JSON.stringify(seen) === JSON.stringify(wanted) || performance.now() > endMs) return seen;
    await sleep(50);
  }
}

/** Enough for an answer on a busy machine. */
export const longMs = 30_000;

/** What a connect from a pod comes to: what the other side said until it closed, an error code, or "hangs". */
export const connectFrom = (
  network: PodNetwork,
  pod: string,
  host: string,
  port: number,
  patienceMs = longMs,
): Promise<string> =>
  output(
    network.spawn(pod, process.execPath, ["-e", connectScript, host, String(port), String(patienceMs)], {
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );

const greetScript = `
const [host, port, text] = process.argv.slice(1);
require("node:net").createServer((s) => s.on("error", () => {}).end(text + " to " + s.remoteAddress.replace("::ffff:", ""))).listen(Number(port), host, () => console.log("up"));`;

/** A server in a pod that says its text and the client's address, then closes. */
export async function greet(
  network: PodNetwork,
  pod: string,
  port: number,
  text = pod,
): Promise<ChildProcess> {
  const host = network.addressOf(pod) ?? "";
  const child = network.spawn(pod, process.execPath, ["-e", greetScript, host, String(port), text], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout!, "data");
  return child;
}
