/** The version of this package: of the command, and of the provider beside it. */
import { version } from '../../package.json';

export const VERSION: string = version;
