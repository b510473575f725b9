"""Keeper Commander's own Service Mode, in front of the simulated cloud.

    python service_mode.py --cloud http://127.0.0.1:PORT --settings JSON

Everything of Commander's runs as it is, but for three things: its HTTP to Keeper goes to the cloud's address, Keeper's
public keys are the cloud's, and it is logged in already. Settings: `port`, `apiKey`, `commands`, and as Commander's own
configuration has them `rate_limiting`, `ip_allowed_list`, `encryption_private_key`, `queue_enabled`,
`expiration`; `gateway_cache_seconds`, which it keeps for 60 by itself; and `says_version`, as an older one, or one set
up by `terraform-app-setup` would (it looks at nobody's `Min-Commander-Version` elsewhere); `one_time_secrets`, from which
the next tokens are made; `plain_uids`, of which none has a dash first; `throttle_scale`, how much of its sleep it sleeps where Keeper throttles it.
"""

import argparse
import json
import logging
import os
import sys
import tempfile
import time
import urllib.parse
import urllib.request

os.environ['HOME'] = tempfile.mkdtemp(prefix='commander-')

import keepercommander  # noqa: E402
import requests.adapters  # noqa: E402

SETTINGS = json.loads(sys.argv[sys.argv.index('--settings') + 1]) if '--settings' in sys.argv else {}
if 'says_version' in SETTINGS:
    os.environ['TERRAFORM_RECORD'] = 'AAAAAAAAAAAAAAAAAAAAAA'
    # It reads its own version once, when it is loaded.
    keepercommander.__version__ = SETTINGS['says_version']

from keepercommander import api, crypto, rest_api, utils  # noqa: E402
from keepercommander.commands import ksm  # noqa: E402
from keepercommander.commands.pam import gateway_helper  # noqa: E402
from keepercommander.params import KeeperParams  # noqa: E402
from keepercommander.service.config.service_config import ServiceConfig  # noqa: E402
from keepercommander.service.core import globals as service_globals  # noqa: E402
from keeper_secrets_manager_core import keeper_globals  # noqa: E402


def ask(cloud, word, **facts):
    body = json.dumps({'do': word, **facts}).encode()
    with urllib.request.urlopen(f'{cloud}/control', data=body) as reply:
        return json.load(reply)


def lead_to(cloud):
    """All of Commander's requests go to the cloud, whatever host they name."""
    send = requests.adapters.HTTPAdapter.send
    place = urllib.parse.urlparse(cloud)

    def led(self, request, **options):
        url = urllib.parse.urlparse(request.url)
        request.url = urllib.parse.urlunparse(url._replace(scheme=place.scheme, netloc=place.netloc))
        return send(self, request, **{**options, 'proxies': {}})

    requests.adapters.HTTPAdapter.send = led


class Instead:
    """A module, of which something is another."""

    def __init__(self, module, **others):
        self._module = module
        self.__dict__.update(others)

    def __getattr__(self, name):
        return getattr(self._module, name)


def draw(secrets):
    left = [utils.base64_url_decode(secret) for secret in secrets]
    ksm.os = Instead(os, urandom=lambda size: left.pop(0) if size == 32 and left else os.urandom(size))


def draw_plain_uids():
    draw_uid = api.generate_record_uid
    api.generate_record_uid = lambda: next(uid for uid in iter(draw_uid, None) if not uid.startswith('-'))


def logged_in(account):
    params = KeeperParams(server='keepersecurity.eu', config={'server': 'keepersecurity.eu', 'user': account['user']})
    params.user = account['user']
    params.session_token = account['session']
    params.data_key = utils.base64_url_decode(account['dataKey'])
    params.account_uid_bytes = utils.base64_url_decode(account['accountUid'])
    params.rest_context.server_key_id = 7
    params.enforcements = {'booleans': [{'key': 'allow_pam_gateway', 'value': True}]}
    params.settings = {}
    params.license = {}
    params.batch_mode = True
    params.service_mode = True
    return params


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--cloud', required=True)
    parser.add_argument('--settings', required=True)
    options = parser.parse_args()
    settings = json.loads(options.settings)
    account = ask(options.cloud, 'account_keys')
    key = crypto.load_ec_public_key(utils.base64_url_decode(account['serverPublicKey']))
    for number in range(7, 19):
        rest_api.SERVER_PUBLIC_KEYS[number] = key
    for number in keeper_globals.keeper_public_keys:
        keeper_globals.keeper_public_keys[number] = account['serverPublicKey']
    gateway_helper._GATEWAY_CACHE_TTL = settings.get('gateway_cache_seconds', gateway_helper._GATEWAY_CACHE_TTL)
    lead_to(options.cloud)
    draw(settings.get('one_time_secrets', []))
    if settings.get('plain_uids'):
        draw_plain_uids()
    scale = settings.get('throttle_scale', 1)
    rest_api.time = Instead(time, sleep=lambda seconds: time.sleep(seconds * scale))

    config = {
        'title': 'Commander Service Mode Config', 'port': settings['port'], 'run_mode': 'foreground',
        'rate_limiting': settings.get('rate_limiting', '60/minute'),
        'ip_allowed_list': settings.get('ip_allowed_list', '0.0.0.0/0'), 'ip_denied_list': '',
        'encryption': 'y' if settings.get('encryption_private_key') else 'n',
        'encryption_private_key': settings.get('encryption_private_key', ''),
        'queue_enabled': settings.get('queue_enabled', 'y'),
        'records': [{
            'api-key': settings['apiKey'], 'command_list': settings['commands'],
            'expiration_timestamp': settings.get('expiration', '9999-12-31T23:59:59'),
        }],
    }
    ServiceConfig.load_config = lambda self: config
    params = logged_in(account)
    api.sync_down(params)
    service_globals.init_globals(params)
    logging.getLogger().setLevel(logging.INFO)

    from keepercommander.service.app import create_app
    app = create_app()
    print(json.dumps({'ready': settings['port']}), flush=True)
    app.run(host='127.0.0.1', port=settings['port'], threaded=True)


if __name__ == '__main__':
    sys.exit(main())
