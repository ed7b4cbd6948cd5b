import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { ownFile } from "../own-file.ts";
import { kubeconfigText } from "../api-server/kubeconfig.ts";
import { forward } from "./doors.ts";
import { newLabFolder, sweepLabFolders } from "./lab-folder.ts";
import { LabProblem } from "./lab-problem.ts";
import { namespaceFlags, pathWithSbin } from "./namespaces.ts";
import { openCorrespondence } from "./correspondence.ts";
import type { Answer, Ask, Door, InnerOptions, OrderName } from "./orders.ts";
import { isOfSameUser } from "./same-user.ts";
import { missingOnThisMachine } from "./requirements.ts";

export interface LaunchOptions extends Partial<Omit<InnerOptions, "folder">> {
  /** Ports of 127.0.0.1; 0 (the default) takes free ones. */
  readonly apiPort?: number;
  readonly gatewayPort?: number;
  /** Programs the lab will run besides those it always needs: "nginx", "python3". */
  readonly programs?: readonly string[];
  /** SIGINT and SIGTERM of this process end the lab instead of the process. Default false. */
  readonly takeSignals?: boolean;
  /** What the lab tells people. */
  readonly onNotice?: (text: string) => void;
  /** Module run inside the namespaces. */
  readonly entry?: string;
}

export interface LaunchedLab {
  /** Gone when `closed` resolves. */
  readonly folder: string;
  readonly kubeconfigPath: string;
  /** "http://127.0.0.1:PORT"; undefined while nothing inside has opened that door. */
  url(door: Door): string | undefined;
  /** @throws LabProblem when the lab refuses, or ends before it has answered */
  ask<N extends OrderName>(order: N, ask: Ask<N>): Promise<Answer<N>>;
  /** Ends all parts in order; resolves as `closed` does. */
  stop(): Promise<void>;
  /** Nothing of the lab is left. Rejects with LabProblem and the last words of the lab when it crashed. */
  readonly closed: Promise<void>;
}

const mainPath = ownFile("machine/main.ts");

/**
 * First process of the lab's own process space: reaps orphans, and when the lab has ended, or its launcher is
 * gone and the lab does not notice, ends all that is left and clears up.
 */
const initScript = `
exec 9<&0
folder=$1; shift
"$@" </dev/null 9<&- &
lab=$!
( cat <&9 >/dev/null; sleep 3; kill -9 $lab ) &
wait $lab; code=$?
kill -9 -1
for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- "$folder" && break; sleep 0.1; done
exit $code`;

/**
 * Starts a lab in namespaces of its own and resolves when all its parts run.
 * @throws LabProblem when this machine cannot run one, or it ends before it is ready
 */
export async function launchLab(options: LaunchOptions = {}): Promise<LaunchedLab> {
  const missing = missingOnThisMachine(options.programs ?? [], options.gateway);
  if (missing.length > 0)
    throw new LabProblem(`the lab cannot run here:\n${missing.map((m) => `  ${m}`).join("\n")}`);
  sweepLabFolders();
  const folder = newLabFolder();
  const child = spawn(
    "unshare",
    [...namespaceFlags, "sh", "-c", initScript, "init", folder, process.execPath, options.entry ?? mainPath],
    {
      // Ctrl-C is for the launcher alone: the lab ends its parts in order.
      detached: true,
      stdio: ["pipe", "ignore", "pipe", "ipc"],
      env: { ...process.env, PATH: pathWithSbin(process.env["PATH"]), TZ: "UTC", TMPDIR: folder },
    },
  );
  const servers = new Map<Door, Server>();
  const ports: Record<Door, number> = {
    api: options.apiPort ?? 0,
    gateway: options.gatewayPort ?? 0,
    metrics: 0,
  };
  const lab = openCorrespondence(child, {
    onNotice: options.onNotice ?? (() => {}),
    onOpen: async (door, path) =>
      void servers.set(
        door,
        await forward({ port: ports[door] }, { path }, door === "gateway" ? undefined : isOfSameUser),
      ),
  });
  let isStopping = false;
  const stop = (): Promise<void> => {
    // Asked twice: at once, in whatever order.
    if (isStopping) child.kill("SIGKILL");
    isStopping = true;
    lab.send({ type: "stop" });
    return closed;
  };
  const closed = lab.ended.finally(async () => {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    for (const server of servers.values()) server.close();
    await rm(folder, { recursive: true, force: true });
  });
  closed.catch(() => {});
  if (options.takeSignals === true) process.on("SIGINT", stop).on("SIGTERM", stop);

  const { objects = [], seed = 1, gateway, fault } = options;
  lab.send({
    type: "start",
    options: {
      folder,
      objects,
      seed,
      ...(gateway === undefined ? {} : { gateway }),
      ...(fault === undefined ? {} : { fault }),
    },
  });
  await Promise.race([
    lab.ready,
    closed.then(() => Promise.reject(new LabProblem("the lab was stopped before it was ready"))),
  ]);

  const url = (door: Door): string | undefined => {
    const server = servers.get(door);
    return server === undefined ? undefined : `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const kubeconfigPath = join(folder, "kubeconfig");
  writeFileSync(kubeconfigPath, kubeconfigText({ url: url("api") ?? "" }), { mode: 0o600 });
  const ask: LaunchedLab["ask"] = async (order, question) => {
    const answer = await lab.ask(order, question);
    // Traffic that was cut short, a cluster that is being taken down: no answer.
    if (isStopping) throw new LabProblem("the lab has ended");
    return answer;
  };
  return { folder, kubeconfigPath, url, ask, stop, closed };
}
