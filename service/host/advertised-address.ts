import { isIPv6 } from 'node:net';
import type { Database } from '../store/database';
import { readSetting, writeSetting } from '../store/setting';
import { deviceAuthority, type ListenAddress, parseListenAddress } from './listen-address';
import { StartError } from './start-error';

/**
 * What `--advertise` takes: a host name or address that devices can connect to, and a port.
 *
 * @throws StartError `listen_refused`
 */
export function parseAdvertisedAddress(text: string): ListenAddress {
  const refusal = () =>
    new StartError(
      'listen_refused',
      `The address to advertise is ${JSON.stringify(text)}; expected host:port as devices reach it, for instance ksm.example.com:8443 or [2001:db8::1]:8443, with a port from 1 to 65535.`,
    );
  let address: ListenAddress;
  try {
    address = parseListenAddress(text);
  } catch {
    throw refusal();
  }
  const { host, port } = address;
  if (port === 0 || host === '0.0.0.0' || host === '::' || !(isIPv6(host) || /^[A-Za-z0-9._-]+$/.test(host))) {
    throw refusal();
  }
  return address;
}

export interface AdvertisedAddress {
  /** `host:port`, or undefined: wherever the service listens. */
  readonly authority: string | undefined;
  /** What devices were told until now, when it is another. */
  readonly before: string | undefined;
  /** Whether devices are told what is kept, though the service listens elsewhere now. */
  readonly isElsewhere: boolean;
  /** Keeps it with the vault: only once the service listens, or a start that fails would be remembered. */
  keep(): Promise<void>;
}

/**
 * The address that devices are told. It stays with the vault, since it is in the state of each device: another one
 * after a restart would be a change of all of them.
 *
 * @param restated by `--advertise`; null tells where the service listens now, and keeps nothing
 */
export async function advertisedAddress(
  database: Database,
  listen: ListenAddress,
  restated: string | null | undefined,
): Promise<AdvertisedAddress> {
  if (restated === null) {
    return { authority: undefined, before: undefined, isElsewhere: false, keep: async () => undefined };
  }
  const kept = await readSetting(database, 'advertised_address');
  // A port that is drawn anew at each start is nothing to keep.
  const asked = listen.port === 0 ? undefined : deviceAuthority(listen.host, listen.port);
  const authority = restated ?? kept ?? asked;
  return {
    authority,
    before: kept === authority ? undefined : kept,
    isElsewhere: restated === undefined && kept !== undefined && kept !== asked,
    async keep() {
      if (authority !== undefined && authority !== kept) await writeSetting(database, 'advertised_address', authority);
    },
  };
}
