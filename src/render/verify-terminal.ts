import type { TerminalStyle } from "../base/terminal.ts";
import type { CountedRate, VerifyReport } from "../report/verify-report.ts";
import type { Ink } from "./ink.ts";
import { block } from "./lines.ts";
import { probeLines } from "./probe-terminal.ts";
import { laidOut } from "./terminal.ts";
import { count, counted, tally } from "./words.ts";

export const renderVerify = (report: VerifyReport, style: TerminalStyle): string =>
  laidOut(report, style, (safe, ink) => verifyLines(safe, ink));

const words = { fixed: "fixed", "not-fixed": "not fixed", "cannot-tell": "cannot tell yet" } as const;

export function verifyLines(report: VerifyReport, ink: Ink): string[] {
  const { verdict, before, after, request, needed, settling, layers } = report;
  const paint = verdict === "fixed" ? ink.green : verdict === "not-fixed" ? ink.red : ink.yellow;
  const sign =
    verdict === "fixed" ? ink.sign.ok : verdict === "not-fixed" ? ink.sign.broken : ink.sign.unknown;
  const to = request.connectTo === undefined ? "" : ` at ${request.connectTo}`;
  return [
    ink.bold(report.target),
    ...block("  ", `${request.method} ${request.url}${to}, ${request.perSecond} a second`, ink.width),
    ...(before === undefined
      ? ["  before  not known"]
      : block("  before  ", `${rateText(before)} (${before.source})`, ink.width)),
    ...(settling === undefined || settling.requests === 0
      ? []
      : block(
          "  settling  ",
          `${counted(settling.requests, "request")} (${count(settling.failed)} failed) in the first ${seconds(settling.seconds)}, not counted`,
          ink.width,
        )),
    ...block(
      "  after   ",
      `${rateText(after)} in ${seconds(after.seconds)}${after.requests === 0 ? "" : `: ${tally(after.answers)}`}`,
      ink.width,
    ),
    "",
    ...block(`${sign} `, `${words[verdict]}: ${report.why}.`, ink.width).map((line) => ink.bold(paint(line))),
    ...(needed === undefined
      ? []
      : block(
          "  ",
          `It takes ${counted(needed.requests, "more request")} without a failure, ${seconds(needed.seconds)} at ${request.perSecond} a second: --for ${seconds(Math.ceil(needed.seconds + after.seconds))}`,
          ink.width,
        )),
    ...(layers === undefined ? [] : ["", ...probeLines(layers, ink, false)]),
  ];
}

/** "0 of 460 failed, 0% to 0.8%" */
function rateText({ failed, requests, low, high }: CountedRate): string {
  if (requests === 0) return "no request";
  return `${count(failed)} of ${count(requests)} failed, the share is between ${share(low)} and ${share(high)}`;
}

function share(part: number): string {
  const percent = part * 100;
  return `${percent === 0 ? "0" : percent >= 10 ? percent.toFixed(0) : percent.toPrecision(2)}%`;
}

/** "12s", "7m40s", "2h": what --for takes. */
function seconds(value: number): string {
  const whole = Math.max(1, Math.round(value));
  if (whole < 120) return `${whole}s`;
  if (whole < 7200) return `${Math.floor(whole / 60)}m${whole % 60 === 0 ? "" : `${whole % 60}s`}`;
  return `${Math.ceil(whole / 3600)}h`;
}
