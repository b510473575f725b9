/**
 * What go-plugin's launcher tells its child in the environment, and what it
 * expects to read on the first line of stdout.
 */

/** The version of Terraform's plugin protocol that this provider speaks. */
const PROTOCOL_VERSION = 6;
/** The version of go-plugin's own handshake. */
const CORE_VERSION = 1;

/** Not a secret: it only tells a launch by Terraform from one by hand. */
export const MAGIC_COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

export function launchedByTerraform(env: NodeJS.ProcessEnv): boolean {
  return env.TF_PLUGIN_MAGIC_COOKIE === MAGIC_COOKIE;
}

/** Where the server listens. */
export type Endpoint =
  /** `ownFolder`: made for this socket alone, and to be removed with it. */
  | { readonly network: 'unix'; readonly path: string; readonly ownFolder?: string }
  | { readonly network: 'tcp'; readonly host: string; readonly port: number };

export function addressOf(endpoint: Endpoint): string {
  return endpoint.network === 'unix' ? endpoint.path : `${endpoint.host}:${endpoint.port}`;
}

/** @param certificate DER of the server's certificate; undefined: without TLS */
export function handshakeLine(endpoint: Endpoint, certificate: Buffer | undefined): string {
  const fields = [CORE_VERSION, PROTOCOL_VERSION, endpoint.network, addressOf(endpoint), 'grpc'];
  // Go decodes it as base64 without padding and refuses any.
  return certificate === undefined
    ? fields.join('|')
    : [...fields, certificate.toString('base64').replace(/=+$/, '')].join('|');
}
