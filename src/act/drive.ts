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
  readonly answerMs: number;
  /** Called with each answer; true ends the driving. */
  readonly onAnswer: (answer: Answer) => boolean;
}

const mostAtOnce = 256;

/** Sends at its own pace until the time is over or `onAnswer` has heard enough. */
export async function drive(
  shot: Shot,
  { perSecond, forMs, answerMs, onAnswer }: DriveOptions,
): Promise<void> {
  const plan = { shot, userAgent: "why5xx-verify", perSecond, forMs, answerMs, mostAtOnce, graceMs: 0 };
  const state = { isOver: false };
  await sendLoad(plan, {
    onEnd: (answer) => {
      state.isOver ||= onAnswer(answer);
      return state.isOver;
    },
  });
}
