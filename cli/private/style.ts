/** Colours: on a terminal alone, and not where NO_COLOR says so (https://no-color.org). */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export function styled(style: Style, text: string, stream: NodeJS.WriteStream): string {
  return hasColors(stream) ? painted(style, text) : text;
}

/** Whatever the stream: for whoever removes colours again where there are none. */
export function painted(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}

export function hasColors(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env.NO_COLOR;
}
