export interface Documents {
  /** Each JSON value or YAML document that could be read. */
  readonly values: readonly unknown[];
  /** Why not everything could be read: "broken JSON at position 4120". */
  readonly problem?: string;
  /** Where in the text it shows, in UTF-16 units, when that is known. */
  readonly offset?: number;
  /** The part that could not be read, for guessing what was in it. */
  readonly unread?: string;
}

export const firstLine = (text: string): string => text.split("\n", 1)[0]!.slice(0, 160);

export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.includes("Maximum call stack") ? "it is nested too deep" : message;
}
