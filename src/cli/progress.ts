import { cut, visible } from "../base/text.ts";

/** Tells on standard error what is being waited for; a report on standard output never mixes with it. */
export interface Progress {
  /** A phase begins; it is told once it takes long. */
  readonly phase: (message: string) => void;
  /** A phase that will block: told at once, as no timer can run then. */
  readonly heavyPhase: (message: string) => void;
  /** Nothing is being waited for any more. */
  readonly end: () => void;
}

export interface ProgressSink {
  readonly write: (text: string) => void;
  readonly isTty: boolean;
  readonly columns: number;
  readonly isVerbose: boolean;
  readonly nowMs: () => number;
}

const patienceMs = 1000;
const eraseLine = "\r\u001b[K";

/** On a terminal one line that goes away again; with --verbose a line for each phase that stays; else nothing. */
export function startProgress({ write, isTty, columns, isVerbose, nowMs }: ProgressSink): Progress {
  const startedMs = nowMs();
  let timer: NodeJS.Timeout | undefined;
  let isShown = false;
  const erase = (): void => {
    clearTimeout(timer);
    if (isShown) write(eraseLine);
    isShown = false;
  };
  const show = (message: string): void => {
    write(`${eraseLine}${cut(`${visible(message)} …`, columns - 1)}`);
    isShown = true;
  };
  const begin = (message: string, delayMs: number): void => {
    if (isVerbose) write(`${((nowMs() - startedMs) / 1000).toFixed(1)}s ${visible(message)}\n`);
    else if (isTty && delayMs === 0) show(message);
    else if (isTty) {
      // The line on show stays until its successor has earned a place, so that it does not flicker.
      clearTimeout(timer);
      if (isShown) show(message);
      else timer = setTimeout(show, delayMs, message).unref();
    }
  };
  return { phase: (m) => begin(m, patienceMs), heavyPhase: (m) => begin(m, 0), end: erase };
}

export const standardProgress = (isVerbose: boolean): Progress =>
  startProgress({
    write: (text) => void process.stderr.write(text),
    isTty: process.stderr.isTTY,
    columns: process.stderr.columns ?? 80,
    isVerbose,
    nowMs: () => performance.now(),
  });
