/** A JSON object. */
export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value if it is an object, else an empty one. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** The value if it is a list, else an empty one. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The objects of a list of objects. */
export const objectsOf = (value: unknown): readonly JsonObject[] => listOf(value).filter(isObject);

/** A deep copy as JSON would carry it: fields that are undefined are not there. */
export const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Equal as JSON values: the order of fields does not count. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((v, i) => isEqual(v, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a).filter((n) => a[n] !== undefined);
  const others = Object.keys(b).filter((n) => b[n] !== undefined);
  return names.length === others.length && names.every((name) => isEqual(a[name], b[name]));
}

/** The object at a path of field names; an empty one, put there, when there is none. */
export function objectAt(parent: JsonObject, name: string): JsonObject {
  const own = parent[name];
  if (isObject(own)) return own;
  const made: JsonObject = {};
  parent[name] = made;
  return made;
}

/** Sets a field that is not set. */
export function setDefault(object: JsonObject, name: string, value: unknown): void {
  object[name] ??= value;
}
