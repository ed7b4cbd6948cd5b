const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A resource quantity ("250m", "64Mi") as a number of cores or bytes; undefined when it is none. */
export function parseQuantity(text: unknown): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([a-zA-Z]{0,2})$/.exec(String(text ?? ""));
  const factor = factors[match?.[2] ?? "?"];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}
