import { Token } from 'cdktf';
import { CLIENT_ID_PATTERN, UID_PATTERN } from './limits';
import { type Finding, show } from './validate';

const isUid = (text: string) => UID_PATTERN.test(text);
const isClientId = (text: string) => CLIENT_ID_PATTERN.test(text);
const byName = (text: string) => text.startsWith('name=') && text.length > 'name='.length;

/** `<application UID>/<part>`; a name may have slashes. */
function within(isPart: (text: string) => boolean) {
  return (id: string) => {
    const [application, ...rest] = id.split('/');
    return isUid(application!) && isPart(rest.join('/'));
  };
}

const GRANT = {
  takes: within(isUid),
  expected: '"<application UID>/<UID of the secret>", as ksm-iac grant list prints it',
};

/** By type of the resource: what the provider imports it by. */
const FORMS: Readonly<Record<string, { readonly takes: (id: string) => boolean; readonly expected: string }>> = {
  ksm_application: {
    takes: (id) => isUid(id) || byName(id),
    expected: 'the UID of an application, 22 characters, as ksm-iac application list prints it, or "name=<its name>"',
  },
  ksm_shared_folder_grant: GRANT,
  ksm_record_grant: GRANT,
  ksm_client_device: {
    takes: within((part) => isClientId(part) || byName(part)),
    expected:
      '"<application UID>/<client id>", as ksm-iac device list prints it, or "<application UID>/name=<its name>"',
  },
  ksm_gateway: {
    takes: within((part) => isClientId(part) || isUid(part)),
    expected: '"<application UID>/<client id or gateway UID>", as ksm-iac gateway list prints it',
  },
};

export function validImportId(type: string, id: string): Finding {
  const form = FORMS[type];
  if (form === undefined || Token.isUnresolved(id) || (typeof id === 'string' && form.takes(id))) return undefined;
  return `importFrom is ${show(id)}. Expected ${form.expected}.`;
}
