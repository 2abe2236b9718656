# Part of support_debit. See LICENSE file for full copyright and licensing details.

{
    "name": "Support Debit",
    "version": "19.0.1.4.0",
    "category": "Sales/Subscriptions",
    "summary": "Sell support packages and collect them at once by SEPA direct debit",
    "description": " ",  # Non-empty string: README.md is Markdown, not RST.
    "author": "The support_debit team",
    "license": "LGPL-3",
    "depends": [
        "account_payment",
        "base_iban",
        "sale_management",
        "website_sale",
    ],
    "external_dependencies": {
        "python": ["cryptography", "lxml", "phonenumbers", "python-stdnum", "requests", "schwifty"],
        "apt": {"schwifty": "python3-schwifty"},
    },
    "data": [
        "security/support_debit_groups.xml",
        "security/ir.model.access.csv",
        "security/support_debit_rules.xml",
        "data/ir_sequence_data.xml",
        "data/sdd_evidence_kind_data.xml",
        "data/sdd_mandate_text_data.xml",
        "data/mail_template_return_data.xml",
        "data/sdd_reason_data.xml",  # Depends on the templates.
        "data/support_country_rule_data.xml",
        "data/risk_domain_data.xml",
        "data/risk_town_data.xml",
        "data/product_data.xml",
        "data/sdd_retry_policy_data.xml",
        "data/risk_assessment_cron_data.xml",
        "data/risk_lab_cron_data.xml",
        "data/risk_card_data.xml",
        "data/risk_policy_data.xml",  # Depends on the cards.
        "report/sdd_mandate_report.xml",
        "report/sdd_proof_pack.xml",  # Depends on the mandate's form.
        "report/account_invoice_report.xml",
        "data/mail_template_data.xml",  # Depends on the report.
        "data/mail_template_support_data.xml",
        "data/mail_template_mandate_data.xml",  # Depends on the report.
        "data/mail_template_prenotification_data.xml",
        "report/sdd_prenotification.xml",  # Depends on the mandate's form.
        "data/mail_template_retry_data.xml",
        "data/ir_cron_data.xml",
        "views/payment_sdd_templates.xml",
        "views/payment_token_templates.xml",
        "views/confirmation_templates.xml",  # Depends on the inline form.
        "data/payment_method_data.xml",
        "data/payment_provider_data.xml",  # Depends on the inline form and the payment method.
        "views/website_sale_templates.xml",
        "views/risk_page_templates.xml",
        "views/portal_templates.xml",
        "views/portal_home_templates.xml",
        "views/portal_debit_templates.xml",
        "views/portal_invoice_templates.xml",
        "views/portal_retry_templates.xml",
        "views/portal_mandate_templates.xml",
        "views/portal_account_templates.xml",
        "views/portal_notice_templates.xml",  # Depends on the pages of mandates and debits.
        "data/mail_template_portal_data.xml",
        "views/support_plan_views.xml",
        "views/support_subscription_views.xml",
        "views/support_country_rule_views.xml",
        "views/sdd_mandate_list_views.xml",
        "wizards/sdd_iban_reveal_views.xml",
        "wizards/sdd_mandate_revoke_views.xml",
        "wizards/sdd_mandate_evidence_add_views.xml",
        "wizards/sdd_mandate_link_views.xml",
        "views/sdd_help_views.xml",
        "views/sdd_mandate_views.xml",  # Depends on the wizards and the help.
        "wizards/sdd_mandate_amend_views.xml",
        "wizards/sdd_mandate_export_views.xml",
        "wizards/sdd_mandate_scan_views.xml",
        "views/sdd_mandate_import_views.xml",
        "views/sdd_evidence_kind_views.xml",
        "views/sdd_evidence_limit_views.xml",
        "views/sdd_mandate_text_views.xml",
        "wizards/sdd_bank_directory_import_views.xml",
        "views/sdd_bank_directory_views.xml",  # Depends on the wizard.
        "views/sdd_batch_views.xml",
        "views/sdd_debit_views.xml",  # Depends on the action that creates batches.
        "views/sdd_debit_form_views.xml",
        "views/sdd_preflight_views.xml",  # Depends on the views of debits.
        "views/sdd_batch_block_views.xml",  # Depends on the views of batches.
        "views/sdd_bank_connection_views.xml",
        "wizards/sdd_fints_wizard_views.xml",
        "wizards/sdd_bank_import_views.xml",
        "views/sdd_bank_finding_views.xml",
        "views/sdd_bank_message_views.xml",  # Depends on the wizard.
        "views/sdd_return_views.xml",
        "views/sdd_reason_views.xml",
        "wizards/sdd_debit_move_views.xml",
        "views/sdd_debit_retry_views.xml",  # Depends on the wizard and the views of returns.
        "views/sdd_retry_policy_views.xml",
        "views/sdd_retry_report_views.xml",
        "views/sdd_transit_check_views.xml",
        "views/sdd_collection_report_views.xml",
        "views/sdd_cash_forecast_views.xml",
        "views/sdd_return_message_templates.xml",
        "report/sdd_cancellation_report.xml",
        "views/sdd_handover_views.xml",
        "views/sdd_cancellation_views.xml",  # Depends on the report.
        "views/sdd_reversal_views.xml",
        "views/sdd_request_views.xml",  # Depends on the views of debits and batches.
        "views/product_template_views.xml",
        "views/sale_order_views.xml",
        "views/account_move_views.xml",
        "views/account_move_line_views.xml",
        "views/account_journal_views.xml",
        "views/res_partner_views.xml",
        "views/sdd_timeline_views.xml",  # Depends on the customer's smart buttons.
        "views/sdd_iban_access_views.xml",
        "wizards/sdd_personal_data_views.xml",
        "views/payment_transaction_views.xml",
        "views/res_config_settings_views.xml",
        "views/sdd_mandate_amendment_views.xml",  # Depends on the views of mandates, debits, settings.
        "views/sdd_prenotification_views.xml",  # Depends on the views of debits, mandates, journals.
        "data/mail_template_risk_data.xml",
        "report/risk_assessment_report.xml",  # Depends on the mandate's form.
        "views/risk_case_views.xml",
        "views/risk_assessment_views.xml",  # Depends on the report.
        "views/risk_order_views.xml",
        "views/risk_settings_views.xml",
        "views/menus.xml",  # Depends on all actions.
        "views/sdd_retry_menus.xml",
        "views/risk_rule_views.xml",
        "views/risk_policy_views.xml",  # Depends on the views of rules.
        "views/risk_card_views.xml",
        "views/risk_rehearsal_views.xml",
        "views/risk_governor_views.xml",  # Depends on the settings of the risk room.
        "views/risk_monitor_views.xml",
        "views/risk_domain_views.xml",
        "wizards/risk_iban_calculator_views.xml",
        "views/risk_menus.xml",  # Depends on the menus and the risk room's actions.
        "views/risk_block_views.xml",
        "wizards/risk_provider_try_views.xml",
        "views/risk_provider_call_views.xml",
        "views/risk_provider_views.xml",  # Depends on the views of questions.
        "data/risk_provider_data.xml",
        "views/risk_lab_menus.xml",  # Depends on the menu of the risk room.
        "views/risk_provider_menus.xml",  # Depends on the menu of the risk room.
    ],
    "demo": [
        "demo/support_debit_catalogue_demo.xml",
        "demo/support_debit_demo.xml",  # Depends on the catalogue.
        "demo/support_debit_bureau_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "support_debit/static/src/assign/**/*",
            "support_debit/static/src/dashboard/**/*",
            "support_debit/static/src/bank_files_list/**/*",
            "support_debit/static/src/grade_badge/**/*",
            "support_debit/static/src/import_progress/**/*",
            "support_debit/static/src/mandate_link/**/*",
            "support_debit/static/src/risk_badge/**/*",
            "support_debit/static/src/setup_banner/**/*",
            "support_debit/static/src/timeline/**/*",
        ],
        "web.assets_frontend": [
            "support_debit/static/src/interactions/**/*",
            "support_debit/static/src/scss/**/*",
        ],
        "web.assets_tests": [
            "support_debit/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
