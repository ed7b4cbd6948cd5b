import { displayWidth, padded } from "../base/text.ts";
import type { HopProbe, ProbeReport, ServiceProbe } from "../report/probe-report.ts";
import type { Ink } from "./ink.ts";
import { block, commandLine } from "./lines.ts";
import {
  originText,
  outcomeText,
  placeText,
  podText,
  requestText,
  saidText,
  timingText,
  tlsText,
} from "./probe-words.ts";
import { laidOut, type TerminalOptions } from "./terminal.ts";
import { isCommand } from "./words.ts";

/** Each hop and what it answered, the verdict before them. */
export const renderProbe = (report: ProbeReport, { style, verbose }: TerminalOptions): string =>
  laidOut(report, style, (safe, ink) => probeLines(safe, ink, verbose));

export function probeLines(report: ProbeReport, ink: Ink, verbose: boolean): string[] {
  const { verdict, notes, unknown } = report;
  const paint = verdict.state === "well" ? ink.green : verdict.state === "failing" ? ink.red : ink.yellow;
  const sign =
    verdict.state === "well" ? ink.sign.ok : verdict.state === "failing" ? ink.sign.broken : ink.sign.unknown;
  return [
    ink.bold(requestText(report)),
    "",
    ...block(`${sign} `, verdict.sentence, ink.width).map((line) => ink.bold(paint(line))),
    ...verdict.layers.flatMap(({ because }) => because.flatMap((text) => block("  - ", text, ink.width))),
    "",
    ...hopTable(report, ink, verbose),
    ...(unknown.length === 0 ? [] : ["", ink.bold("Not known")]),
    ...unknown.flatMap(({ what, reason, next }) => [
      ...block(`  ${ink.sign.unknown} `, `${what}: ${reason}`, ink.width, ink.yellow),
      ...(next === undefined ? [] : [commandLine(next)]),
    ]),
    ...(notes.length === 0 ? [] : [""]),
    ...notes.flatMap((note) => block("", note, ink.width).map(ink.dim)),
    ...(verdict.next.length === 0 ? [] : ["", ink.bold("Next")]),
    ...verdict.next.flatMap((step) => (isCommand(step) ? [commandLine(step)] : block("  ", step, ink.width))),
  ];
}

/** Longer names stand on a line of their own. */
const widestName = 40;

/** The Service stands where requests pass it: before the pods. */
function hopTable(report: ProbeReport, ink: Ink, verbose: boolean): string[] {
  const { hops, service } = report;
  const placeWidth = Math.max(...Object.values(placeText).map((text) => text.length));
  const names = [...hops.map((hop) => hop.name), ...(service === undefined ? [] : [service.name])];
  const nameWidth = Math.min(widestName, Math.max(0, ...names.map(displayWidth)));
  const widths = { placeWidth, nameWidth };
  const front = hops.filter((hop) => hop.place !== "pod");
  const pods = hops.filter((hop) => hop.place === "pod");
  return [
    ...front.flatMap((hop) => hopLines(hop, report, ink, widths, verbose)),
    ...(service === undefined ? [] : serviceLines(service, ink, widths)),
    ...pods.flatMap((hop) => hopLines(hop, report, ink, widths, verbose)),
  ];
}

interface Widths {
  readonly placeWidth: number;
  readonly nameWidth: number;
}

function hopLines(hop: HopProbe, report: ProbeReport, ink: Ink, widths: Widths, verbose: boolean): string[] {
  const { state, place, name } = hop;
  const timing = timingText(hop);
  const outcome = `${outcomeText(hop)}${podText(hop)}${timing === "" ? "" : `; ${timing}`}`;
  const origin = state === "failed" || verbose ? originText(hop) : undefined;
  const tls = tlsText(hop, report.startedAt);
  const said = state === "failed" || verbose ? saidText(hop) : "";
  const rest = " ".repeat(widths.placeWidth + 6);
  return [
    ...stationLines(state, placeText[place], name, outcome, ink, widths),
    ...(tls === undefined ? [] : block(rest, tls, ink.width)),
    ...(verbose && hop.tls !== undefined
      ? hop.tls.chain.flatMap((c) =>
          block(
            `${rest}  `,
            `${c.subject} from ${c.issuer}, ${c.from.slice(0, 10)} to ${c.to.slice(0, 10)}`,
            ink.width,
          ),
        )
      : []),
    ...(origin === undefined ? [] : block(rest, origin, ink.width)),
    ...(said === "" ? [] : block(rest, `says: ${said}`, ink.width).map(ink.dim)),
  ];
}

/** On one line where it fits, else the outcome below the name. */
function stationLines(
  state: HopProbe["state"],
  place: string,
  name: string,
  outcome: string,
  ink: Ink,
  { placeWidth, nameWidth }: Widths,
): string[] {
  const paint = state === "ok" ? ink.green : state === "failed" ? ink.red : ink.yellow;
  const sign = state === "ok" ? ink.sign.ok : state === "failed" ? ink.sign.broken : ink.sign.unknown;
  const start = `  ${paint(sign)} ${padded(place, placeWidth)}  `;
  const indent = placeWidth + 6;
  const whole = `${padded(name, nameWidth)}  ${outcome}`;
  return indent + displayWidth(whole) <= ink.width
    ? [start + whole]
    : [start + name, ...block(" ".repeat(indent), outcome, ink.width)];
}

function serviceLines({ name, state, note }: ServiceProbe, ink: Ink, widths: Widths): string[] {
  const as = state === "broken" ? "failed" : state;
  return stationLines(as, "Service", name.replace(/^Service /, ""), `${note}, by the API`, ink, widths);
}
