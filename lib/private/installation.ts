import type { FileProvisioner, LocalExecProvisioner, RemoteExecProvisioner } from 'cdktf';
import { GATEWAY_COMMANDS } from './gateway-commands';

/** What the command finds in its environment. */
export interface Hand {
  readonly variable: string;
  /** The credential: a token of cdktf. */
  readonly value: string;
  /** What is printed in its place. */
  readonly shown: string;
}

/** Keeper's ways to install a gateway, with the credential in the environment. */
export const INSTALLERS: Readonly<Record<string, (autoUpdate: boolean) => string>> = {
  linux: (autoUpdate) => GATEWAY_COMMANDS.linux!('"$KSM_GATEWAY_TOKEN"', autoUpdate),
  windows: (autoUpdate) => `.\\${GATEWAY_COMMANDS.windows!('$env:KSM_GATEWAY_TOKEN', autoUpdate)}`,
  // A variable without a value is taken from docker's own environment, so that it stands in no argument.
  docker: () =>
    [
      'GATEWAY_CONFIG="$KSM_GATEWAY_CONFIG" docker run --detach --name keeper-gateway --restart unless-stopped',
      '--platform linux/amd64 --shm-size 2g --security-opt seccomp=docker-seccomp.json',
      '--env ACCEPT_EULA=Y --env GATEWAY_CONFIG keeper/gateway:latest',
    ].join(' '),
};

/** Where Terraform runs. It prints none of this, and quotes the command and its output if it fails: both without the credential. */
export function localProvisioners(command: string, hand: Hand, platform: string): LocalExecProvisioner[] {
  // The installer is of another vendor, and inherits what Terraform runs with.
  const environment = { [hand.variable]: hand.value, KSM_IAC_TOKEN: '' };
  if (platform === 'windows') {
    return [
      {
        type: 'local-exec',
        interpreter: ['powershell', '-NoProfile', '-Command'],
        environment,
        command: onWindows(command, hand),
      },
    ];
  }
  const masked = ['set -o pipefail', ...runMasked(command, hand)].join('\n');
  return [{ type: 'local-exec', interpreter: ['bash', '-c'], environment, command: masked }];
}

/**
 * Over ssh there is no environment, and a script that fails stays on the host
 * for all to read: the credential goes into a folder of the user's own and is
 * removed before the installer starts.
 */
export function remoteProvisioners(
  command: string,
  hand: Hand,
  folder: string,
): (RemoteExecProvisioner | FileProvisioner)[] {
  return [
    { type: 'remote-exec', inline: [`rm -rf ${folder} && mkdir -m 700 ${folder}`] },
    { type: 'file', content: hand.value, destination: `${folder}/credential` },
    {
      type: 'remote-exec',
      inline: [
        '#!/bin/bash',
        'set -o pipefail',
        `${hand.variable}=$(cat ${folder}/credential)`,
        `export ${hand.variable}`,
        `rm -rf ${folder}`,
        ...runMasked(command, hand),
      ],
    },
  ];
}

/** awk and not sed, since an argument would show the credential in the list of processes. */
function runMasked(command: string, { variable, shown }: Hand): string[] {
  return [
    `( ${command} ) 2>&1 | awk '`,
    `  BEGIN { secret = ENVIRON["${variable}"] }`,
    '  {',
    '    line = ""',
    '    while (secret != "" && (at = index($0, secret)) > 0) {',
    `      line = line substr($0, 1, at - 1) "${shown}"`,
    '      $0 = substr($0, at + length(secret))',
    '    }',
    '    print line $0',
    '    fflush()',
    "  }'",
  ];
}

function onWindows(command: string, { variable, shown }: Hand): string {
  return [
    '$global:LASTEXITCODE = 0',
    `& { ${command} } 2>&1 | ForEach-Object { "$_".Replace($env:${variable}, '${shown}') }`,
    'exit $LASTEXITCODE',
  ].join('\n');
}
