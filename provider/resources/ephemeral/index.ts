/** Ephemeral resources: what lasts as long as one run. */
import type { EphemeralResourceDefinition } from '../../framework';
import type { KsmSession } from '../private/session';
import { clientDeviceEphemeral } from './client-device';

export const ephemeralResources: readonly EphemeralResourceDefinition<KsmSession>[] = [clientDeviceEphemeral];
