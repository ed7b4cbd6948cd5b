/** Computes `f` once per object: for indexes and scans that every route of one evidence shares. */
export function oncePer<K extends object, V>(f: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const hit = known.get(key);
    if (hit !== undefined) return hit.value;
    const value = f(key);
    known.set(key, { value });
    return value;
  };
}
