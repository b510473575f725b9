/**
 * Starts a service: the one place that names concrete adapters. It may import
 * everything in service/ and contract/.
 */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { Server as HttpsServer } from 'node:https';
import { basename, join, resolve } from 'node:path';
import type { DeviceApi as DeviceApiAddress } from '../contract/types';
import { VERSION } from '../contract/version';
import { buildApp } from './app';
import { createDeviceApi } from './device-api/device-api';
import { ensureAdminToken } from './host/admin-token';
import { advertisedAddress, parseAdvertisedAddress } from './host/advertised-address';
import { type DataFolder, openDataFolder } from './host/data-folder';
import { securePrivateFiles } from './host/data-folder-modes';
import { environmentOf } from './host/key-source';
import { deviceAuthority, isLoopback, localAuthority, namesOf, parseListenAddress } from './host/listen-address';
import { type Listener, listen } from './host/listener';
import { createLog, type LogLevel } from './host/log';
import { standardErrorSink } from './host/log-sink';
import { PRIVATE_MODE, writeFileAtomically } from './host/private-file';
import { reasonOf, StartError } from './host/start-error';
import { ensureVaultId } from './host/vault-id';
import { ensureVaultKind } from './host/vault-kind';
import type { ConnectionLimits } from './http/connections';
import type { RateLimit } from './http/rate-limit';
import { createOperations } from './operations/operations';
import { openDatabase } from './store/database';
import { openMasterKey } from './store/master-key';
import { openLocalAuthority, type ServerIdentity } from './tls/local-authority';
import { readOwnCertificate } from './tls/own-certificate';
import { serveCertificate } from './tls/served-certificate';
import { createCommanderVault } from './vault/commander/commander';
import { createEmbeddedVault } from './vault/embedded/embedded';
import type { Vault } from './vault/port';
import { type Clock, systemClock } from './world/clock';
import { every } from './world/timers';

export interface StartOptions {
  /** Made if there is none. */
  readonly dataDir: string;
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  /** Written (0600) when the service is ready, removed when it ends. */
  readonly readyFile?: string | undefined;
  /** PEM files of an own certificate; both or neither. @default one of the local CA */
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  /** Holds the master key, and is never made. @default `KSM_IAC_MASTER_KEY`, else `master.key` in the data folder, which the first start makes */
  readonly masterKeyFile?: string | undefined;
  /** Plain HTTP, on loopback only. @default false */
  readonly insecureHttp?: boolean | undefined;
  /**
   * `host:port` that devices are told, from now on; null: where it listens at the moment, and nothing is kept.
   * @default what they were told before; at first the address to listen on, unless its port is 0
   */
  readonly advertise?: string | null | undefined;
  /** Restates the id of the vault. @default drawn with the store */
  readonly vaultId?: string | undefined;
  /** Makes a new database also beside keys of an earlier one. @default false: refused with `database_missing` */
  readonly init?: boolean | undefined;
  /** After so many hours an unused configuration of a lapsed run ends; 0: never. @default 168 */
  readonly unclaimedConfigurationHours?: number | undefined;
  /** The real Keeper through Commander; undefined: the embedded vault. */
  readonly commander?: Omit<Parameters<typeof createCommanderVault>[0], 'database' | 'clock'> | undefined;
  readonly logLevel: LogLevel;
  /** Makes what is written of a line of the log, which is JSON with its line end. @default the line as it is */
  readonly logText?: ((line: string) => string) | undefined;
  readonly clock?: Clock | undefined;
  /** @default DEFAULT_RATE_LIMIT */
  readonly rateLimit?: RateLimit | undefined;
  /** @default DEFAULT_CONNECTION_LIMITS */
  readonly connectionLimits?: ConnectionLimits | undefined;
}

/** How a running service is reached; what the ready file and `DIR/service.json` say. */
export interface ServiceAddress {
  readonly endpoint: string;
  /** What a client must trust; null with an own certificate or plain HTTP. */
  readonly caCertificateFile: string | null;
  /** Holds the admin token. */
  readonly tokenFile: string;
  readonly deviceApi: DeviceApiAddress | null;
}

export interface RunningService extends ServiceAddress {
  /** Takes no new requests, gives those in flight 8 s, and has closed everything within 10 s. */
  stop(): Promise<void>;
  /** Reads the certificate again, and serves it if it is another. Never throws. */
  reload(): Promise<void>;
}

const PURGE_INTERVAL_MS = 60_000;
/** How soon what a settle has ended is gone from the disk too; nobody sees it meanwhile. */
const TICK_INTERVAL_MS = 2_000;
/** How soon a certificate is served whose files were replaced. */
const CERTIFICATE_INTERVAL_MS = 10_000;

/** @throws StartError, StoreError: sentences for whoever starts it */
export async function startService(options: StartOptions): Promise<RunningService> {
  const address = parseListenAddress(options.listen);
  if (options.insecureHttp && !isLoopback(address.host)) {
    throw new StartError(
      'listen_refused',
      `Plain HTTP is for loopback addresses only, and ${address.host} is none: tokens would cross the network in clear. Leave --insecure-http out, or listen on 127.0.0.1.`,
    );
  }
  if (typeof options.advertise === 'string') {
    parseAdvertisedAddress(options.advertise);
  }
  const folder = openDataFolder(options.dataDir);
  // Undone in reverse: when the start fails half-way, and when the service stops.
  const undo: (() => unknown)[] = [folder.release];
  const tidy = async () => {
    const failures: unknown[] = [];
    // Whatever fails, the rest is undone all the same: a listener or a lock that stays would hold up the process.
    for (const step of undo.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  };
  try {
    return await start(options, folder, undo, tidy);
  } catch (error) {
    // The first failure is the one to report.
    await tidy().catch(() => undefined);
    throw error;
  }
}

async function start(
  options: StartOptions,
  folder: DataFolder,
  undo: (() => unknown)[],
  tidy: () => Promise<void>,
): Promise<RunningService> {
  const { clock = systemClock } = options;
  const standardError = standardErrorSink();
  const { logText = (line) => line } = options;
  const log = createLog(options.logLevel, { write: (line) => standardError.write(logText(line)) });
  const address = parseListenAddress(options.listen);
  const readyFile = options.readyFile === undefined ? undefined : resolve(options.readyFile);
  const notes = [folder.note, ...(readyFile === undefined ? [] : [readyFile])];
  for (const repaired of securePrivateFiles(folder.path)) {
    log.warn(repaired, 'others than its owner could read or write this');
  }
  forget(notes);

  const onNew = () => {
    if (!options.init) {
      refuseLostDatabase(folder);
    }
  };
  const database = await openDatabase({ file: folder.database, now: clock.now, onNew });
  undo.push(() => database.close());
  const masterKey = await openMasterKey({
    database,
    file: options.masterKeyFile ?? folder.masterKey,
    environment: environmentOf(options),
    fixed: options.masterKeyFile !== undefined,
  });
  let listener: Listener | undefined;
  const advertised = await advertisedAddress(database, address, options.advertise);
  const hostname = () => advertised.authority ?? deviceAuthority(address.host, listener?.port ?? address.port);
  await ensureVaultKind(database, options.commander ? 'commander' : 'embedded');
  const commander =
    options.commander &&
    (await createCommanderVault({ ...options.commander, isRestated: options.vaultId !== undefined, database, clock }));
  const embedded = commander ? undefined : await createEmbeddedVault({ database, masterKey, clock, hostname });
  const vault: Vault = commander ?? embedded!;
  undo.push(() => vault.close());

  const load = identityLoader(options, folder, advertised.authority, clock);
  const certificate = load && (await serveCertificate({ load, now: clock.now, log }));
  const tls = certificate?.identity;
  const caCertificate = tls?.caCertificateFile ? readFileSync(tls.caCertificateFile, 'utf8') : null;
  const vaultId = await ensureVaultId(database, options.vaultId);
  const { unclaimedConfigurationHours } = options;
  const operations = createOperations({
    vault,
    database,
    masterKey,
    clock,
    version: VERSION,
    vaultId,
    caCertificate,
    unclaimedConfigurationHours,
  });
  await operations.resume();
  const admin = await ensureAdminToken({ file: folder.adminToken, tokens: operations.tokens, database });
  if (!admin.usable) {
    log.warn(
      { file: folder.adminToken },
      'the file holds no token of this service; another token of the scope admin still works, or stop the service and run: ksm-iac token recover',
    );
  }
  undo.push(operations.close);
  undo.push(every(PURGE_INTERVAL_MS, () => void operations.purge().catch((err) => log.error({ err }, 'purge failed'))));
  undo.push(
    every(TICK_INTERVAL_MS, () => void operations.tick().catch((err) => log.error({ err }, 'ending of runs failed'))),
  );

  const deviceApi =
    embedded &&
    createDeviceApi({
      vault: embedded,
      clock,
      onBind: operations.redemptions.bound,
      onFirstUse: operations.redemptions.used,
      isDead: operations.redemptions.isDead,
      onRefusal: operations.redemptions.refused,
      onFailure: (error) => log.error({ err: error }, 'device request failed'),
    });
  const app = await buildApp({
    operations,
    database,
    deviceApi,
    commands: commander?.counts,
    log,
    droppedLogLines: standardError.dropped,
    version: VERSION,
    tls,
    certificateNotAfter: certificate?.notAfter,
    clock,
    rateLimit: options.rateLimit,
    connectionLimits: options.connectionLimits,
  });
  listener = await listen(app, address);
  undo.push(listener.stop);
  await advertised.keep();
  if (advertised.before !== undefined) {
    log.warn({ before: advertised.before, now: advertised.authority }, 'devices are told another address from now on');
  }
  if (advertised.isElsewhere) {
    log.info(
      { address: advertised.authority },
      'devices are told the address that is kept with the vault; --advertise changes it',
    );
  }
  if (certificate) {
    const { server } = app.http;
    certificate.onChange(({ cert, key }) => (server as unknown as HttpsServer).setSecureContext({ cert, key }));
    undo.push(
      every(
        CERTIFICATE_INTERVAL_MS,
        () => void certificate.reload().catch((err) => log.error({ err }, 'certificate check failed')),
      ),
    );
  }

  const service: ServiceAddress = {
    endpoint: `${tls ? 'https' : 'http'}://${localAuthority(address.host, listener.port)}`,
    caCertificateFile: tls?.caCertificateFile ?? null,
    tokenFile: folder.adminToken,
    deviceApi: vault.deviceApi() && operations.info.deviceApi(),
  };
  undo.push(() => forget(notes));
  writeNotes(notes, service);
  log.info({ endpoint: service.endpoint, version: VERSION }, 'ready');
  let stopping: Promise<void> | undefined;
  return {
    ...service,
    stop: () => {
      stopping ??= tidy().then(() => log.info('stopped'));
      return stopping;
    },
    reload: async () => {
      log.info('reading the certificate again');
      await certificate?.reload();
    },
  };
}

/** The usual cause is a volume that is not mounted, or not whole; an empty vault would make Terraform plan everything anew. */
function refuseLostDatabase({ path, database, masterKey, adminToken, tls }: DataFolder): void {
  const kept = [masterKey, adminToken, tls].filter((file) => existsSync(file));
  if (kept.length > 0) {
    throw new StartError(
      'database_missing',
      `The data folder ${path} has ${kept.map((file) => basename(file)).join(', ')} of an earlier service, and its database ${database} is missing or empty. Is the right volume mounted, and whole? Put the database back (docs/service.md, Restore). To begin with an empty vault instead, start once with --init.`,
    );
  }
}

/** What finds the certificate, at the start and later; undefined for plain HTTP. */
function identityLoader(
  options: StartOptions,
  folder: DataFolder,
  advertised: string | undefined,
  clock: Clock,
): (() => ServerIdentity | Promise<ServerIdentity>) | undefined {
  const { tlsCert, tlsKey, insecureHttp, listen } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new StartError('tls_invalid', '--tls-cert and --tls-key belong together: give both or neither.');
  }
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return () => readOwnCertificate(tlsCert, tlsKey, clock.now());
  }
  const extra = advertised === undefined ? [] : [parseAdvertisedAddress(advertised).host];
  const names = namesOf(parseListenAddress(listen).host, extra);
  let opened = false;
  const openLocal = () => {
    // Made anew under a running service, clients would trust another than the one that it tells.
    if (opened && !existsSync(join(folder.tls, 'ca.crt'))) {
      throw new StartError('tls_invalid', `The local CA in ${folder.tls} is missing. Put the folder back.`);
    }
    opened = true;
    return openLocalAuthority(folder.tls, names, clock.now());
  };
  return insecureHttp ? undefined : openLocal;
}

function writeNotes(files: readonly string[], service: ServiceAddress): void {
  for (const file of files) {
    usable(file, 'written', () => writeFileAtomically(file, `${JSON.stringify(service)}\n`, PRIVATE_MODE));
  }
}

/** Also what a service that was killed has left: nobody may take it for one that runs. */
function forget(files: readonly string[]): void {
  for (const file of files) {
    usable(file, 'removed', () => rmSync(file, { force: true }));
  }
}

function usable(file: string, what: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    throw new StartError(
      'ready_file_unusable',
      `${file} cannot be ${what} (${reasonOf(error)}). It must be no folder, its own folder must exist, and this user must be able to write there.`,
      { cause: error },
    );
  }
}
