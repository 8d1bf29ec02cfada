"""Addresses of the pages of verification."""

from django.urls import path

from jiuzhu.channels.workbench.verification.views import (
    batches,
    console,
    disputes,
    entrustments,
    inbox,
    mandates,
    orders,
    reports,
    steps,
)

app_name = "verification"
urlpatterns = [
    path("orders/", orders.orders, name="orders"),
    path("orders/export/", orders.export, name="orders_export"),
    path("orders/<int:order_id>/", orders.order, name="order"),
    path("orders/<int:order_id>/start/", steps.start, name="order_start"),
    path("orders/<int:order_id>/reject/", steps.reject, name="order_reject"),
    path("orders/<int:order_id>/report/", steps.report, name="order_report"),
    path("orders/<int:order_id>/revise/", steps.revise, name="order_revise"),
    path("orders/<int:order_id>/stop/", steps.stop, name="order_stop"),
    path("items/<int:item_id>/ask/", steps.ask_again, name="item_ask"),
    path("items/<int:item_id>/unavailable/", steps.unavailable, name="item_unavailable"),
    path("items/<int:item_id>/dispute/", steps.dispute, name="item_dispute"),
    path("households/<int:household_id>/mandates/", mandates.of_household, name="mandates"),
    path("households/<int:household_id>/mandates/new/", mandates.draw_up, name="mandate_new"),
    path("households/<int:household_id>/order/", steps.request_order, name="order_new"),
    path("mandates/<int:mandate_id>/", mandates.mandate, name="mandate"),
    path("mandates/<int:mandate_id>/pdf/", mandates.pdf, name="mandate_pdf"),
    path("mandates/<int:mandate_id>/sign/<int:person_id>/", mandates.sign, name="mandate_sign"),
    path("mandates/<int:mandate_id>/decline/<int:person_id>/", mandates.decline, name="mandate_decline"),
    path("mandates/<int:mandate_id>/withdraw/<int:person_id>/", mandates.withdraw, name="mandate_withdraw"),
    path("reports/<int:report_id>/", reports.report, name="report"),
    path("disputes/", disputes.desk, name="disputes"),
    path("disputes/<int:dispute_id>/", disputes.dispute, name="dispute"),
    path("disputes/<int:dispute_id>/correct/", disputes.correct, name="dispute_correct"),
    path("disputes/<int:dispute_id>/uphold/", disputes.uphold, name="dispute_uphold"),
    path("sources/", console.console, name="console"),
    path("questions/", inbox.inbox, name="inbox"),
    path("questions/<int:item_id>/", inbox.answer, name="question"),
    path("batches/", batches.batches, name="batches"),
    path("batches/new/", batches.new, name="batch_new"),
    path("batches/<int:batch_id>/", batches.batch, name="batch"),
    path("batches/<int:batch_id>/progress/", batches.progress, name="batch_progress"),
    path("entrustments/", entrustments.entrustments, name="entrustments"),
    path("entrustments/new/", entrustments.new, name="entrustment_new"),
    path("entrustments/<int:entrustment_id>/end/", entrustments.end, name="entrustment_end"),
]
