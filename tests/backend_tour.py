"""Tours in the back office."""

import base64
import os
from pathlib import Path
from unittest.mock import patch

from odoo.tests.common import ChromeBrowser

#: A library of Odoo's that some distributions leave out; pages say so and go on without it.
MISSING_LIBRARY = "mail/static/lib/selfie_segmentation"

#: A tour logs this and a name where a picture belongs into the documentation.
PICTURE = "picture:"

#: Names the folder that pictures are written to; without it none are taken.
PICTURE_FOLDER = "SUPPORT_DEBIT_PICTURES"


class BackendTourMixin:
    """For `HttpCase`: lets tours of the back office run where a library of Odoo's is left out.

    `SUPPORT_DEBIT_PICTURES=static/description bin/odoo -d NAME --test-tags /support_debit:CLASS`
    writes the pictures of the documentation.
    """

    def start_tour(self, url_path, tour_name, **kwargs):
        """Start a tour; every error in the browser but the missing library fails it."""
        handle = ChromeBrowser._handle_console

        def handle_console(browser, args=None, **kwargs):
            if kwargs["type"] == "error" and MISSING_LIBRARY in str(args):
                kwargs["type"] = "warning"
            text = str((args or [{}])[0].get("value", ""))
            if text.startswith(PICTURE):
                self._take_picture(browser, text.removeprefix(PICTURE))
            return handle(browser, args=args, **kwargs)

        with patch.object(ChromeBrowser, "_handle_console", handle_console):
            return super().start_tour(url_path, tour_name, **kwargs)

    def _take_picture(self, browser, name):
        """Write what the browser shows into the folder of pictures, if there is one."""
        folder = os.environ.get(PICTURE_FOLDER)
        if not folder:
            return

        def save(future):
            Path(folder, f"{name}.png").write_bytes(base64.b64decode(future.result()["data"]))

        future = browser._websocket_send("Page.captureScreenshot", with_future=True)
        future.add_done_callback(save)
