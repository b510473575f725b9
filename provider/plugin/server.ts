import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Session,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Certificate } from './certificate';

/** Flow control's windows: replies and requests of some megabytes go through in one piece. */
const WINDOW_BYTES = 8 * 1024 * 1024;

const OPTIONS = { settings: { initialWindowSize: WINDOW_BYTES } };

/**
 * A server that talks to one client alone: the one whose certificate has this
 * DER, proved by the TLS handshake (AutoMTLS).
 *
 * The certificate is pinned here and not verified by `ca`, because Node parses
 * its whole root store (35 ms) for any `ca` that is not empty.
 */
export function createPinnedServer(
  certificate: Certificate,
  clientCertificate: Buffer,
  onSession: (session: ServerHttp2Session) => void,
): Http2SecureServer {
  const server = createSecureServer({
    ...OPTIONS,
    key: certificate.keyPem,
    cert: certificate.certificatePem,
    ca: [],
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
  });
  return server.on('session', (session: ServerHttp2Session) => {
    const peer = (session.socket as TLSSocket).getPeerX509Certificate();
    if (peer?.raw.equals(clientCertificate)) accept(session, onSession);
    // Before the session can open a stream.
    else session.destroy();
  });
}

/** Without TLS: for reattaching to a provider under a debugger, or when Terraform asks for none. */
export function createPlainServer(onSession: (session: ServerHttp2Session) => void): Http2Server {
  return createServer(OPTIONS).on('session', (session: ServerHttp2Session) => accept(session, onSession));
}

function accept(session: ServerHttp2Session, onSession: (session: ServerHttp2Session) => void): void {
  session.setLocalWindowSize(WINDOW_BYTES);
  onSession(session);
}
