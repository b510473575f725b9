/** The version of provider, service and CLI, which ship together: that of the package. */
export { version as VERSION } from '../package.json';
