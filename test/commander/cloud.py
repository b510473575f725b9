"""A simulated Keeper cloud: what Keeper's own Commander asks of it for Secrets Manager, in memory.

It answers at the wire edge: the same protobuf under the same encryption, so that the real package runs unchanged in
front of it. It knows the keys of the one account that it serves, as a test must be able to open what it made.

    python cloud.py --port 0

prints one line of JSON with its port; `POST /control` is the side channel (see `Control`). No secret of anybody's is in
it. Words and statuses of errors are assumptions, but for those that Commander itself compares.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from keepercommander import crypto, utils
from keepercommander.proto import (AccountSummary_pb2, APIRequest_pb2, SyncDown_pb2, enterprise_pb2, folder_access_pb2,
                                   folder_pb2, pam_pb2, record_pb2, record_sharing_pb2, router_pb2)

USER = 'owner@example.com'


#: How far its clock is before the machine's, in milliseconds.
AHEAD = [0]


def now_ms():
    return int(time.time() * 1000) + AHEAD[0]


def uid_text(uid):
    return utils.base64_url_encode(uid)


def draw_uid():
    """None with a dash first, which one in 64 has and Commander's commands do not take everywhere."""
    while True:
        uid = os.urandom(16)
        if not uid_text(uid).startswith('-'):
            return uid


def new_client(**facts):
    """One that nobody has redeemed."""
    return {'ip': None, 'created': now_ms(), 'first_access': 0, 'last_access': 0, 'public_key': None, **facts}


class CloudError(Exception):
    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class LostReply(Exception):
    """The connection ends without an answer."""


class Account:
    """The one account, with everything in its vault."""

    def __init__(self):
        self.lock = threading.RLock()
        self.private_key, self.public_key = crypto.generate_ec_key()
        self.owner_key, self.owner_public_key = crypto.generate_ec_key()
        self.data_key = os.urandom(32)
        self.account_uid = os.urandom(16)
        self.session = os.urandom(32)
        self.logs_in = True         # by persistent login, whoever registers a device
        self.device_key = None
        self.revision = 1
        self.applications = {}      # uid -> Application
        self.nested = {}            # uid -> {'key', 'name', 'parent', 'accesses': {application uid: {'role', 'key'}}}
        self.nested_records = {}    # uid -> {'key', 'title', 'folder', 'accesses': {application uid: {'role', 'key'}}}
        self.folders = {}           # uid -> {'key', 'name', 'records': set}
        self.records = {}           # uid -> {'key', 'title', 'folder'}
        self.controllers = {}       # uid -> {...}
        self.pending_deletes = {}
        self.calls = []             # names of endpoints, in their order
        self.faults = []            # [{'endpoint', 'kind': 'before'|'after'|'error'|'throttled', 'count', 'code', 'message'}]
        self.latency_ms = 0
        self.router_down = False

    def next_revision(self):
        self.revision += 1
        return self.revision

    def application(self, uid):
        application = self.applications.get(uid)
        if application is None:
            raise CloudError('access_denied', 'There is no such application', 403)
        return application


class Application:
    def __init__(self, key, encrypted_key, data, created, revision):
        self.key, self.encrypted_key, self.data = key, encrypted_key, data
        self.created, self.revision = created, revision
        self.users = []
        self.shares = {}            # secret uid -> {'type', 'key', 'editable', 'created'}
        self.clients = {}           # client id -> {...}

    @property
    def title(self):
        return json.loads(crypto.decrypt_aes_v2(self.data, self.key).decode().rstrip())['title']

    def rename(self, title, revision):
        text = json.dumps({'title': title, 'type': 'app'})
        self.data, self.revision = crypto.encrypt_aes_v2(text.encode(), self.key), revision


class Endpoints:
    """One method an endpoint; `vault/app_client_add` is `vault_app_client_add`."""

    def __init__(self, account):
        self.account = account

    def authentication_register_device(self, payload):
        request = APIRequest_pb2.DeviceRegistrationRequest.FromString(payload)
        if not self.account.logs_in:
            raise CloudError('access_denied', 'The device is to be approved', 403)
        self.account.device_key = crypto.load_ec_public_key(request.devicePublicKey)
        return APIRequest_pb2.Device(encryptedDeviceToken=os.urandom(64))

    def authentication_start_login(self, _payload):
        account = self.account
        return APIRequest_pb2.LoginResponse(
            loginState=APIRequest_pb2.LOGGED_IN, accountUid=account.account_uid, primaryUsername=USER,
            encryptedSessionToken=account.session, sessionTokenType=APIRequest_pb2.NO_RESTRICTION,
            encryptedDataKeyType=APIRequest_pb2.BY_DEVICE_PUBLIC_KEY,
            encryptedDataKey=crypto.encrypt_ec(account.data_key, account.device_key), cloneCode=os.urandom(8))

    def login_account_summary(self, _payload):
        summary = AccountSummary_pb2.AccountSummaryElements()
        summary.settings.theme = 'dark'
        summary.license.productTypeName = 'Business'
        summary.Enforcements.booleans.add(key='allow_pam_gateway', value=True)
        return summary

    def vault_sync_down(self, payload):
        account = self.account
        reply = SyncDown_pb2.SyncDownResponse()
        # Always everything: what is incremental about it is Commander's to find out, and this is a full answer to it.
        reply.cacheStatus = SyncDown_pb2.CLEAR
        reply.continuationToken = account.revision.to_bytes(8, 'big')
        for uid, application in account.applications.items():
            self._record(reply, uid, 5, application.revision, application.data, application.encrypted_key)
        for uid, record in account.records.items():
            data = {'title': record['title'], 'type': 'login', 'fields': [{'type': 'password', 'value': ['canary']}]}
            text = crypto.encrypt_aes_v2(json.dumps(data).ljust(384).encode(), record['key'])
            self._record(reply, uid, 3, record['revision'], text, crypto.encrypt_aes_v2(record['key'], account.data_key))
            if record['folder'] is not None:
                inside = reply.sharedFolderRecords.add()
                inside.sharedFolderUid, inside.recordUid = record['folder'], uid
                inside.recordKey = crypto.encrypt_aes_v2(record['key'], account.folders[record['folder']]['key'])
                inside.canShare = inside.canEdit = inside.owner = True
                inside.ownerAccountUid = account.account_uid
                place = reply.sharedFolderFolderRecords.add()
                place.sharedFolderUid = place.folderUid = record['folder']
                place.recordUid = uid
        for uid, folder in account.folders.items():
            shared = reply.sharedFolders.add()
            shared.sharedFolderUid, shared.revision = uid, folder['revision']
            shared.sharedFolderKey = crypto.encrypt_aes_v2(folder['key'], account.data_key)
            shared.keyType = record_pb2.ENCRYPTED_BY_DATA_KEY_GCM
            shared.name = crypto.encrypt_aes_v1(folder['name'].encode(), folder['key'])
            shared.data = crypto.encrypt_aes_v1(json.dumps({'name': folder['name']}).encode(), folder['key'])
            shared.cacheStatus = SyncDown_pb2.CLEAR
            shared.owner, shared.ownerAccountUid = USER, account.account_uid
            user = reply.sharedFolderUsers.add()
            user.sharedFolderUid, user.username, user.accountUid = uid, USER, account.account_uid
            user.manageRecords = user.manageUsers = True
            place = reply.userFolderSharedFolders.add()
            place.sharedFolderUid = uid
        for uid, folder in account.nested.items():
            data = reply.keeperDriveData.folders.add()
            data.folderUid = uid
            data.parentUid = folder['parent'] or b''
            data.data = crypto.encrypt_aes_v2(json.dumps({'name': folder['name']}).encode(), folder['key'])
            key = reply.keeperDriveData.folderKeys.add()
            key.folderUid = uid
            key.folderKey = crypto.encrypt_aes_v2(folder['key'], account.data_key)
            key.encryptedBy = folder_pb2.ENCRYPTED_BY_USER_KEY
        for uid, record in account.nested_records.items():
            drive = reply.keeperDriveData
            known = drive.records.add()
            known.recordUid, known.revision, known.version, known.clientModifiedTime = uid, record['revision'], 3, now_ms()
            data = drive.recordData.add()
            text = json.dumps({'title': record['title'], 'type': 'login', 'fields': [], 'custom': []})
            data.recordUid, data.data = uid, crypto.encrypt_aes_v2(text.encode(), record['key'])
            place = drive.folderRecords.add()
            place.folderUid, place.folderKeyEncryptionType = record['folder'], folder_pb2.ENCRYPTED_BY_PARENT_KEY
            place.recordMetadata.recordUid = uid
            folder_key = account.nested[record['folder']]['key']
            place.recordMetadata.encryptedRecordKey = crypto.encrypt_aes_v2(record['key'], folder_key)
            place.recordMetadata.encryptedRecordKeyType = folder_pb2.encrypted_by_data_key_gcm
        return reply

    def _record(self, reply, uid, version, revision, data, key):
        record = reply.records.add()
        record.recordUid, record.revision, record.version = uid, revision, version
        record.clientModifiedTime, record.data = now_ms(), data
        meta = reply.recordMetaData.add()
        meta.recordUid, meta.owner, meta.recordKey = uid, True, key
        meta.recordKeyType = record_pb2.ENCRYPTED_BY_DATA_KEY_GCM
        meta.canShare = meta.canEdit = True
        meta.ownerAccountUid = self.account.account_uid
        if version == 5 or self.account.records.get(uid, {}).get('folder') is None:
            place = reply.userFolderRecords.add()
            place.recordUid = uid

    def vault_application_add(self, payload):
        request = record_pb2.ApplicationAddRequest.FromString(payload)
        key = crypto.decrypt_aes_v2(request.record_key, self.account.data_key)
        self.account.applications[request.app_uid] = Application(
            key, request.record_key, request.data, now_ms(), self.account.next_revision())

    def vault_records_update(self, payload):
        request = record_pb2.RecordsUpdateRequest.FromString(payload)
        reply = record_pb2.RecordsModifyResponse()
        for update in request.records:
            status = reply.records.add()
            status.record_uid = update.record_uid
            application = self.account.applications.get(update.record_uid)
            if application is None:
                status.status, status.message = record_pb2.RS_ACCESS_DENIED, 'There is no such record'
            elif update.revision != application.revision:
                status.status, status.message = record_pb2.RS_OUT_OF_SYNC, 'The record was changed elsewhere'
            else:
                application.data, application.revision = update.data, self.account.next_revision()
                status.status = record_pb2.RS_SUCCESS
        reply.revision = self.account.revision
        return reply

    def vault_get_app_info(self, payload):
        request = APIRequest_pb2.GetAppInfoRequest.FromString(payload)
        reply = APIRequest_pb2.GetAppInfoResponse()
        for uid in request.appRecordUid:
            application = self.account.applications.get(uid)
            if application is None:
                continue
            info = reply.appInfo.add()
            info.appRecordUid = uid
            for secret, share in application.shares.items():
                if secret not in self.account.folders and secret not in self.account.records:
                    continue
                added = info.shares.add()
                added.secretUid, added.shareType = secret, share['type']
                added.editable, added.createdOn = share['editable'], share['created']
            for secret, folder in self.account.nested.items():
                access = folder['accesses'].get(uid)
                if access:
                    added = info.shares.add()
                    added.secretUid, added.shareType = secret, APIRequest_pb2.SHARE_TYPE_FOLDER
                    added.editable, added.createdOn = access['role'] == folder_pb2.CONTENT_MANAGER, access['created']
            for secret, record in self.account.nested_records.items():
                access = record['accesses'].get(uid)
                if access:
                    added = info.shares.add()
                    added.secretUid, added.shareType = secret, APIRequest_pb2.SHARE_TYPE_RECORD
                    added.editable, added.createdOn = access['role'] == folder_pb2.CONTENT_MANAGER, access['created']
            for client_id, client in application.clients.items():
                added = info.clients.add()
                added.id, added.clientId, added.createdOn = client['name'], client_id, client['created']
                added.lockIp, added.ipAddress = client['lock_ip'], client['ip'] or ''
                added.firstAccess, added.lastAccess = client['first_access'], client['last_access']
                added.firstAccessExpireOn = client['first_access_expires']
                added.accessExpireOn = client['access_expires']
                added.appClientType = client['type']
        return reply

    def vault_get_applications_summary(self, _payload):
        reply = APIRequest_pb2.GetApplicationsSummaryResponse()
        for uid, application in self.account.applications.items():
            added = reply.applicationSummary.add()
            added.appRecordUid = uid
            added.lastAccess = max([client['last_access'] for client in application.clients.values()], default=0)
            added.recordShares = sum(1 for share in application.shares.values() if share['type'] == 0)
            added.folderShares = sum(1 for share in application.shares.values() if share['type'] == 1)
            added.clientCount = len(application.clients)
        return reply

    def vault_get_records_details(self, payload):
        request = record_pb2.GetRecordDataWithAccessInfoRequest.FromString(payload)
        reply = record_pb2.GetRecordDataWithAccessInfoResponse()
        for uid in request.recordUid:
            info = reply.recordDataWithAccessInfo.add()
            info.recordUid = uid
            application = self.account.applications.get(uid)
            for username in [USER, *(application.users if application else [])]:
                permission = info.userPermission.add()
                permission.username, permission.owner = username, username == USER
                permission.sharable = permission.editable = username == USER
        return reply

    def vault_app_share_add(self, payload):
        request = APIRequest_pb2.AddAppSharesRequest.FromString(payload)
        application = self.account.application(request.appRecordUid)
        if any(share.secretUid in application.shares for share in request.shares):
            raise CloudError('invalid', 'Duplicate share, already added')
        for share in request.shares:
            application.shares[share.secretUid] = {
                'type': share.shareType, 'key': share.encryptedSecretKey,
                'editable': share.editable, 'created': now_ms(),
            }

    def vault_app_share_remove(self, payload):
        request = APIRequest_pb2.RemoveAppSharesRequest.FromString(payload)
        application = self.account.application(request.appRecordUid)
        for secret in request.shares:
            application.shares.pop(secret, None)

    def vault_folders_v3_access(self, payload):
        request = folder_access_pb2.GetFolderAccessRequest.FromString(payload)
        reply = folder_access_pb2.GetFolderAccessResponse()
        for uid in request.folderUid:
            result = reply.folderAccessResults.add()
            result.folderUid = uid
            at = uid
            while at:
                for application, access in self.account.nested[at]['accesses'].items():
                    accessor = result.accessors.add()
                    accessor.accessTypeUid, accessor.accessType = application, folder_pb2.AT_APPLICATION
                    accessor.accessRoleType, accessor.inherited = access['role'], at != uid
                at = self.account.nested[at]['parent']
        return reply

    def vault_folders_v3_access_update(self, payload):
        request = folder_pb2.FolderAccessRequest.FromString(payload)
        reply = folder_pb2.FolderAccessResponse()
        for access in [*request.folderAccessAdds, *request.folderAccessUpdates, *request.folderAccessRemoves]:
            result = reply.folderAccessResults.add()
            result.folderUid, result.accessUid = access.folderUid, access.accessTypeUid
            result.accessType, result.status = access.accessType, folder_pb2.SUCCESS
            folder = self.account.nested.get(access.folderUid)
            known = folder and folder['accesses'].get(access.accessTypeUid)
            if folder is None or (known is None and access not in request.folderAccessAdds):
                result.status, result.message = folder_pb2.NOT_FOUND, 'There is no such access'
            elif access in request.folderAccessRemoves:
                del folder['accesses'][access.accessTypeUid]
            elif known:
                known['role'] = access.accessRoleType
            else:
                folder['accesses'][access.accessTypeUid] = {
                    'role': access.accessRoleType, 'key': access.folderKey.encryptedKey, 'created': now_ms()}
        return reply

    def vault_records_v3_share(self, payload):
        request = record_sharing_pb2.Request.FromString(payload)
        reply = record_sharing_pb2.Response()
        for asked, statuses in ((request.createSharingPermissions, reply.createdSharingStatus),
                                (request.updateSharingPermissions, reply.updatedSharingStatus),
                                (request.revokeSharingPermissions, reply.revokedSharingStatus)):
            for permission in asked:
                status = statuses.add()
                status.recordUid, status.recipientUid = permission.recordUid, permission.recipientUid
                status.status = record_sharing_pb2.SUCCESS
                record = self.account.nested_records.get(permission.recordUid)
                application = permission.rules.accessTypeUid
                known = record and record['accesses'].get(application)
                if record is None or (known is None and asked is not request.createSharingPermissions):
                    status.status, status.message = record_sharing_pb2.ACCESS_DENIED, 'There is no such access'
                elif known and asked is request.createSharingPermissions:
                    status.status = record_sharing_pb2.ALREADY_SHARED
                elif asked is request.revokeSharingPermissions:
                    del record['accesses'][application]
                else:
                    record['accesses'][application] = {
                        'role': permission.rules.accessRoleType, 'key': permission.recordKey,
                        'created': known['created'] if known else now_ms()}
        return reply

    def vault_app_client_add(self, payload):
        request = APIRequest_pb2.AddAppClientRequest.FromString(payload)
        application = self.account.application(request.appRecordUid)
        application.clients[request.clientId] = new_client(
            name=request.id or 'device', key=request.encryptedAppKey, lock_ip=request.lockIp,
            first_access_expires=request.firstAccessExpireOn, access_expires=request.accessExpireOn,
            type=request.appClientType,
        )
        return APIRequest_pb2.Device(encryptedDeviceToken=os.urandom(64))

    def vault_app_client_remove(self, payload):
        request = APIRequest_pb2.RemoveAppClientsRequest.FromString(payload)
        application = self.account.application(request.appRecordUid)
        for client_id in request.clients:
            application.clients.pop(client_id, None)

    def pam_get_controllers(self, _payload):
        reply = pam_pb2.PAMControllersResponse()
        for uid, controller in self.account.controllers.items():
            added = reply.controllers.add()
            added.controllerUid, added.controllerName = uid, controller['name']
            added.deviceName, added.applicationUid = controller['name'], controller['application']
            added.created = added.lastModified = controller['created']
            added.isInitialized = True
        return reply

    def pam_modify_controller(self, payload):
        request = pam_pb2.PAMController.FromString(payload)
        self._controller(request.controllerUid)['name'] = request.controllerName

    def pam_remove_controller(self, payload):
        request = pam_pb2.PAMGenericUidRequest.FromString(payload)
        controller = self._controller(request.uid)
        del self.account.controllers[request.uid]
        application = self.account.applications.get(controller['application'])
        if application:
            application.clients.pop(controller['client_id'], None)
        return pam_pb2.PAMRemoveControllerResponse()

    def _controller(self, uid):
        controller = self.account.controllers.get(uid)
        if controller is None:
            raise CloudError('doesnt_exist', 'There is no such gateway')
        return controller

    def vault_get_record_types(self, _payload):
        return record_pb2.RecordTypesResponse()

    def vault_execute_v2_command(self, payload):
        """The older commands, in JSON."""
        request = json.loads(payload)
        name = request['command']
        if name == 'pre_delete':
            token = uid_text(os.urandom(16))
            self.account.pending_deletes[token] = [item['object_uid'] for item in request['objects']]
            return {'result': 'success', 'pre_delete_response': {
                'pre_delete_token': token, 'would_delete': {'deletion_summary': ['1 record']}}}
        if name == 'delete':
            for uid in self.account.pending_deletes.pop(request['pre_delete_token'], []):
                self.account.applications.pop(utils.base64_url_decode(uid), None)
            self.account.next_revision()
            return {'result': 'success'}
        return {'result': 'success'}


class Control:
    """What happens behind Commander's back, and what goes wrong. One method a word of `{"do": word, …}`."""

    def __init__(self, account):
        self.account = account

    def account_keys(self):
        account = self.account
        return {
            'user': USER, 'dataKey': uid_text(account.data_key), 'session': uid_text(account.session),
            'accountUid': uid_text(account.account_uid),
            'serverPublicKey': uid_text(crypto.unload_ec_public_key(account.public_key)),
        }

    def folder(self, name, uid=None):
        key = utils.base64_url_decode(uid) if uid else draw_uid()
        self.account.folders[key] = {'key': os.urandom(32), 'name': name, 'revision': self.account.next_revision()}
        return uid_text(key)

    def nested_folder(self, name, parent=None):
        key = draw_uid()
        self.account.nested[key] = {
            'key': os.urandom(32), 'name': name, 'accesses': {},
            'parent': utils.base64_url_decode(parent) if parent else None,
        }
        self.account.next_revision()
        return uid_text(key)

    def nested_record(self, title, folder):
        key = draw_uid()
        self.account.nested_records[key] = {
            'key': os.urandom(32), 'title': title, 'folder': utils.base64_url_decode(folder), 'accesses': {},
            'revision': self.account.next_revision(),
        }
        return uid_text(key)

    def record(self, title, folder=None, uid=None):
        key = utils.base64_url_decode(uid) if uid else draw_uid()
        self.account.records[key] = {
            'key': os.urandom(32), 'title': title, 'revision': self.account.next_revision(),
            'folder': utils.base64_url_decode(folder) if folder else None,
        }
        return uid_text(key)

    def remove_secret(self, uid):
        self.account.folders.pop(utils.base64_url_decode(uid), None)
        self.account.records.pop(utils.base64_url_decode(uid), None)

    def applications(self):
        """Everything as the cloud has it."""
        return [
            {
                'uid': uid_text(uid), 'title': application.title,
                'shares': [{'uid': uid_text(secret), 'editable': share['editable'],
                            'opens': self._opens(application, secret, share)}
                           for secret, share in application.shares.items()]
                + [{'uid': uid_text(secret),
                    'editable': folder['accesses'][uid]['role'] == folder_pb2.CONTENT_MANAGER,
                    'opens': crypto.decrypt_aes_v2(folder['accesses'][uid]['key'], application.key) == folder['key']}
                   for secret, folder in [*self.account.nested.items(), *self.account.nested_records.items()]
                   if uid in folder['accesses']],
                'clients': [{'id': uid_text(client_id), 'name': client['name'], 'lockIp': client['lock_ip'],
                             'gateway': client['type'] != enterprise_pb2.GENERAL,
                             'redeemed': client['public_key'] is not None}
                            for client_id, client in application.clients.items()],
            }
            for uid, application in self.account.applications.items()
        ]

    def _opens(self, application, secret, share):
        """Whether the key that was granted is the secret's own."""
        known = self.account.folders.get(secret) or self.account.records.get(secret)
        try:
            return known is not None and crypto.decrypt_aes_v2(share['key'], application.key) == known['key']
        except Exception:
            return False

    def make_application(self, title, uid=None):
        key = os.urandom(32)
        chosen = utils.base64_url_decode(uid) if uid else os.urandom(16)
        application = Application(key, crypto.encrypt_aes_v2(key, self.account.data_key), b'', now_ms(), 0)
        application.rename(title, self.account.next_revision())
        self.account.applications[chosen] = application
        return uid_text(chosen)

    def fill(self, applications, devices):
        """So many applications at once, with so many devices each that nobody has redeemed."""
        uids = []
        for number in range(applications):
            uid = self.make_application(f'filled {number} {uid_text(os.urandom(6))}', uid_text(draw_uid()))
            clients = self.account.applications[utils.base64_url_decode(uid)].clients
            for device in range(devices):
                clients[os.urandom(64)] = new_client(
                    name=f'device {device}', key=b'', lock_ip=True, first_access_expires=now_ms() + 86_400_000,
                    access_expires=0, type=enterprise_pb2.GENERAL,
                )
            uids.append(uid)
        return uids

    def rename_application(self, uid, title):
        self.account.application(utils.base64_url_decode(uid)).rename(title, self.account.next_revision())

    def remove_application(self, uid):
        self.account.applications.pop(utils.base64_url_decode(uid), None)
        self.account.next_revision()

    def share_with_user(self, uid, user):
        self.account.application(utils.base64_url_decode(uid)).users.append(user)

    def remove_share(self, application, uid):
        self.account.application(utils.base64_url_decode(application)).shares.pop(utils.base64_url_decode(uid), None)

    def set_editable(self, application, uid, editable):
        share = self.account.application(utils.base64_url_decode(application)).shares[utils.base64_url_decode(uid)]
        share['editable'] = editable

    def remove_client(self, application, client):
        self.account.application(utils.base64_url_decode(application)).clients.pop(utils.base64_url_decode(client), None)

    def redeem(self, token):
        """As a device, or a gateway, redeems its one-time token: it opens the application key with it."""
        secret = utils.base64_url_decode(token.split(':')[-1])
        client_id = hmac.new(secret, b'KEEPER_SECRETS_MANAGER_CLIENT_ID', hashlib.sha512).digest()
        for uid, application in self.account.applications.items():
            client = application.clients.get(client_id)
            if client is None:
                continue
            if client['public_key'] is not None or client['first_access_expires'] <= now_ms():
                raise CloudError('access_denied', 'The token was used or has expired', 403)
            if crypto.decrypt_aes_v2(client['key'], secret) != application.key:
                raise CloudError('access_denied', 'The token does not open the application', 403)
            client['public_key'] = b'bound'
            client['first_access'] = client['last_access'] = now_ms()
            client['ip'] = '10.0.0.1' if client['lock_ip'] else None
            gateway = None
            if client['type'] != enterprise_pb2.GENERAL:
                key = os.urandom(16)
                self.account.controllers[key] = {
                    'name': client['name'], 'application': uid, 'created': now_ms(), 'client_id': client_id}
                gateway = uid_text(key)
            return {'application': uid_text(uid), 'client': uid_text(client_id), 'gateway': gateway}
        raise CloudError('access_denied', 'There is no such client', 403)

    def access(self, client):
        """As a device that was bound before reads again."""
        for application in self.account.applications.values():
            known = application.clients.get(utils.base64_url_decode(client))
            if known:
                known['last_access'] = now_ms()

    def expire_token(self, client):
        for application in self.account.applications.values():
            known = application.clients.get(utils.base64_url_decode(client))
            if known:
                known['first_access_expires'] = now_ms() - 1

    def end_session(self, for_good=False):
        """Commander is to log in again, and cannot where it is for good."""
        self.account.session = os.urandom(32)
        self.account.logs_in = not for_good

    def pass_minutes(self, minutes):
        AHEAD[0] += int(minutes * 60_000)

    def clear(self):
        """An empty vault, and the time of the machine."""
        for everything in (self.account.applications, self.account.folders, self.account.nested, self.account.nested_records, self.account.records,
                           self.account.controllers):
            everything.clear()
        AHEAD[0] = 0
        self.heal()

    def fail(self, endpoint, kind, count=1, code='error', message='It failed'):
        self.account.faults.append(
            {'endpoint': endpoint, 'kind': kind, 'count': count, 'code': code, 'message': message})

    def heal(self):
        self.account.faults.clear()
        self.account.router_down = False
        self.account.latency_ms = 0

    def latency(self, ms):
        self.account.latency_ms = ms

    def router(self, down):
        self.account.router_down = down

    def calls(self):
        calls, self.account.calls = self.account.calls, []
        return calls


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    account = Account()
    endpoints = Endpoints(account)
    control = Control(account)

    def log_message(self, *_args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        try:
            if self.path == '/control':
                self._control(json.loads(body))
            elif self.path == '/api/rest/sm/v1/get_secret':
                self._get_secret(body)
            elif self.path.startswith('/api/rest/'):
                self._rest(self.path[len('/api/rest/'):], body)
            elif self.path.startswith('/api/user/'):
                self._router(self.path[len('/api/user/'):])
            else:
                self._answer(404, 'text/html', b'<html>Not found</html>')
        except LostReply:
            self.close_connection = True
        except CloudError as error:
            text = {'error': error.code, 'message': error.message}
            self._answer(error.status, 'application/json', json.dumps(text).encode())

    do_GET = do_POST

    def _control(self, request):
        with self.account.lock:
            word = request.pop('do')
            self._answer(200, 'application/json', json.dumps(getattr(self.control, word)(**request)).encode())

    def _rest(self, endpoint, body):
        account = self.account
        request = APIRequest_pb2.ApiRequest.FromString(body)
        key = crypto.decrypt_ec(request.encryptedTransmissionKey, account.private_key)
        payload = APIRequest_pb2.ApiRequestPayload.FromString(crypto.decrypt_aes_v2(request.encryptedPayload, key))
        account.calls.append(endpoint)
        time.sleep(account.latency_ms / 1000)
        fault = self._fault(endpoint)
        if fault == 'before':
            raise LostReply()
        session = payload.encryptedSessionToken
        if session and session != account.session:
            raise CloudError('session_token_expired', 'The session has expired', 401)
        with account.lock:
            reply = getattr(self.endpoints, endpoint.replace('/', '_'), self._unknown(endpoint))(payload.payload)
        if fault == 'after':
            raise LostReply()
        text = b'' if reply is None else \
            json.dumps(reply).encode() if isinstance(reply, dict) else reply.SerializeToString()
        self._answer(200, 'application/octet-stream', crypto.encrypt_aes_v2(text, key) if reply is not None else b'')

    def _get_secret(self, body):
        """A device binds and reads: no secrets in it, which nobody here asks for."""
        account = self.account
        key = crypto.decrypt_ec(base64.b64decode(self.headers['TransmissionKey']), account.private_key)
        payload = json.loads(crypto.decrypt_aes_v2(body, key))
        client_id = base64.b64decode(payload['clientId'])
        account.calls.append('get_secret')
        if self._fault('get_secret') is not None:
            raise LostReply()
        with account.lock:
            for application in account.applications.values():
                client = application.clients.get(client_id)
                if client is None:
                    continue
                reply = {'folders': [], 'records': [], 'expiresOn': client['access_expires'], 'warnings': []}
                if payload.get('publicKey'):
                    client['public_key'] = base64.b64decode(payload['publicKey'])
                    client['first_access'] = client['first_access'] or now_ms()
                    client['ip'] = '10.0.0.2'
                    reply['encryptedAppKey'] = uid_text(client['key'])
                    reply['appOwnerPublicKey'] = uid_text(crypto.unload_ec_public_key(account.owner_public_key))
                client['last_access'] = now_ms()
                self._answer(200, 'application/octet-stream', crypto.encrypt_aes_v2(json.dumps(reply).encode(), key))
                return
        raise CloudError('access_denied', 'Signature is invalid', 403)

    @staticmethod
    def _unknown(endpoint):
        def refuse(_payload):
            raise CloudError('bad_request', f'The simulated cloud has no {endpoint}')
        return refuse

    def _router(self, path):
        self.account.calls.append(f'router/{path}')
        time.sleep(self.account.latency_ms / 1000)
        if self.account.router_down:
            raise LostReply()
        key = crypto.decrypt_ec(base64.b64decode(self.headers['TransmissionKey']), self.account.private_key)
        online = pam_pb2.PAMOnlineControllers()
        reply = router_pb2.RouterResponse()
        reply.responseCode = router_pb2.RRC_OK
        reply.encryptedPayload = crypto.encrypt_aes_v2(online.SerializeToString() or b'', key)
        self._answer(200, 'application/octet-stream', reply.SerializeToString())

    def _fault(self, endpoint):
        with self.account.lock:
            for fault in self.account.faults:
                if fault['endpoint'] != endpoint:
                    continue
                fault['count'] -= 1
                if fault['count'] <= 0:
                    self.account.faults.remove(fault)
                if fault['kind'] == 'error':
                    raise CloudError(fault['code'], fault['message'], 403 if fault['code'] == 'throttled' else 400)
                return fault['kind']
        return None

    def _answer(self, status, content_type, body):
        self.send_response(status)
        self.send_header('Content-Type', content_type)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--port', type=int, default=0, help='on loopback; 0: a free one')
    server = ThreadingHTTPServer(('127.0.0.1', parser.parse_args().port), Handler)
    server.daemon_threads = True
    # Commander is killed in the middle of a call: that is no news.
    server.handle_error = lambda *_: isinstance(sys.exc_info()[1], ConnectionError) or traceback.print_exc()
    print(json.dumps({'port': server.server_address[1]}), flush=True)
    server.serve_forever()


if __name__ == '__main__':
    main()
