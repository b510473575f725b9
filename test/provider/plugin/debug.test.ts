import { reattachLine } from '../../../provider/plugin/debug';

test('the line for a debugger names the provider at both registries, and this process', () => {
  const line = reattachLine('ksm-iac/ksm', { network: 'unix', path: '/tmp/a.sock' });
  const json = /^export TF_REATTACH_PROVIDERS='(.*)'$/.exec(line)?.[1];
  const reattach = {
    Protocol: 'grpc',
    ProtocolVersion: 6,
    Pid: process.pid,
    Test: true,
    Addr: { Network: 'unix', String: '/tmp/a.sock' },
  };
  expect(JSON.parse(json!)).toEqual({
    'registry.terraform.io/ksm-iac/ksm': reattach,
    'registry.opentofu.org/ksm-iac/ksm': reattach,
  });
});
