import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const root = resolve(__dirname, '../..');

/** The version of everything in this repository. */
export const version: string = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')).version;
