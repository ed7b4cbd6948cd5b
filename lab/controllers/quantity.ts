import { parseQuantity } from "../api-server/writes/rules/quantity.ts";

/** "250m", "1.5", "64Mi", "1e3" as a number; 0 when it is none (kubernetes apimachinery pkg/api/resource/quantity.go). */
export function quantity(text: string | number | undefined): number {
  return typeof text === "number" ? text : (parseQuantity(text ?? "") ?? 0);
}

/** CPU in thousandths of a core, rounded up. */
export const millicores = (text: string | number | undefined): number =>
  Math.ceil(Number((quantity(text) * 1000).toFixed(6)));
