/** What a container's image means in the lab: a program of this machine. */
export interface Program {
  readonly file: string;
  /** Before the container's own `args`. */
  readonly args: readonly string[];
  /** Environment besides the container's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Image names are those of the manifests: "lab/node-server:1", "lab/python-server:1", "lab/nginx:1". */
export type ProgramOf = (image: string) => Program | undefined;
