import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { launchLab, type LaunchedLab, type LaunchOptions } from "../../../lab/machine/launch.ts";

const entry = fileURLToPath(new URL("entry.ts", import.meta.url));

export const launchTestLab = (options: LaunchOptions = {}): Promise<LaunchedLab> =>
  launchLab({ entry, ...options });

/** All processes of this machine that belong to a lab: its folder is in their environment or arguments. */
const foundOf = (folder: string): { readonly pid: number; readonly command: string }[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const texts = ["environ", "cmdline"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8"));
        const isOfLab = texts.some((text) => text.includes(folder));
        return isOfLab ? [{ pid: Number(pid), command: texts[1]!.replaceAll("\0", " ") }] : [];
      } catch {
        // It ended meanwhile, or is another user's.
        return [];
      }
    });

export const processesOf = (folder: string): string[] => foundOf(folder).map(({ command }) => command);
export const processIdsOf = (folder: string): number[] => foundOf(folder).map(({ pid }) => pid);

/** What the gateway's door says before it closes. */
export const heardAt = (url: string | undefined): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url ?? "").port), "127.0.0.1");
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => (text += part));
    socket.on("end", () => resolve(text)).on("error", reject);
  });
