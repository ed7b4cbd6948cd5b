/** Everything read from outside has a limit. Hitting one is said in the report, never silent. */
export interface Limits {
  /** All bytes of a source together, after decompression: what a laptop can hold in memory. */
  readonly totalBytes: number;
  /** One JSON file, or YAML as tools write it. V8 cannot hold a string longer than about 512 MiB. */
  readonly fileBytes: number;
  /** One YAML document by hand (anchors, comments): its parser reads some 2 MB a second, so more would look like a hang. */
  readonly yamlBytes: number;
  /** Newest bytes kept of one log; what is older is dropped and counted. */
  readonly logTailBytes: number;
  /** Files and folders of a source: a must-gather of a large cluster has some 50,000. */
  readonly entries: number;
  /** Nesting of one object. Kubernetes objects stay below 30; code that walks them recurses. */
  readonly depth: number;
  /** Uses of one YAML anchor: without a limit nine lines can expand to a billion nodes. */
  readonly yamlAliases: number;
  /** Decompressed bytes per compressed byte, once past `expansionFromBytes`; real bundles stay below 100. */
  readonly expansion: number;
  /** A short log of equal lines may compress a thousandfold and harms nobody. */
  readonly expansionFromBytes: number;
}

const mib = 1024 * 1024;

export const defaultLimits: Limits = {
  totalBytes: 2048 * mib,
  fileBytes: 256 * mib,
  yamlBytes: 2 * mib,
  logTailBytes: 64 * mib,
  entries: 200_000,
  depth: 64,
  yamlAliases: 100,
  expansion: 400,
  expansionFromBytes: 256 * mib,
};

/** "2 GiB", "64 MiB", "312 B": how a limit is named to a person. */
export function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`;
}
