/** Runs again and again, after a wait that is asked for each time; until the returned function is called. */
export function repeat(periodMs: () => number, run: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    timer = setTimeout(() => {
      arm();
      run();
    }, periodMs());
  };
  arm();
  return () => clearTimeout(timer);
}
