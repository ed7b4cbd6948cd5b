import { displayWidth, padded } from "../base/text.ts";
import type { HopReport, TargetReport } from "../report/report.ts";
import { type Ink, marked } from "./ink.ts";
import { block } from "./lines.ts";
import { objectText } from "./words.ts";

/** The way of the request, one hop a line, with the broken one marked by colour, sign and words. */
export function pathLines(target: TargetReport, ink: Ink): string[] {
  const { route } = target;
  if (route.length === 0) return [];
  const brokenAt = route.findIndex((hop) => hop.state === "broken");
  const nameWidth = Math.max("client".length, ...route.map((hop) => displayWidth(hop.hop)));
  const objectWidth = Math.max(...route.map((hop) => displayWidth(objectOf(hop))));
  const start = route[0]?.hop === "client" ? [] : [`    ${ink.dim("client")}`];
  const rows = route.flatMap((hop, i) => {
    const arrow = brokenAt >= 0 && i > brokenAt ? ink.sign.stops : ink.sign.passes;
    return hopLines(hop, arrow, nameWidth, objectWidth, ink);
  });
  return [ink.bold("Path"), ...start, ...rows];
}

const objectOf = (hop: HopReport): string => (hop.object === undefined ? "" : objectText(hop.object));

function hopLines(hop: HopReport, arrow: string, nameWidth: number, objectWidth: number, ink: Ink): string[] {
  const { sign, paint } = marked(ink, hop.state);
  const isBroken = hop.state === "broken";
  const object = objectOf(hop);
  const here = isBroken ? `  ${ink.sign.here}` : "";
  const name = padded(hop.hop, nameWidth);
  const lead = `  ${arrow} ${name}  ${sign} `;
  const head = (): string =>
    `  ${ink.dim(arrow)} ${isBroken ? ink.bold(paint(name)) : name}  ${paint(sign)} `;
  const painted = (line: string): string => line.replace(ink.sign.here, paint);
  const table = object === "" ? hop.note : `${padded(object, objectWidth)}  ${hop.note}`;
  if (displayWidth(lead + table + here) <= ink.width) return [head() + painted(table + here)];
  const [first, ...rest] = object === "" ? [hop.note] : [object, hop.note];
  const indent = " ".repeat(displayWidth(lead));
  return [
    ...block(lead, first + here, ink.width, head).map(painted),
    ...rest.flatMap((text) => block(indent, text, ink.width)),
  ];
}
