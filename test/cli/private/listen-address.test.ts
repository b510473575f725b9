import { listenAddress } from '../../../cli/private/listen-address';

test.each(['127.0.0.1:8443', 'localhost:0', '[::1]:65535', '0.0.0.0:80'])(
  '%s is an address to listen on',
  (address) => {
    expect(listenAddress(address)).toBe(address);
  },
);

test.each(['8443', ':8443', '127.0.0.1', '127.0.0.1:65536', '::1:80', 'http://a:1', '127.0.0.1:', 'a:-1', '[::1]'])(
  '%s is refused with an example of what to write',
  (address) => {
    expect(() => listenAddress(address)).toThrow('127.0.0.1:8443');
  },
);
