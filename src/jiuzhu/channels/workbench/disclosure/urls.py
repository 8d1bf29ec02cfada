"""Addresses of the notices and objections."""

from django.urls import path

from jiuzhu.channels.workbench.disclosure.views import notices, objections, steps

app_name = "disclosure"
urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/export/", notices.export, name="notices_export"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
    path("notices/<int:notice_id>/check/", steps.check, name="notice_check"),
    path("notices/<int:notice_id>/post/", steps.post, name="notice_post"),
    path("notices/<int:notice_id>/interrupt/", steps.interrupt, name="notice_interrupt"),
    path("notices/<int:notice_id>/resume/", steps.resume, name="notice_resume"),
    path("notices/<int:notice_id>/expire/", steps.expire, name="notice_expire"),
    path("notices/<int:notice_id>/withdraw/", steps.withdraw, name="notice_withdraw"),
    path("notices/<int:notice_id>/object/", steps.object_to, name="notice_object"),
    path("objections/", objections.objections, name="objections"),
    path("objections/<int:objection_id>/", objections.objection, name="objection"),
    path("objections/<int:objection_id>/check/", objections.check, name="objection_check"),
    path("objections/<int:objection_id>/sustain/", objections.sustain, name="objection_sustain"),
    path("objections/<int:objection_id>/dismiss/", objections.dismiss, name="objection_dismiss"),
    path("objections/<int:objection_id>/answer/", objections.answer, name="objection_answer"),
    path("objections/<int:objection_id>/close/", objections.close, name="objection_close"),
]
