/** What a handler gives back. It does not know the socket: faults and compression are applied on the way out. */
export interface Answer {
  readonly code: number;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In pieces, so that a list of many objects is never one string. */
  readonly body: Iterable<string | Uint8Array>;
  /** Present for a watch and for followed logs: the answer stays open after the body. */
  readonly hold?: (outlet: Outlet) => void;
}

/** The open end of a held answer. */
export interface Outlet {
  write(piece: string | Uint8Array): void;
  end(): void;
  /** Called once, when either side closed it. */
  onClose(callback: () => void): void;
}

const jsonType = "application/json";

export const jsonAnswer = (value: unknown, code = 200): Answer => ({
  code,
  contentType: jsonType,
  body: [`${JSON.stringify(value)}\n`],
});

export const piecesAnswer = (body: Iterable<string>): Answer => ({ code: 200, contentType: jsonType, body });

export const textAnswer = (body: string | Uint8Array, code = 200): Answer => ({
  code,
  contentType: "text/plain",
  body: [body],
});
