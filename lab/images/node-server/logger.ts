export interface Logger {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

type Fields = Readonly<Record<string, string | number>>;

/** One line per entry on stdout, as applications do: JSON as pino writes it, or plain text. */
export function openLogger(format: "json" | "plain"): Logger {
  const write = (level: string, message: string, fields: Fields = {}): void => {
    const time = new Date().toISOString();
    const line =
      format === "json"
        ? JSON.stringify({ time, level, msg: message, ...fields })
        : `${time} ${level.toUpperCase().padEnd(5)} ${message}${plain(fields)}`;
    process.stdout.write(`${line}\n`);
  };
  return {
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, fields) => write("error", message, fields),
  };
}

const plain = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => ` ${name}=${value}`)
    .join("");
