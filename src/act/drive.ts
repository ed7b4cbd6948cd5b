import { restingAtOnce } from "./load/rest-connections.ts";
import { sendLoad } from "./load/send-load.ts";
import type { Shot } from "./load/shot.ts";

export interface Answer {
  /** Absent: no whole answer came, and `error` says why. */
  readonly status?: number;
  readonly error?: string;
}

export interface DriveOptions {
  readonly perSecond: number;
  readonly forMs: number;
  /** Instead: connections that rest so long, ms, and are then all used at once, again and again. */
  readonly restMs?: number;
  readonly answerMs: number;
  /** Called with each answer; true ends the driving. */
  readonly onAnswer: (answer: Answer) => boolean;
}

const mostAtOnce = 256;

/** What is sent in between would use the connections that are to rest: the second comes after eleven days. */
const firstOnly = 1e-6;

/** Requests a second that connections send which rest in between. */
export const restingPerSecond = (restMs: number): number => (restingAtOnce * 1000) / restMs;

/** Sends at its own pace until the time is over or `onAnswer` has heard enough. */
export async function drive(
  shot: Shot,
  { perSecond, forMs, restMs, answerMs, onAnswer }: DriveOptions,
): Promise<void> {
  const plan = {
    shot,
    userAgent: "why5xx-verify",
    answerMs,
    mostAtOnce,
    forMs,
    graceMs: 0,
    ...(restMs === undefined ? { perSecond } : { perSecond: firstOnly, restsMs: [restMs] }),
  };
  const state = { isOver: false };
  await sendLoad(plan, {
    onEnd: (answer) => {
      state.isOver ||= onAnswer(answer);
      return state.isOver;
    },
  });
}
