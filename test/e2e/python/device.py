"""A device in Python: redeems its one-time token with the official SDK, or reads with the configuration it has.

From the environment: DEVICE_CONFIG (file of the configuration), DEVICE_HOSTNAME, DEVICE_SERVER_PUBLIC_KEY,
DEVICE_SERVER_PUBLIC_KEY_ID, and DEVICE_TOKEN for the first use. TLS trust by REQUESTS_CA_BUNDLE.
Prints one line of JSON: {"titles": [...], "passwords": n} or {"error": class, "message": text}.
"""
import json
import os
import sys

from keeper_secrets_manager_core import SecretsManager
from keeper_secrets_manager_core.exceptions import KeeperAccessDenied, KeeperError
from keeper_secrets_manager_core.storage import FileKeyValueStorage


def main() -> int:
    storage = FileKeyValueStorage(os.environ["DEVICE_CONFIG"])
    manager = SecretsManager(
        config=storage,
        token=os.environ.get("DEVICE_TOKEN"),
        hostname=os.environ["DEVICE_HOSTNAME"],
        server_public_key=os.environ["DEVICE_SERVER_PUBLIC_KEY"],
        server_public_key_id=os.environ["DEVICE_SERVER_PUBLIC_KEY_ID"],
    )
    try:
        records = manager.get_secrets()
    except (KeeperAccessDenied, KeeperError) as error:
        print(json.dumps({"error": type(error).__name__, "message": str(error)}))
        return 1
    print(json.dumps({
        "titles": sorted(record.title for record in records),
        "passwords": sum(1 for record in records if record.field("password", single=True)),
    }))
    return 0


if __name__ == "__main__":
    sys.exit(main())
