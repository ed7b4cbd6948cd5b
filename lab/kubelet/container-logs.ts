import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LiveLog, LogSource } from "../api-server/log-source.ts";
import { stampOf } from "./kube-time.ts";
import { openLineSplitter } from "./line-splitter.ts";

/** Log files of all containers, one per life, as a node has them below /var/log/pods. */
export interface ContainerLogs extends LogSource {
  open(life: ContainerLife): ContainerLog;
  /** The files of a life that nothing shows any more. */
  drop(containerId: string): void;
}

interface ContainerLife {
  readonly containerId: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  /** How many lives came before. */
  readonly restarts: number;
}

export interface ContainerLog {
  write(stream: "stdout" | "stderr", bytes: Buffer): void;
  end(): void;
}

interface Kept extends LiveLog {
  readonly path: string;
}

/** @param nowMs real time with fractions */
export function openContainerLogs(
  folder: string,
  nowMs: () => number = () => performance.timeOrigin + performance.now(),
): ContainerLogs {
  const kept = new Map<string, Kept>();
  return {
    read: (containerId) => kept.get(containerId),
    open: (life) => {
      const { namespace, pod, uid, container, restarts } = life;
      const path = join(folder, "pods", `${namespace}_${pod}_${uid}`, container, `${restarts}.log`);
      const { log, live } = openLog(path, nowMs);
      kept.set(life.containerId, live);
      return log;
    },
    drop: (containerId) => {
      const path = kept.get(containerId)?.path;
      kept.delete(containerId);
      if (path !== undefined) rmSync(path, { force: true });
    },
  };
}

function openLog(path: string, nowMs: () => number): { log: ContainerLog; live: Kept } {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a");
  const lineListeners = new Set<(line: Uint8Array) => void>();
  const endListeners = new Set<() => void>();
  let hasEnded = false;

  const add = (stream: string, tag: string, text: Buffer): void => {
    const stamp = stampOf(nowMs());
    const end = Buffer.from("\n");
    writeSync(file, Buffer.concat([Buffer.from(`${stamp} ${stream} ${tag} `), text, end]));
    for (const tell of lineListeners) tell(Buffer.concat([Buffer.from(`${stamp} `), text, end]));
  };
  const splitters = {
    stdout: openLineSplitter((text, isWhole) => add("stdout", isWhole ? "F" : "P", text)),
    stderr: openLineSplitter((text, isWhole) => add("stderr", isWhole ? "F" : "P", text)),
  };
  const log: ContainerLog = {
    write: (stream, bytes) => {
      if (!hasEnded) splitters[stream].write(bytes);
    },
    end: () => {
      if (hasEnded) return;
      splitters.stdout.end();
      splitters.stderr.end();
      hasEnded = true;
      closeSync(file);
      for (const tell of endListeners) tell();
    },
  };
  const follow: LiveLog["follow"] = (onLine, onEnd) => {
    if (hasEnded) queueMicrotask(onEnd);
    lineListeners.add(onLine);
    endListeners.add(onEnd);
    return () => {
      lineListeners.delete(onLine);
      endListeners.delete(onEnd);
    };
  };
  return { log, live: { path, follow, bytes: () => withoutTags(readFileSync(path)) } };
}

/** "TIME stdout F text" becomes "TIME text". */
const withoutTags = (file: Buffer): Buffer =>
  Buffer.from(file.toString("latin1").replace(/^(\S{30}) std(?:out|err) [FP] /gm, "$1 "), "latin1");
