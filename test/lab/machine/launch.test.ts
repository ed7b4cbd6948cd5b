import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Pod } from "kubernetes-types/core/v1";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { launchLab } from "../../../lab/machine/launch.ts";
import { lacks } from "../../support/programs.ts";
import { needed } from "../network/inside.ts";
import { heardAt, launchTestLab, processesOf, processIdsOf } from "./launched.ts";

const configMap = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default" },
});

const namesAt = async (url: string | undefined): Promise<string[]> => {
  const response = await fetch(`${url}/api/v1/namespaces/default/configmaps`);
  const list = (await response.json()) as { items: { metadata: { name: string } }[] };
  return list.items.map(({ metadata }) => metadata.name);
};

const untilGone = async (folder: string): Promise<void> => {
  while (existsSync(folder) || processesOf(folder).length > 0) await sleep(20);
};

const launcher = fileURLToPath(new URL("launcher.ts", import.meta.url));

/** A lab of another process, and its folder. */
async function launchedElsewhere(
  ...args: string[]
): Promise<{ child: ReturnType<typeof spawn>; folder: string }> {
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await once(child.stdout!, "data")) as [Buffer];
  return { child, folder: said.toString().trim() };
}

describe.skipIf(lacks("launching a lab", ...needed))("a launched lab", () => {
  it("answers orders, opens doors, and two are strangers to each other", async () => {
    const notices: string[] = [];
    const labs = await Promise.all([
      launchTestLab({ seed: 1, onNotice: (text) => notices.push(text) }),
      launchTestLab({ seed: 2, objects: [configMap("second")] }),
    ]);
    const [first, second] = labs;
    expect(await first.ask("apply", { objects: [configMap("first")] })).toBe(1);
    expect(await first.ask("step", { name: "nothing" })).toBeNull();
    expect(await first.ask("tally", null)).toEqual([]);
    expect(await first.ask("log", { namespace: "shop", pod: "cart", container: "app" })).toBe(
      `cart in ${first.folder}`,
    );
    await expect(first.ask("step", { name: "refuse" })).rejects.toThrow("not this one");
    await expect(first.ask("apply", { objects: [{ kind: "Nonsense" }] })).rejects.toThrow("Nonsense");
    expect(await namesAt(first.url("api"))).toEqual(["first"]);
    expect(await namesAt(second.url("api"))).toEqual(["second"]);
    expect(await Promise.all(labs.map((lab) => heardAt(lab.url("gateway"))))).toEqual(["lab 1", "lab 2"]);
    expect(notices).toEqual(["greeting"]);
    expect(first.folder).not.toBe(second.folder);

    await first.stop();
    expect([existsSync(first.folder), processesOf(first.folder)]).toEqual([false, []]);
    expect(await heardAt(second.url("gateway"))).toBe("lab 2");
    await expect(first.ask("tally", null)).rejects.toThrow("the lab has ended");
    await second.stop();
    expect([existsSync(second.folder), processesOf(second.folder)]).toEqual([false, []]);
  });

  it("is a cluster whose DNS pod runs and has a log", async () => {
    const lab = await launchLab();
    const pods = `${lab.url("api")}/api/v1/namespaces/kube-system/pods`;
    const readyPod = async (): Promise<string> => {
      for (;;) {
        const { items } = (await (await fetch(pods)).json()) as { items: Pod[] };
        const ready = items.find((pod) => pod.status?.containerStatuses?.[0]?.ready === true);
        if (ready?.metadata?.name !== undefined) return ready.metadata.name;
        await sleep(50);
      }
    };
    const name = await readyPod();
    expect(await (await fetch(`${pods}/${name}/log`)).text()).toContain("CoreDNS-1.11.3");
    await lab.stop();
    expect([existsSync(lab.folder), processesOf(lab.folder)]).toEqual([false, []]);
  });

  it("tells its last words when it crashes, and is gone", async () => {
    const lab = await launchTestLab();
    await lab.ask("step", { name: "crash" });
    await expect(lab.closed).rejects.toThrow(/ended by itself \(exit code 1\)[^]*a step went wrong/);
    expect([existsSync(lab.folder), processesOf(lab.folder)]).toEqual([false, []]);
  });

  it("leaves nothing when its launcher is killed", async () => {
    const { child, folder } = await launchedElsewhere();
    expect(processesOf(folder).length).toBeGreaterThan(3);
    child.kill("SIGKILL");
    await untilGone(folder);
    expect([existsSync(folder), processesOf(folder)]).toEqual([false, []]);
  });

  it("leaves nothing even when it is too busy to notice", async () => {
    const { child, folder } = await launchedElsewhere("hang");
    await once(child.stdout!, "data");
    child.kill("SIGKILL");
    await untilGone(folder);
    expect([existsSync(folder), processesOf(folder)]).toEqual([false, []]);
  });

  it("is swept up by the next when even its first process was killed", async () => {
    const { child, folder } = await launchedElsewhere();
    child.kill("SIGSTOP");
    // The others end with the process that made their namespaces.
    process.kill(Math.min(...processIdsOf(folder)), "SIGKILL");
    await expect.poll(() => processesOf(folder)).toEqual([]);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(existsSync(folder)).toBe(true);
    const next = await launchTestLab();
    expect([existsSync(folder), existsSync(next.folder)]).toEqual([false, true]);
    await next.stop();
  });

  it("ends in order when its launcher is told to", async () => {
    const { child, folder } = await launchedElsewhere();
    child.kill("SIGTERM");
    const [said] = (await once(child.stdout!, "data")) as [Buffer];
    const [code] = (await once(child, "exit")) as [number];
    expect([said.toString(), code, existsSync(folder), processesOf(folder)]).toEqual([
      "closed\n",
      0,
      false,
      [],
    ]);
  });
});
