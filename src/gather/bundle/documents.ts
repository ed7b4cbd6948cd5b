export interface Documents {
  /** Each JSON value or YAML document that could be read. */
  readonly values: readonly unknown[];
  /** Why not everything could be read: "broken JSON at position 4120". */
  readonly problem?: string;
  /** The part that could not be read, for guessing what was in it. */
  readonly unread?: string;
}

export const firstLine = (text: string): string => text.split("\n", 1)[0]!.slice(0, 160);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
