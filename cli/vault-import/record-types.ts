/**
 * The standard fields of Keeper's built-in record types, by type and label: notation finds them in `fields`, all others
 * in `custom_field`, so a record that is imported here is addressed as in the real vault. Attached files are not
 * imported, so `fileRef` is in none. Labels differ between Keeper's own clients for a few; both stand here then.
 *
 * Source: the templates that Keeper Commander and the secrets manager helper come with.
 */

/** A place in the standard fields of a record type. */
export interface Slot {
  readonly type: string;
  readonly label?: string | undefined;
}

/** `type` or `type:label`, in the order of the type's form. */
const TYPES: Readonly<Record<string, string>> = {
  login: 'login password url securityQuestion oneTimeCode',
  general: 'login password url oneTimeCode',
  address: 'address',
  bankAccount: 'bankAccount name login password url cardRef oneTimeCode',
  bankCard: 'paymentCard text:cardholderName pinCode addressRef',
  birthCertificate: 'name birthDate',
  contact: 'name text:company email phone addressRef',
  databaseCredentials: 'text:type host login password',
  driverLicense: 'accountNumber:dlNumber name birthDate addressRef expirationDate',
  encryptedNotes: 'note date',
  file: '',
  healthInsurance: 'accountNumber name:insuredsName login password url securityQuestion',
  membership: 'accountNumber name password securityQuestion',
  passport: 'accountNumber:passportNumber name birthDate addressRef expirationDate date:dateIssued password',
  photo: '',
  serverCredentials: 'host login password',
  softwareLicense: 'licenseNumber expirationDate date:dateActive securityQuestion',
  sshKeys: 'login keyPair password text:passphrase host',
  ssnCard: 'accountNumber:identityNumber name',
  wifiCredentials: 'text:SSID password wifiEncryption isSSIDHidden',
  pamDatabase:
    'pamHostname checkbox:useSSL login password script:rotationScripts text:connectDatabase text:databaseId databaseType text:providerGroup text:providerRegion oneTimeCode',
  pamDirectory:
    'pamHostname checkbox:useSSL login password script:rotationScripts text:distinguishedName text:domainName multiline:alternativeIPs text:directoryId directoryType text:userMatch text:providerGroup text:providerRegion oneTimeCode',
  pamMachine:
    'pamHostname login password script:rotationScripts secret:privatePEMKey text:operatingSystem checkbox:sslVerification text:instanceName text:instanceId text:providerGroup text:providerRegion oneTimeCode',
  pamRemoteBrowser: 'rbiUrl pamRemoteBrowserSettings oneTimeCode',
  pamUser:
    'login password script:rotationScripts secret:privatePEMKey text:distinguishedName text:connectDatabase checkbox:managed oneTimeCode',
  pamAwsConfiguration:
    'pamResources schedule:defaultRotationSchedule text:awsId secret:accessKeyId secret:accessSecretKey multiline:regionNames multiline:portMapping script:rotationScripts',
  pamAzureConfiguration:
    'pamResources schedule:defaultRotationSchedule text:azureId secret:clientId secret:clientSecret secret:subscriptionId secret:tenantId multiline:resourceGroups multiline:portMapping script:rotationScripts',
  pamLocalConfiguration:
    'pamResources schedule:defaultRotationSchedule text:localId multiline:portMapping script:rotationScripts',
  pamNetworkConfiguration:
    'pamResources schedule:defaultRotationSchedule text:networkId text:networkCIDR multiline:portMapping script:rotationScripts',
};

/** Undefined for a type that is not one of Keeper's own. */
export function standardSlots(type: string): readonly Slot[] | undefined {
  if (!Object.hasOwn(TYPES, type)) return undefined;
  return TYPES[type]!.split(' ')
    .filter((slot) => slot !== '')
    .map((slot) => {
      const [fieldType, label] = slot.split(':');
      return { type: fieldType!, ...(label === undefined ? {} : { label }) };
    });
}
