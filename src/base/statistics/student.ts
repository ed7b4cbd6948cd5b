import { lnGamma } from "./log-gamma.ts";

/** P(|T| ≥ t) of Student's distribution; `freedom` need not be whole. */
export function studentTwoSided(t: number, freedom: number): number {
  if (!(freedom > 0)) return 1;
  return regularisedBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** I_x(a, b): the regularised incomplete beta function, by Lentz's evaluation of its continued fraction. */
function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a);
  const lnFront = lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return Math.exp(lnFront + Math.log(fraction(x, a, b)) - Math.log(a));
}

function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let value = d;
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const step of [even, odd]) {
      d = 1 / (1 + step * d || tiny);
      c = 1 + step / c || tiny;
      value *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}
