/** A device that has nothing but its configuration, in KSM_CONFIG; prints the titles of what it reads as JSON. */
import sdk from '@keeper-security/secrets-manager-core';

const { records } = await sdk.getSecrets({ storage: sdk.loadJsonConfig(process.env.KSM_CONFIG) });
process.stdout.write(JSON.stringify(records.map((record) => record.data.title).sort()));
