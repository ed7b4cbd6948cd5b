/** Positions of access lines, kept without their text: 28 bytes each. */
export interface LineStore {
  readonly size: number;
  add(stream: number, start: number, end: number, prefixMs: number): void;
  stream(i: number): number;
  start(i: number): number;
  end(i: number): number;
  prefixMs(i: number): number;
}

export function newLineStore(): LineStore {
  let capacity = 4096;
  let streams = new Uint32Array(capacity);
  let starts = new Float64Array(capacity);
  let lengths = new Uint32Array(capacity);
  let prefixes = new Float64Array(capacity);
  let size = 0;

  function grow(): void {
    capacity *= 2;
    streams = copy(new Uint32Array(capacity), streams);
    starts = copy(new Float64Array(capacity), starts);
    lengths = copy(new Uint32Array(capacity), lengths);
    prefixes = copy(new Float64Array(capacity), prefixes);
  }

  return {
    get size() {
      return size;
    },
    add(stream, start, end, prefixMs) {
      if (size === capacity) grow();
      streams[size] = stream;
      starts[size] = start;
      lengths[size] = end - start;
      prefixes[size] = prefixMs;
      size++;
    },
    stream: (i) => streams[i] ?? 0,
    start: (i) => starts[i] ?? 0,
    end: (i) => (starts[i] ?? 0) + (lengths[i] ?? 0),
    prefixMs: (i) => prefixes[i] ?? Number.NaN,
  };
}

function copy<T extends Uint32Array | Float64Array>(into: T, from: T): T {
  into.set(from);
  return into;
}
