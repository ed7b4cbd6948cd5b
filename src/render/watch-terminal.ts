import type { WatchReport } from "../report/watch-report.ts";
import { barLine } from "./bars.ts";
import type { Ink } from "./ink.ts";
import { block } from "./lines.ts";
import { laidOut, lossLines, type TerminalOptions } from "./terminal.ts";
import { targetLines } from "./terminal-target.ts";
import { drainText, podsText, rateText, rolloutText, spanText, verdictWords } from "./watch-words.ts";
import { count, objectText, span, tally } from "./words.ts";

const shownHappened = 12;
const shownStates = 5;

/** What was watched, the verdict first; then the usual diagnosis where something is wrong. */
export const renderWatch = (report: WatchReport, { style, verbose }: TerminalOptions): string =>
  laidOut(report, style, (safe, ink) => watchLines(safe, verbose, ink, style.hasUnicode));

function watchLines(report: WatchReport, verbose: boolean, ink: Ink, hasUnicode: boolean): string[] {
  const { verdict, why, diagnosis } = report;
  const paint = verdict === "fine" ? ink.green : verdict === "failing" ? ink.red : ink.yellow;
  const sign = verdict === "fine" ? ink.sign.ok : verdict === "failing" ? ink.sign.broken : ink.sign.unknown;
  const isTold = diagnosis !== undefined && (verbose || verdict === "failing");
  return [
    ink.bold(
      `${report.target}, watched for ${spanText(report.seconds)}${report.isCutShort ? " (ended early)" : ""}`,
    ),
    ...block("  ", span(report.from, report.to), ink.width),
    ...factLines(report, ink),
    ...pictureLines(report, ink, hasUnicode),
    "",
    ...block(`${sign} `, `${verdictWords[verdict]}: ${why}`, ink.width).map((line) => ink.bold(paint(line))),
    ...(verbose || !isExplained(report) ? stateLines(report, verbose, ink) : []),
    ...happenedLines(report, verbose, ink),
    "",
    ...(isTold ? [ink.bold("Diagnosis of that time"), "", ...targetLines(diagnosis, verbose, ink), ""] : []),
    ...lossLines(report, ink),
  ].slice(0, -1);
}

/** Where a cause explains the failures, what each met beside it is for who asks. */
const isExplained = ({ diagnosis }: WatchReport): boolean => diagnosis?.status === "explained";

function factLines({ before, during, pods, rollouts, drain }: WatchReport, ink: Ink): string[] {
  const line = (name: string, text: string): string[] => block(`  ${name.padEnd(11)}`, text, ink.width);
  const codes = during === undefined ? "" : tally(during.codes);
  return [
    ...line("before", before === undefined ? "not known" : `${rateText(before)}; ${before.source}`),
    ...line(
      "meanwhile",
      during === undefined
        ? "requests could not be counted"
        : `${rateText(during)}${codes === "" ? "" : `: ${codes}`}; ${during.perSecond} a second`,
    ),
    ...line("pods", podsText(pods)),
    ...rollouts.flatMap((rollout) => line("rollout", rolloutText(rollout))),
    ...(drain === undefined ? [] : line("drain", drainText(drain))),
  ];
}

/** Failures over time, under the time that they took. */
function pictureLines({ series }: WatchReport, ink: Ink, hasUnicode: boolean): string[] {
  const failed = series.map((interval) => interval.failed);
  if (series.length < 2 || failed.every((n) => n === 0)) return [];
  const { bars, seconds } = barLine(series, failed, ink.width - 16, hasUnicode);
  return [`  failures   |${ink.red(bars)}|`, ink.dim(`             one sign is ${spanText(seconds)}`)];
}

function stateLines({ states }: WatchReport, verbose: boolean, ink: Ink): string[] {
  if (states.length === 0) return [];
  const shown = verbose ? states : states.slice(0, shownStates);
  return [
    "",
    ink.bold("What the failed attempts met"),
    ...shown.flatMap(({ state, pod, attempts, example }) =>
      block(
        "  ",
        `${count(attempts)} ${state.replace("-", " ")}${pod === undefined ? "" : ` (${objectText(pod)})`}: ${example.text}`,
        ink.width,
      ),
    ),
    ...(shown.length < states.length
      ? [ink.dim(`  ${states.length - shown.length} more with --verbose`)]
      : []),
  ];
}

function happenedLines({ happened }: WatchReport, verbose: boolean, ink: Ink): string[] {
  if (happened.length === 0) return [];
  const shown = verbose ? happened : happened.slice(-shownHappened);
  return [
    "",
    ink.bold("What happened"),
    ...(shown.length < happened.length
      ? [ink.dim(`  ${happened.length - shown.length} before that, with --verbose`)]
      : []),
    ...shown.flatMap(({ at, text }) => block(`  ${at.slice(11, 19)}  `, text, ink.width)),
  ];
}
