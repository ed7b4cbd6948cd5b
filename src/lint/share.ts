/** Pods that a number or a percentage of them means; undefined for what is neither. */
export function podsOf(
  written: string | number | undefined,
  replicas: number,
  round: "up" | "down",
): number | undefined {
  if (typeof written === "number") return written;
  const percent = /^(\d{1,4})%$/.exec(written ?? "")?.[1];
  if (percent === undefined) return undefined;
  const exact = (Number(percent) * replicas) / 100;
  return round === "up" ? Math.ceil(exact) : Math.floor(exact);
}
