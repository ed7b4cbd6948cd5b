import { cut } from "../base/text.ts";
import type { TerminalStyle } from "../base/terminal.ts";
import type { WatchInterval, WatchReport } from "../report/watch-report.ts";
import { barLine } from "./bars.ts";
import { laidOut } from "./terminal.ts";
import { podsText, rateText, rolloutText, shareText, spanText } from "./watch-words.ts";

/** What is known while it is watched. */
export interface LiveView {
  readonly target: string;
  readonly passedSeconds: number;
  readonly wholeSeconds: number;
  readonly before?: { readonly requests: number; readonly failed: number };
  /** Absent: nobody can count. */
  readonly during?: { readonly requests: number; readonly failed: number };
  readonly series: readonly WatchInterval[];
  readonly pods: WatchReport["pods"];
  readonly rollouts: WatchReport["rollouts"];
  /** Newest last. */
  readonly happened: WatchReport["happened"];
}

const shownHappened = 5;

/** A block of at most `rows` lines that is drawn again and again; no line is broken in two. */
export function liveBlock(view: LiveView, style: TerminalStyle, rows: number): string {
  const text = laidOut(view, style, (safe, ink) => {
    const { before, during, series, pods, rollouts, happened } = safe;
    const line = (name: string, words: string): string => cut(`  ${name.padEnd(11)}${words}`, ink.width - 1);
    const failed = series.map((interval) => interval.failed);
    const { bars } = barLine(series, failed, ink.width - 17, style.hasUnicode);
    return [
      ink.bold(
        cut(
          `${safe.target}  ${spanText(safe.passedSeconds)} of ${spanText(safe.wholeSeconds)}, Ctrl-C ends early`,
          ink.width - 1,
        ),
      ),
      line("before", before === undefined ? "not known" : rateText(before)),
      line(
        "now",
        during === undefined
          ? "requests cannot be counted"
          : `${rateText(during)}, ${rateNow(series)} a second`,
      ),
      ...(during === undefined ? [] : [`  failures   |${ink.red(bars)}`]),
      line("pods", podsText(pods)),
      ...rollouts.map((rollout) => line("rollout", rolloutText(rollout))),
      ...happened
        .slice(-shownHappened)
        .map(({ at, text: what }) => ink.dim(cut(`  ${at.slice(11, 19)} ${what}`, ink.width - 1))),
    ].slice(0, Math.max(3, rows));
  });
  return text;
}

/** Of the newest whole stretch: the last one has just begun. */
function rateNow(series: readonly WatchInterval[]): string {
  const whole = series.at(-2) ?? series.at(-1);
  return whole === undefined ? "0" : String(Number((whole.requests / whole.seconds).toPrecision(2)));
}

/** "1m20s: 3 of 740 requests failed (0.41%), before 0%; 3 ready…": one line where nothing can be redrawn. */
export function liveLine(view: LiveView, style: TerminalStyle): string {
  return laidOut(view, style, ({ before, during, pods, rollouts, passedSeconds }) => {
    const rate = during === undefined ? "requests cannot be counted" : rateText(during);
    const was =
      before === undefined || before.requests === 0
        ? ""
        : `, before ${shareText(before.failed / before.requests)}`;
    const under = rollouts.filter(({ state }) => state === "under-way" || state === "stuck").map(rolloutText);
    return [[`${spanText(passedSeconds)}: ${rate}${was}`, podsText(pods), ...under].join("; ")];
  });
}
