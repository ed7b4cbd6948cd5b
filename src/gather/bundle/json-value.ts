/** A parsed JSON or YAML mapping of unknown content. */
export type JsonMap = { readonly [key: string]: unknown };

export const isMap = (value: unknown): value is JsonMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const mapOf = (value: unknown): JsonMap => (isMap(value) ? value : {});

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const mapsOf = (value: unknown): readonly JsonMap[] => listOf(value).filter(isMap);

export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The same mapping without some keys. */
export function without(map: JsonMap, ...keys: readonly string[]): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** The mapping without its undefined values, so that an absent field stays absent. */
export function defined(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
}
