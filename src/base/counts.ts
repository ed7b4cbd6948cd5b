import { proportionInterval } from "./statistics/binomial.ts";

/** "3,400". */
export const grouped = (n: number): string => n.toLocaleString("en-US");

/** "12 of 3,400 failed: 0.35 % (0.2 to 0.6)": a count with its share and the 95 % interval of that. */
export const countedText = (part: number, whole: number, what: string): string =>
  `${grouped(part)} of ${grouped(whole)} ${what}${whole > 0 ? `: ${shareText(part, whole)}` : ""}`;

/**
 * "0.35 % (0.2 to 0.6)": a share and its 95 % interval (Clopper and Pearson), with as many digits as the
 * interval leaves a meaning to.
 */
export function shareText(part: number, whole: number): string {
  if (whole <= 0) return "of none";
  const { low, high } = proportionInterval(part, whole);
  const digits = Math.max(0, -Math.floor(Math.log10((high - low) * 100)));
  const share = Number(((100 * part) / whole).toFixed(Math.min(20, digits + 1)));
  return `${plain(share)} % (${bound(low, digits)} to ${bound(high, digits)})`;
}

/** A bound in percent; one that is not 0 is not printed as 0, nor one below 100 as 100. */
function bound(part: number, digits: number): string {
  const text = (100 * part).toFixed(digits);
  if (Number(text) === 0 && part > 0) return plain(Number((100 * part).toPrecision(1)));
  if (Number(text) === 100 && part < 1) return plain(100 - Number((100 * (1 - part)).toPrecision(1)));
  return plain(Number(text));
}

/** Without an exponent. */
const plain = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: 20, useGrouping: false });

/** "p = 0.003", "p < 10^-12": the chance of a thing by itself. */
export function chanceText(p: number): string {
  if (p >= 0.001) return `p = ${Number(p.toPrecision(1))}`;
  if (p <= 0) return "p < 10^-300";
  return `p < 10^${Math.ceil(Math.log10(p) - 1e-9)}`;
}

/** "850 ms", "12.5 s", "4 min", "2 h", "3 d": the largest unit that leaves at most one decimal of meaning. */
export function spanText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  for (const [unitMs, unit, upToMs] of units) {
    if (ms < upToMs) return `${Number((ms / unitMs).toFixed(1))} ${unit}`;
  }
  return `${Number((ms / 86_400_000).toFixed(1))} d`;
}

const units = [
  [1000, "s", 120_000],
  [60_000, "min", 7_200_000],
  [3_600_000, "h", 172_800_000],
] as const;

/** "2026-11-20T14:47:01Z": a moment to the second. */
export const momentText = (ms: number): string =>
  `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
