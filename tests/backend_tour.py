"""Tours in the back office."""

from unittest.mock import patch

from odoo.tests.common import ChromeBrowser

#: A library of Odoo's that some distributions leave out; pages say so and go on without it.
MISSING_LIBRARY = "mail/static/lib/selfie_segmentation"


class BackendTourMixin:
    """For `HttpCase`: lets tours of the back office run where a library of Odoo's is left out."""

    def start_tour(self, url_path, tour_name, **kwargs):
        """Start a tour; every error in the browser but the missing library fails it."""
        handle = ChromeBrowser._handle_console

        def handle_console(browser, args=None, **kwargs):
            if kwargs["type"] == "error" and MISSING_LIBRARY in str(args):
                kwargs["type"] = "warning"
            return handle(browser, args=args, **kwargs)

        with patch.object(ChromeBrowser, "_handle_console", handle_console):
            return super().start_tour(url_path, tour_name, **kwargs)
