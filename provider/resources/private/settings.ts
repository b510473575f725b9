import { readFileSync } from 'node:fs';
import { ENV } from '../../../contract/api';
import { problemOfCertificates } from '../../../contract/certificate';
import {
  type AttributeSchema,
  type Diagnostic,
  errorDiagnostic,
  type ObjectValue,
  type Schema,
  stringOf,
  UNKNOWN,
} from '../../framework';

/** Names of environment variables with their values, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLES = {
  endpoint: ENV.endpoint,
  token: ENV.token,
  ca_certificate: ENV.caCertificate,
  ca_certificate_file: ENV.caCertificateFile,
  vault_change: ENV.vaultChange,
} as const;
type Setting = keyof typeof VARIABLES;

interface Found {
  readonly value: string;
  /** The argument or the variable, for messages. */
  readonly source: string;
}

/**
 * The texts of the provider's configuration, each from its argument or else
 * from its environment variable, checked. Collects diagnostics; a setting
 * that has one is undefined.
 */
export class Settings {
  readonly diagnostics: Diagnostic[] = [];

  constructor(
    private readonly schema: Schema,
    private readonly config: ObjectValue,
    private readonly environment: Environment,
  ) {}

  required(setting: Setting): string | undefined {
    const found = this.find(setting);
    if (found) return this.checked(setting, found);
    if (this.config[setting] !== UNKNOWN) {
      this.refuse(
        `The ${setting} of the service is missing`,
        `Set the argument "${setting}" of the provider, or the environment variable ${VARIABLES[setting]}. "ksm-iac env" prints the variables of a running service.`,
        setting,
      );
    }
    return undefined;
  }

  optional(setting: Setting): string | undefined {
    const found = this.find(setting);
    return found && this.checked(setting, found);
  }

  /** PEM text of the CA; undefined: the service's certificate is checked against the roots that Node trusts. */
  caCertificate(): string | undefined {
    const inArguments = (['ca_certificate', 'ca_certificate_file'] as const).some((name) => this.config[name] !== null);
    // An argument outweighs the environment, whichever of the two forms each of them takes.
    const find = (setting: Setting) => (inArguments && this.config[setting] === null ? undefined : this.find(setting));
    const text = find('ca_certificate');
    const file = find('ca_certificate_file');
    if (text && file) {
      this.refuse(
        'Two CA certificates',
        `Both ${text.source} and ${file.source} are set. Set one of them.`,
        'ca_certificate_file',
      );
      return undefined;
    }
    if (text) return this.checked('ca_certificate', text);
    return file && this.fileContent(file);
  }

  private find(setting: Setting): Found | undefined {
    const configured = this.config[setting];
    if (configured === UNKNOWN) return undefined;
    if (configured !== null) return { value: stringOf(this.config, setting), source: `"${setting}"` };
    const variable = VARIABLES[setting];
    const value = this.environment[variable];
    return value ? { value, source: `the environment variable ${variable}` } : undefined;
  }

  private checked(setting: Setting, { value, source }: Found): string | undefined {
    const { validators = [] }: AttributeSchema = this.schema.attributes[setting]!;
    const problems = validators.flatMap((validator) => validator(value) ?? []);
    for (const problem of problems) {
      this.refuse(`Invalid ${setting}`, `${capitalised(source)} is not usable. ${problem}`, setting);
    }
    return problems.length === 0 ? value : undefined;
  }

  private fileContent({ value: path, source }: Found): string | undefined {
    try {
      const pem = readFileSync(path, 'utf8');
      const problem = problemOfCertificates(pem);
      if (!problem) return pem;
      this.refuse(
        'The CA certificate cannot be used',
        `${capitalised(source)} names ${path}. ${problem}`,
        'ca_certificate_file',
      );
    } catch (error) {
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      this.refuse(
        'The CA certificate cannot be read',
        `${capitalised(source)} names ${path}, which cannot be read (${code}). Expected a file with the service's CA certificate in PEM form; a relative path counts from where terraform runs.`,
        'ca_certificate_file',
      );
    }
    return undefined;
  }

  private refuse(summary: string, detail: string, setting: Setting): void {
    this.diagnostics.push(errorDiagnostic(summary, detail, [setting]));
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
