/** How often others got their turn while this was answered. */
export async function turnsDuring<T>(work: () => Promise<T>): Promise<{ value: T; turns: number }> {
  let [turns, running] = [0, true];
  const others = (async () => {
    while (running) {
      await new Promise(setImmediate);
      turns++;
    }
  })();
  const value = await work();
  running = false;
  await others;
  return { value, turns };
}
