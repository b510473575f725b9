import { addressOf, type Endpoint } from './handshake';

/**
 * The line that makes Terraform and OpenTofu use this very process instead of
 * starting one: for a provider under a debugger.
 *
 * @param source the provider's source without a host, like `ksm-iac/ksm`
 */
export function reattachLine(source: string, endpoint: Endpoint): string {
  const reattach = {
    Protocol: 'grpc',
    ProtocolVersion: 6,
    Pid: process.pid,
    // Makes the launcher neither end this process nor wait for its end.
    Test: true,
    Addr: { Network: endpoint.network, String: addressOf(endpoint) },
  };
  const hosts = ['registry.terraform.io', 'registry.opentofu.org'];
  const providers = Object.fromEntries(hosts.map((host) => [`${host}/${source}`, reattach]));
  return `export TF_REATTACH_PROVIDERS='${JSON.stringify(providers)}'`;
}
