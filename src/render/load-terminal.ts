import type { TerminalStyle } from "../base/terminal.ts";
import type { LoadReport } from "../report/load-report.ts";
import { barLine } from "./bars.ts";
import type { Ink } from "./ink.ts";
import { block, commandLine } from "./lines.ts";
import {
  answersText,
  attributionText,
  causeTexts,
  doubtTexts,
  drainTexts,
  duringText,
  latencyText,
  loadText,
  nextTexts,
  restText,
  stateText,
  thresholdTexts,
  verdictText,
} from "./load-words.ts";
import { laidOut, lossLines } from "./terminal.ts";
import { counted } from "./words.ts";

export const renderLoad = (report: LoadReport, style: TerminalStyle): string =>
  laidOut(report, style, (safe, ink) => [
    ...headLines(safe, ink),
    "",
    ...answerLines(safe, ink, style.hasUnicode),
    ...clusterLines(safe, ink),
    ...nextLines(safe, ink),
  ]);

function headLines(report: LoadReport, ink: Ink): string[] {
  const { verdict } = report;
  const paint = { held: ink.green, broken: ink.red, "cannot-tell": ink.yellow }[verdict];
  const sign = { held: ink.sign.ok, broken: ink.sign.broken, "cannot-tell": ink.sign.unknown }[verdict];
  const during = duringText(report);
  return [
    ...block("", loadText(report), ink.width),
    ...(during === undefined ? [] : block("  ", during, ink.width)),
    "",
    ...block(`${sign} `, verdictText(report), ink.width).map((line) => ink.bold(paint(line))),
    ...thresholdTexts(report).flatMap(({ held, text }) =>
      block(`  ${held ? ink.sign.ok : ink.sign.broken} `, text, ink.width),
    ),
    ...doubtTexts(report).flatMap((text) => block(`  ${ink.sign.suspect} `, text, ink.width).map(ink.yellow)),
  ];
}

const mostBars = 60;

function answerLines(report: LoadReport, ink: Ink, hasUnicode: boolean): string[] {
  const { series, counts, startedAt, rests } = report;
  const startMs = Date.parse(startedAt);
  const rows = series.requests.map((requests, i) => ({
    from: new Date(startMs + i * series.seconds * 1000).toISOString(),
    seconds: series.seconds,
    requests,
    failed: {},
  }));
  const { bars, seconds } = barLine(rows, series.failed, mostBars, hasUnicode);
  return [
    ...block("Answers  ", answersText(report), ink.width),
    ...block("Latency  ", latencyText(report), ink.width),
    ...(counts.failed === 0 ? [] : [`Failed   |${bars}|  one sign is ${counted(seconds, "second")}`]),
    ...rests.flatMap((rest, i) =>
      block(i === 0 ? "Idle     " : "         ", `connections that ${restText(rest)}`, ink.width),
    ),
  ];
}

const mostStates = 8;

function clusterLines(report: LoadReport, ink: Ink): string[] {
  const { cluster, unattributed } = report;
  if (cluster === undefined)
    return ["", ...block("", `Failures were not attributed: ${unattributed}`, ink.width).map(ink.dim)];
  const attribution = attributionText(report);
  const { states } = cluster.attribution;
  const causes = causeTexts(report);
  const drain = drainTexts(cluster);
  return [
    ...(causes.length === 0
      ? []
      : [
          "",
          ink.bold("Cause, by the usual diagnosis of that time"),
          ...causes.flatMap((text) => block(`  ${ink.sign.broken} `, text, ink.width)),
        ]),
    ...(attribution === undefined
      ? []
      : [
          "",
          ink.bold("What the pods of failed requests were going through"),
          ...block("  ", attribution, ink.width),
          ...states
            .slice(0, mostStates)
            .flatMap((state) => [
              ...block(`  ${ink.sign.broken} `, stateText(state), ink.width),
              ...block("    ", `${state.example.text} [${state.example.id}]`, ink.width).map(ink.dim),
            ]),
          ...(states.length > mostStates ? [`    … ${states.length - mostStates} more with -o json`] : []),
        ]),
    ...(drain.length === 0
      ? []
      : ["", ink.bold("After a pod is deleted"), ...drain.flatMap((text) => block("  ", text, ink.width))]),
    ...(cluster.losses.length === 0 ? [] : ["", ...lossLines(cluster, ink).slice(0, -1)]),
  ];
}

function nextLines(report: LoadReport, ink: Ink): string[] {
  const next = nextTexts(report);
  return next.length === 0 ? [] : ["", ink.bold("Next"), ...next.map(commandLine)];
}
