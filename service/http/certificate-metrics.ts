import { Gauge, type Registry } from 'prom-client';

/** @param notAfter milliseconds since 1970 */
export function measureCertificate(registry: Registry, notAfter: () => number): void {
  new Gauge({
    name: 'ksm_iac_certificate_not_after_seconds',
    help: 'When the certificate that is served ends, in seconds since 1970.',
    registers: [registry],
    collect() {
      this.set(notAfter() / 1000);
    },
  });
}
