export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names that would reach into the prototype of every object instead of into this one. */
export const isUnsafeName = (name: string): boolean =>
  name === "__proto__" || name === "constructor" || name === "prototype";
