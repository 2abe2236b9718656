import { FileUploadListRenderer } from "@account/views/file_upload_list/file_upload_list_renderer";
import { fileUploadListView } from "@account/views/file_upload_list/file_upload_list_view";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Files of the bank are dropped on the list, many at once and whatever their names. */
export class BankFilesListRenderer extends FileUploadListRenderer {
    setup() {
        super.setup();
        this.dropZoneTitle = _t("Drop the files of your bank here");
        this.dropZoneDescription = _t(
            "Statements, notices and answers to batches, in any order, also zipped."
        );
    }

    /** A statement pasted as text is no file: only files are taken. */
    async onPaste(ev) {
        if (ev.clipboardData?.files.length) {
            await super.onPaste(ev);
        }
    }
}

registry.category("views").add("sdd_bank_files_list", {
    ...fileUploadListView,
    Renderer: BankFilesListRenderer,
});
