import type { LogStream } from "../../evidence/evidence.ts";
import { collectionPath, withQuery } from "./paths.ts";
import type { Reader } from "./reader.ts";

export interface LogOf {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous?: boolean;
}

export interface LogLimits {
  readonly tailLines: number;
  readonly maxBytes: number;
  readonly sinceSeconds?: number;
}

/**
 * One container's log, newest lines. `tailLines` is what keeps the newest: the kubelet's `limitBytes`
 * cuts the new end off, so it is set above what those lines should need and only guards against
 * endless ones (kubernetes pkg/kubelet/kuberuntime/logs/logs.go).
 */
export async function readContainerLog(reader: Reader, of: LogOf, limits: LogLimits): Promise<void> {
  const { namespace, pod, container, previous } = of;
  const path = withQuery(`${collectionPath("pods", namespace)}/${encodeURIComponent(pod)}/log`, {
    container,
    previous,
    tailLines: limits.tailLines,
    sinceSeconds: previous === true ? undefined : limits.sinceSeconds,
    limitBytes: limits.maxBytes,
  });
  const stream: Omit<LogStream, "bytes" | "reason"> = {
    namespace,
    pod,
    container,
    name: `${namespace}/${pod}/${container}${previous === true ? " (previous)" : ""}`,
    role: "container",
    ...(previous === true ? { previous: true } : {}),
  };
  const answer = await reader.api.bytes(path, `get pods/log in namespace ${namespace}`, limits.maxBytes);
  if (!answer.ok) {
    reader.collection.log({ ...stream, reason: answer.failure.reason });
    return;
  }
  const { bytes, cut } = answer.value;
  reader.collection.log({ ...stream, bytes });
  const what = `log of ${stream.name}`;
  if (cut === "deadline" || cut === "closed") {
    reader.collection.lose(what, `the answer stopped after ${bytes.length} bytes (${cut})`);
  } else if (bytes.length >= limits.maxBytes) {
    reader.collection.lose(what, `cut at ${limits.maxBytes} bytes: the newest lines are missing`);
  } else if (lineCount(bytes, limits.tailLines) >= limits.tailLines) {
    reader.collection.lose(what, `only the last ${limits.tailLines} lines were read`);
  }
}

const newline = 0x0a;

function lineCount(bytes: Buffer, enough: number): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0 && count < enough; at = bytes.indexOf(newline, at + 1))
    count += 1;
  return count;
}
