/** Where a moment or a count lies in the picture, and the ticks of its axes. */

/** Everything in the picture is placed by these, in units of its viewBox; lettering stays readable on paper. */
export const frame = {
  width: 900,
  left: 182,
  right: 838,
  flags: 20,
  requests: 30,
  failures: 132,
  gap: 14,
  lane: 24,
} as const;

export interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of a moment, kept within the plot. */
  x(ms: number): number;
}

export const timeScale = (fromMs: number, toMs: number, left: number, right: number): Scale => ({
  fromMs,
  toMs,
  x: (ms) => {
    const part = (ms - fromMs) / Math.max(1, toMs - fromMs);
    return round(left + Math.min(1, Math.max(0, part)) * (right - left));
  },
});

/** Two decimals are finer than any screen. */
export const round = (value: number): number => Math.round(value * 100) / 100;

const stepsMs = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
].map((seconds) => seconds * 1000);
const dayMs = 86_400_000;

export interface Tick {
  readonly ms: number;
  /** "10:30", "10:30:05", "18 Nov". */
  readonly label: string;
}

/** Round moments, at most `most` of them. */
export function timeTicks({ fromMs, toMs }: Pick<Scale, "fromMs" | "toMs">, most: number): Tick[] {
  const spanMs = toMs - fromMs;
  const stepMs = stepsMs.find((step) => spanMs / step <= most) ?? Math.ceil(spanMs / most / dayMs) * dayMs;
  const ticks: Tick[] = [];
  for (let ms = Math.ceil(fromMs / stepMs) * stepMs; ms <= toMs; ms += stepMs) {
    ticks.push({ ms, label: tickLabel(new Date(ms).toISOString(), stepMs) });
  }
  return ticks;
}

function tickLabel(iso: string, stepMs: number): string {
  if (stepMs >= dayMs) return iso.slice(5, 10);
  return stepMs < 60_000 ? iso.slice(11, 19) : iso.slice(11, 16);
}

/** The next round number: the top of an axis of counts. */
export function niceTop(count: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, count)));
  const top = [1, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= count) ?? 10;
  return Math.max(2, top * power);
}
