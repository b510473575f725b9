import type { Log } from '../framework/log';
import { createCertificate, fromPem } from './certificate';
import { controllerMethods } from './controller';
import { reattachLine } from './debug';
import { type MethodFinder, serveMethods } from './grpc';
import { handshakeLine } from './handshake';
import { type Ending, manageLifecycle, removeSocketAtExit } from './lifecycle';
import { listen } from './listen';
import { blindNodeDebug } from './node-debug';
import { createPinnedServer, createPlainServer } from './server';
import { guardStdout, printLine } from './stdout';

/** What a plugin serves. */
export interface Service {
  readonly find: MethodFinder;
  /** Terraform is done, or lost: settles what this process made. */
  shutdown(ending: Ending): Promise<void>;
}

export interface ServeOptions {
  /** The provider's source without a host, like `ksm-iac/ksm`. */
  readonly source: string;
  /** Called once, after Terraform has been told where to connect: loading the provider and connecting overlap. */
  readonly load: () => Service;
  readonly log: Log;
  readonly env: NodeJS.ProcessEnv;
  /** Started by hand, to be reattached to: no TLS, no handshake, ends at Ctrl-C. */
  readonly debug: boolean;
}

/**
 * Serves until Terraform is done or lost, and ends the process then.
 *
 * @throws Error if it cannot listen, or PLUGIN_CLIENT_CERT is no certificate
 */
export async function serve({ source, load, log, env, debug }: ServeOptions): Promise<void> {
  guardStdout();
  blindNodeDebug(env, log);
  process.umask(0o077);
  let loaded: Service | undefined;
  const service = (): Service => {
    loaded ??= load();
    return loaded;
  };
  const lifecycle = manageLifecycle((ending) => service().shutdown(ending), log, { debug });
  const controller = controllerMethods(lifecycle.shutDown);
  const clientCertificate = debug ? undefined : clientCertificateFrom(env);
  const certificate = clientCertificate && createCertificate();
  const server =
    certificate && clientCertificate
      ? createPinnedServer(certificate, clientCertificate, lifecycle.track)
      : createPlainServer(lifecycle.track);
  serveMethods(server, (path) => controller(path) ?? service().find(path), log);

  const endpoint = await listen(server, env);
  removeSocketAtExit(endpoint);
  printLine(debug ? reattachLine(source, endpoint) : handshakeLine(endpoint, certificate?.der));
  service();
}

/** Undefined: Terraform runs with TF_DISABLE_PLUGIN_TLS. */
function clientCertificateFrom(env: NodeJS.ProcessEnv): Buffer | undefined {
  if (!env.PLUGIN_CLIENT_CERT) return undefined;
  const der = fromPem(env.PLUGIN_CLIENT_CERT);
  if (der === undefined) throw new Error('PLUGIN_CLIENT_CERT is not a certificate in PEM form');
  return der;
}
