"""A process that changes keys in small batches until it is killed or done: `python -m tests.vault.rotating`."""

import os
import sys

import config as settings
from portal import create_app
from portal.db import transaction
from portal.jobs import vault
from portal.services import key_rotation, reseal


def main() -> None:
    """Retire every organisation's key and replace some data keys, then do what is due; `go-on` does only the latter."""
    app = create_app(settings.load(dict(os.environ)))
    key_rotation.BATCH = reseal.BATCH = 3
    with app.app_context():
        if sys.argv[1] == "begin":
            with transaction():
                for organisation_id in key_rotation.organisations_with_keys():
                    key_rotation.retire_organisation_key(organisation_id)
            for public_id in sys.argv[2:]:
                with transaction():
                    key_rotation.replace_data_key(vault.key_rotation.KeyKind.CASE, public_id)
        print("begun", flush=True)
        vault.rewrap()
        vault.reseal_all()


if __name__ == "__main__":
    main()
