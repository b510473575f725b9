import { type EphemeralResourceDefinition, stringOf } from '../../../../provider/framework';
import type { Desk } from '../desk';

interface Guest {
  readonly guest: string;
  readonly renewed: number;
}

/** An ephemeral resource, which is renewed and closed. */
export const visit: EphemeralResourceDefinition<Desk, Guest> = {
  typeName: 'ksm_visit',
  noun: 'visit',
  schema: {
    version: 0,
    description: 'A visit.',
    attributes: {
      guest: { type: 'string', required: true, description: 'Who.' },
      pass: { type: 'string', computed: true, sensitive: true, description: 'What opens the door.' },
    },
  },
  decodePrivate: (stored) => (typeof (stored as Guest)?.guest === 'string' ? (stored as Guest) : undefined),

  async open({ config, session }) {
    const guest = stringOf(config, 'guest');
    session.say(`open ${guest}`);
    const renewAt = new Date(Date.now() + 500);
    return { result: { pass: `pass of ${guest}` }, renewAt, private: { guest, renewed: 0 } };
  },

  async renew({ private: own, session }) {
    session.say(`renew ${own!.guest}`);
    return { private: { ...own!, renewed: own!.renewed + 1 } };
  },

  async close({ private: own, session }) {
    session.say(`close ${own!.guest}`);
  },
};
