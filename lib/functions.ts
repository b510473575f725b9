import { call, type IResolvable, ref, Token } from 'cdktf';
import { show, validBoolean, validText } from './private/validate';

/**
 * The provider's functions, for values that Terraform alone knows: it calls
 * them when it plans or applies (Terraform 1.8 or later). The stack needs a
 * `KsmProvider`.
 *
 * @stability stable
 */
export class KsmFunctions {
  /**
   * What a one-time token says of itself: an object with `region`, `host` (both
   * null for a bare token) and `client_id`.
   *
   * @param token the token
   */
  public static parseOneTimeToken(token: string): IResolvable {
    return call('provider::ksm::parse_one_time_token', [needed('parseOneTimeToken', 'token', token)]);
  }

  /**
   * The command that installs a gateway (sensitive), or without a token the one
   * that updates it. For a `Gateway` see `installCommand` and `upgradeCommand`.
   *
   * @param platform `linux` or `windows`, see `GatewayPlatform`
   * @param token the gateway's one-time token; none: it is on the host already
   * @param autoUpdate whether the gateway updates itself
   */
  public static gatewayInstallCommand(platform: string, token?: string, autoUpdate: boolean = false): string {
    const wrong = validBoolean('autoUpdate', autoUpdate ?? false) ?? validText('token', token ?? undefined);
    if (wrong) throw new Error(`KsmFunctions.gatewayInstallCommand: ${wrong}`);
    if (typeof platform !== 'string') {
      throw new Error(
        `KsmFunctions.gatewayInstallCommand: platform is ${show(platform)}. Expected "linux" or "windows".`,
      );
    }
    return Token.asString(
      call('provider::ksm::gateway_install_command', [platform, token ?? ref('null'), autoUpdate ?? false]),
    );
  }

  /**
   * Text of a compose file that runs a gateway (sensitive). For a `Gateway` see
   * `dockerCompose`.
   *
   * @param config the gateway's configuration, base64
   */
  public static gatewayDockerCompose(config: string): string {
    return Token.asString(
      call('provider::ksm::gateway_docker_compose', [needed('gatewayDockerCompose', 'config', config)]),
    );
  }

  private constructor() {}
}

function needed(name: string, field: string, value: unknown): unknown {
  if (Token.isUnresolved(value) || typeof value === 'string') return value;
  throw new Error(`KsmFunctions.${name}: ${field} is ${show(value)}. Expected text.`);
}
