import type { DataSourceDefinition } from '../../framework';
import { found } from '../private/data-attributes';
import type { KsmSession } from '../private/session';

export const serviceData: DataSourceDefinition<KsmSession> = {
  typeName: 'ksm_service',
  noun: 'service',
  schema: {
    version: 0,
    description:
      'The service behind the endpoint and its vault, with what the installer of a device needs beside a one-time token.',
    attributes: {
      vault_id: found('Id of the vault, to which a state belongs: 22 characters. It is kept by backups.'),
      vault: found('Kind of the vault: `embedded` or `commander` (the real Keeper).'),
      features: {
        type: { set: 'string' },
        computed: true,
        description: 'What this service can do beyond the minimum, for instance `initialization.config`.',
      },
      hostname: found(
        "Where devices redeem and read, `host:port`: an SDK's host name. Null on the real Keeper, whose address is in the token.",
      ),
      server_public_key_id: found("Id of the service's public key, numeric text. Null on the real Keeper."),
      server_public_key: found(
        "The service's public key as SDKs take it: P-256, 65 bytes, base64url without padding. Null on the real Keeper.",
      ),
      ca_certificate: found(
        "Certificate of the CA that signed the service's certificate, PEM text. Null with an own certificate, with plain HTTP, and on the real Keeper.",
      ),
    },
  },

  async read({ session, call }) {
    const { vaultId, vault, features, deviceApi } = await session.info(call);
    return {
      state: {
        vault_id: vaultId,
        vault: vault.kind,
        features: [...features],
        hostname: deviceApi?.hostname ?? null,
        server_public_key_id: deviceApi?.serverPublicKeyId ?? null,
        server_public_key: deviceApi?.serverPublicKey ?? null,
        ca_certificate: deviceApi?.caCertificate ?? null,
      },
    };
  },
};
