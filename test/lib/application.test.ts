import { TerraformVariable, Testing, Token } from 'cdktf';
import { bindings, KsmApplication, SharedFolder, VaultRecord } from 'cdktf-ksm';
import { APPLICATION_UID, blocks, emptyStack, FOLDER_UID, RECORD_UID, synth } from './private/stack';

describe('KsmApplication', () => {
  test('becomes one ksm_application whose address is a contract', () => {
    const stack = emptyStack();
    new KsmApplication(stack, 'payments', { name: 'Payments pipeline', forceDestroy: true });
    expect(synth(stack).resource).toMatchInlineSnapshot(`
{
  "ksm_application": {
    "payments_5AA7C358": {
      "force_destroy": true,
      "name": "Payments pipeline",
    },
  },
}
`);
  });

  test('leaves out what has a default in the provider', () => {
    const stack = emptyStack();
    new KsmApplication(stack, 'payments', { name: 'Payments' });
    expect(Object.keys(blocks(stack, 'ksm_application')[0]!)).toEqual(['name']);
  });

  test('has its L1 construct as the child Resource, for what it does not offer itself', () => {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    const resource = application.node.defaultChild as bindings.Application;
    expect(resource).toBe(application.node.findChild('Resource'));
    resource.overrideLogicalId('payments');
    resource.lifecycle = { preventDestroy: true };
    application.addClientDevice('deploy', { name: 'deploy' });

    expect(blocks(stack, 'ksm_application')).toMatchObject([{ lifecycle: { prevent_destroy: true } }]);
    expect(blocks(stack, 'ksm_client_device')).toMatchObject([{ application_id: '${ksm_application.payments.id}' }]);
  });

  test('that exists already is referred to by its UID and makes no resource of its own', () => {
    const stack = emptyStack();
    const application = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID);
    application.addClientDevice('deploy', { name: 'deploy job' });
    expect(application.id).toBe(APPLICATION_UID);
    expect(Object.keys(synth(stack).resource)).toEqual(['ksm_client_device']);
    expect(Testing.synth(stack)).toHaveResourceWithProperties(bindings.ClientDevice, {
      application_id: APPLICATION_UID,
    });
  });

  test.each([
    ['', /^KsmApplication 'ci\/payments': name is "". Expected 1 to 255 characters/],
    ['x'.repeat(256), /name has 256 characters: "x+…". Expected 1 to 255/],
    ['two\nlines', /name is "two\\nlines", with a control character at position 3/],
    ['c1 \u0085', /name is "c1 \\u0085", with a control character at position 3/],
    ['half \ud800', /name is "half \\ud800", with half of a surrogate pair/],
  ])('refuses the name %j and says which construct, value and expectation', (name, message) => {
    expect(() => new KsmApplication(emptyStack(), 'payments', { name })).toThrow(message);
  });

  test.each([['x'], ['x'.repeat(255)], ['🔐'.repeat(255)], ['Zahlungen – 支払い 🚀 "quoted" \\ /']])(
    'takes the name %j',
    (name) => {
      expect(() => new KsmApplication(emptyStack(), 'payments', { name })).not.toThrow();
    },
  );

  test('does not judge a name that is known only when Terraform runs', () => {
    const stack = emptyStack();
    const variable = new TerraformVariable(stack, 'name', { type: 'string' });
    new KsmApplication(stack, 'payments', { name: variable.stringValue });
    new KsmApplication(stack, 'mixed', { name: `\u0007 ${variable.stringValue}` });
    const names = blocks(stack, 'ksm_application').map((application) => application.name);
    expect(names.sort()).toEqual(['\u0007 ${var.name}', '${var.name}']);
  });

  test.each([
    [(uid: string) => KsmApplication.fromUid(emptyStack(), 'it', uid), 'KsmApplication'],
    [(uid: string) => SharedFolder.fromUid(emptyStack(), 'it', uid), 'SharedFolder'],
    [(uid: string) => VaultRecord.fromUid(emptyStack(), 'it', uid), 'VaultRecord'],
  ])('a UID is checked wherever one is given (%#)', (fromUid, kind) => {
    expect(() => fromUid('too short')).toThrow(
      `${kind} 'ci/it': uid is "too short". Expected a Keeper UID: 22 characters of A-Z a-z 0-9 - _.`,
    );
    expect(() => fromUid(`${APPLICATION_UID}=`)).toThrow(/Expected a Keeper UID/);
    for (const uid of [FOLDER_UID, RECORD_UID, '-AAAAAAAAAAAAAAAAAAA_w', Token.asString({ a: 1 })]) {
      expect(() => fromUid(uid)).not.toThrow();
    }
  });
});
