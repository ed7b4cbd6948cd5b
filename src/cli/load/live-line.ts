import { grouped } from "../../base/counts.ts";
import { cut } from "../../base/text.ts";
import type { LoadTally } from "../../act/load/load-tally.ts";
import type { Doing } from "./during.ts";

const redrawMs = 500;
const lineMs = 10_000;
const eraseLine = "\r\u001b[K";

/** Tells on standard error how the load goes: a line that is redrawn on a terminal, one every 10 s elsewhere. */
export function startLiveLine(tally: LoadTally, forMs: number, doing: Doing | undefined): () => void {
  const startMs = performance.now();
  const { stderr } = process;
  const text = (): string => liveText(tally, performance.now() - startMs, forMs, doing);
  const draw = (): unknown =>
    stderr.isTTY
      ? stderr.write(`${eraseLine}${cut(text(), (stderr.columns ?? 80) - 1)}`)
      : stderr.write(`${text()}\n`);
  const timer = setInterval(draw, stderr.isTTY ? redrawMs : lineMs);
  return () => {
    clearInterval(timer);
    if (stderr.isTTY) stderr.write(eraseLine);
  };
}

export function liveText(
  tally: Pick<LoadTally, "requests" | "failed" | "recentP99Ms">,
  elapsedMs: number,
  forMs: number,
  doing: Doing | undefined,
): string {
  const p99Ms = tally.recentP99Ms();
  const parts = [
    `${Math.round(elapsedMs / 1000)} of ${doing === undefined ? "" : "at most "}${Math.round(forMs / 1000)} s`,
    `${grouped(tally.requests)} answered, ${grouped(tally.failed)} failed`,
    ...(p99Ms === undefined ? [] : [`p99 lately ${Math.round(p99Ms)} ms`]),
    ...(doing === undefined || doing.state === "waiting"
      ? []
      : [doing.state === "done" ? "rollout done, waiting for old pods" : "rollout under way"]),
    "Ctrl-C ends it",
  ];
  return parts.join(", ");
}
