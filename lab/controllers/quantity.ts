const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** "250m", "1.5", "64Mi", "1e3" as a number; 0 when it is none (kubernetes apimachinery pkg/api/resource/quantity.go). */
export function quantity(text: string | number | undefined): number {
  if (typeof text === "number") return text;
  const [, digits, suffix = ""] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text ?? "") ?? [];
  const factor = factors[suffix];
  return digits === undefined || factor === undefined ? 0 : Number(digits) * factor || 0;
}

/** CPU in thousandths of a core, rounded up. */
export const millicores = (text: string | number | undefined): number =>
  Math.ceil(Number((quantity(text) * 1000).toFixed(6)));
