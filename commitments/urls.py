"""Addresses of the tracker's own pages; one path a line."""

from django.urls import path, register_converter

from commitments.views.absence import absence_change, absence_end, absences, person_absences
from commitments.views.accessibility import accessibility
from commitments.views.account import choose_language, choose_theme
from commitments.views.agenda import agenda_from_list, agenda_item, agenda_point, commitment_flag, point_step
from commitments.views.assignment import (
    assignment_cadence,
    assignment_confidence,
    assignment_lead,
    assignment_officer,
)
from commitments.views.batch import change_commitments, take_back_batch_of
from commitments.views.calendar import calendar
from commitments.views.changes import changes_file, statement_changes
from commitments.views.commitment import commitment_detail
from commitments.views.commitment_list import commitment_list
from commitments.views.confirmation import commitment_confirm
from commitments.views.converters import RefConverter
from commitments.views.csv_lists import commitment_csv, date_csv, people_csv, reminder_csv
from commitments.views.dashboard import body_detail, dashboard, section_detail
from commitments.views.deadline import commitment_date, date_changes, date_decide, date_remark, date_withdraw
from commitments.views.dossier import dossier_file, statement_dossier
from commitments.views.dossier_order import dossier_cancel, dossier_make, dossier_order, dossier_order_file
from commitments.views.draft_leads import draft_leads
from commitments.views.draft_parts import (
    draft_part,
    draft_part_merge,
    draft_part_move,
    draft_part_number,
    draft_part_role,
    draft_part_split,
    draft_structure,
)
from commitments.views.draft_proposals import (
    draft_accept_sure,
    draft_add,
    draft_continues,
    draft_decide,
    draft_proposal,
    draft_proposals,
    draft_refuse,
    draft_split,
)
from commitments.views.drafts import (
    draft_answer,
    draft_ask,
    draft_detail,
    draft_drop,
    draft_list,
    draft_new,
    draft_publish,
    draft_source,
)
from commitments.views.evidence import evidence_file
from commitments.views.feed import feed_calendar, feed_changes, feed_end, feed_make, feeds
from commitments.views.figure_sheet import figure_sheet, figure_sheet_save
from commitments.views.find import find
from commitments.views.history import body_history, commitment_history, history, history_csv, person_history
from commitments.views.indicator import indicator_add
from commitments.views.keyboard import choose_shortcuts, keyboard
from commitments.views.measurement import indicator_figure, measurement_file
from commitments.views.meeting import (
    meeting_agenda,
    meeting_change,
    meeting_compare,
    meeting_decide,
    meeting_detail,
    meeting_dossier,
    meeting_list,
    meeting_step,
)
from commitments.views.milestone import milestone_add, milestone_change, milestone_step
from commitments.views.overview import overview
from commitments.views.people import (
    invitation,
    invitation_renew,
    invitation_revoke,
    people,
    person_body,
    person_close,
    person_detail,
    person_erase,
    person_hand_over,
    person_invite,
    person_open,
    person_role,
    person_second_step,
)
from commitments.views.personal import my_data, my_data_file
from commitments.views.preferences import reminder_preferences, unsubscribe
from commitments.views.progress import nothing_new, progress_note
from commitments.views.progress_sheet import progress_sheet_file, progress_sheet_page, progress_sheet_save
from commitments.views.reminders import (
    mail_arrived,
    mail_detail,
    mail_html,
    mail_send_again,
    reminder_list,
    reminder_preview,
)
from commitments.views.savedview import saved_view, saved_view_delete, saved_view_edit, saved_views
from commitments.views.shortcut import commitment_shortcut
from commitments.views.snooze import snooze
from commitments.views.statement import statement_detail, statement_file
from commitments.views.status import change_status
from commitments.views.theme import commitment_themes
from commitments.views.undo import take_back_note
from commitments.views.update_request import update_request, update_request_withdraw
from commitments.views.work import my_work

register_converter(RefConverter, "ref")

urlpatterns = [
    path("", overview, name="overview"),
    path("commitments/", commitment_list, name="commitment_list"),
    path("commitments.csv", commitment_csv, name="commitment_csv"),
    path("commitments/change/", change_commitments, name="change_commitments"),
    path("batches/<int:pk>/take-back/", take_back_batch_of, name="take_back_batch"),
    path("views/", saved_views, name="saved_views"),
    path("views/<slug:slug>/", saved_view, name="saved_view"),
    path("views/<slug:slug>/edit/", saved_view_edit, name="saved_view_edit"),
    path("views/<slug:slug>/delete/", saved_view_delete, name="saved_view_delete"),
    path("my-work/", my_work, name="my_work"),
    path("calendar/", calendar, name="calendar"),
    path("statements/<slug:slug>/<ref:ref>/<slug:party>/status/", change_status, name="change_status"),
    path("statements/<slug:slug>/", statement_detail, name="statement_detail"),
    path("statements/<slug:slug>/file.<slug:ending>", statement_file, name="statement_file"),
    path("statements/<slug:slug>/progress-sheet/", progress_sheet_page, name="progress_sheet"),
    path("statements/<slug:slug>/progress-sheet.xlsx", progress_sheet_file, name="progress_sheet_file"),
    path("statements/<slug:slug>/progress-sheet/save/", progress_sheet_save, name="progress_sheet_save"),
    path("statements/<slug:slug>/dossier/", statement_dossier, name="statement_dossier"),
    path("statements/<slug:slug>/dossier/file/", dossier_file, name="dossier_file"),
    path("statements/<slug:slug>/dossier/make/", dossier_make, name="dossier_make"),
    path("dossiers/<int:pk>/", dossier_order, name="dossier_order"),
    path("dossiers/<int:pk>/file/", dossier_order_file, name="dossier_order_file"),
    path("dossiers/<int:pk>/cancel/", dossier_cancel, name="dossier_cancel"),
    path("commitments/agenda/", agenda_from_list, name="agenda_from_list"),
    path("statements/<slug:slug>/meetings/", meeting_list, name="meeting_list"),
    path("meetings/<int:pk>/", meeting_detail, name="meeting_detail"),
    path("meetings/<int:pk>/change/", meeting_change, name="meeting_change"),
    path("meetings/<int:pk>/step/", meeting_step, name="meeting_step"),
    path("meetings/<int:pk>/agenda/", meeting_agenda, name="meeting_agenda"),
    path("meetings/<int:pk>/decisions/", meeting_decide, name="meeting_decide"),
    path("meetings/<int:pk>/dossier.pdf", meeting_dossier, name="meeting_dossier"),
    path("meetings/<int:pk>/compare/<int:other>/", meeting_compare, name="meeting_compare"),
    path("meetings/items/<int:pk>/point/", agenda_point, name="agenda_point"),
    path("meetings/items/<int:pk>/<slug:act>/", agenda_item, name="agenda_item"),
    path("meetings/points/<int:pk>/", point_step, name="point_step"),
    path("statements/<slug:slug>/<ref:ref>/flag/", commitment_flag, name="commitment_flag"),
    path("statements/<slug:slug>/<ref:ref>/themes/", commitment_themes, name="commitment_themes"),
    path("statements/<slug:slug>/changes/", statement_changes, name="statement_changes"),
    path("statements/<slug:slug>/changes/file/", changes_file, name="changes_file"),
    path("statements/<slug:slug>/<ref:ref>/", commitment_detail, name="commitment_detail"),
    path("statements/<slug:slug>/<ref:ref>/indicators/", indicator_add, name="indicator_add"),
    path("statements/<slug:slug>/<ref:ref>/figures/<int:pk>/", indicator_figure, name="indicator_figure"),
    path("statements/<slug:slug>/<ref:ref>/figures/<int:pk>/import/", figure_sheet, name="figure_sheet"),
    path("statements/<slug:slug>/<ref:ref>/figures/<int:pk>/import/save/", figure_sheet_save, name="figure_sheet_save"),
    path("figures/<int:pk>/file/", measurement_file, name="measurement_file"),
    path("statements/<slug:slug>/<ref:ref>/<slug:party>/milestones/", milestone_add, name="milestone_add"),
    path("statements/<slug:slug>/<ref:ref>/milestones/<int:pk>/", milestone_change, name="milestone_change"),
    path("statements/<slug:slug>/<ref:ref>/milestones/<int:pk>/step/", milestone_step, name="milestone_step"),
    path("statements/<slug:slug>/<ref:ref>/<slug:party>/note/", progress_note, name="progress_note"),
    path("statements/<slug:slug>/<ref:ref>/<slug:party>/nothing-new/", nothing_new, name="nothing_new"),
    path("statements/<slug:slug>/<ref:ref>/<slug:party>/snooze/", snooze, name="snooze"),
    path("statements/<slug:slug>/<ref:ref>/<slug:party>/lead/", assignment_lead, name="assignment_lead"),
    path("statements/<slug:slug>/<ref:ref>/<slug:party>/officer/", assignment_officer, name="assignment_officer"),
    path("statements/<slug:slug>/<ref:ref>/<slug:party>/cadence/", assignment_cadence, name="assignment_cadence"),
    path(
        "statements/<slug:slug>/<ref:ref>/<slug:party>/confidence/", assignment_confidence, name="assignment_confidence"
    ),
    path("statements/<slug:slug>/<ref:ref>/<slug:party>/ask/", update_request, name="update_request"),
    path(
        "statements/<slug:slug>/<ref:ref>/<slug:party>/ask/<int:pk>/withdraw/",
        update_request_withdraw,
        name="update_request_withdraw",
    ),
    path("notes/<int:pk>/take-back/", take_back_note, name="take_back_note"),
    path("evidence/<int:pk>/", evidence_file, name="evidence_file"),
    path("drafts/", draft_list, name="draft_list"),
    path("drafts/new/", draft_new, name="draft_new"),
    path("drafts/<int:pk>/", draft_detail, name="draft_detail"),
    path("drafts/<int:pk>/source/", draft_source, name="draft_source"),
    path("drafts/<int:pk>/drop/", draft_drop, name="draft_drop"),
    path("drafts/<int:pk>/structure/", draft_structure, name="draft_structure"),
    path("drafts/<int:pk>/parts/<int:part>/", draft_part, name="draft_part"),
    path("drafts/<int:pk>/parts/<int:part>/join/", draft_part_merge, name="draft_part_merge"),
    path("drafts/<int:pk>/parts/<int:part>/split/", draft_part_split, name="draft_part_split"),
    path("drafts/<int:pk>/parts/<int:part>/role/", draft_part_role, name="draft_part_role"),
    path("drafts/<int:pk>/parts/<int:part>/number/", draft_part_number, name="draft_part_number"),
    path("drafts/<int:pk>/parts/<int:part>/move/", draft_part_move, name="draft_part_move"),
    path("drafts/<int:pk>/parts/<int:part>/add/", draft_add, name="draft_add"),
    path("drafts/<int:pk>/commitments/", draft_proposals, name="draft_proposals"),
    path("drafts/<int:pk>/commitments/accept/", draft_accept_sure, name="draft_accept_sure"),
    path("drafts/<int:pk>/commitments/<int:proposal>/", draft_proposal, name="draft_proposal"),
    path("drafts/<int:pk>/commitments/<int:proposal>/decide/", draft_decide, name="draft_decide"),
    path("drafts/<int:pk>/commitments/<int:proposal>/continues/", draft_continues, name="draft_continues"),
    path("drafts/<int:pk>/commitments/<int:proposal>/refuse/", draft_refuse, name="draft_refuse"),
    path("drafts/<int:pk>/commitments/<int:proposal>/split/", draft_split, name="draft_split"),
    path("drafts/<int:pk>/leads/", draft_leads, name="draft_leads"),
    path("drafts/<int:pk>/publish/", draft_publish, name="draft_publish"),
    path("drafts/<int:pk>/ask/", draft_ask, name="draft_ask"),
    path("drafts/<int:pk>/answer/", draft_answer, name="draft_answer"),
    path("c/<ref:ref>/", commitment_shortcut, name="commitment_shortcut"),
    path("statements/<slug:slug>/<ref:ref>/history/", commitment_history, name="commitment_history"),
    path("statements/<slug:slug>/<ref:ref>/date/", commitment_date, name="commitment_date"),
    path("statements/<slug:slug>/<ref:ref>/date/remark/", date_remark, name="date_remark"),
    path("statements/<slug:slug>/<ref:ref>/date/<int:pk>/decide/", date_decide, name="date_decide"),
    path("statements/<slug:slug>/<ref:ref>/date/<int:pk>/withdraw/", date_withdraw, name="date_withdraw"),
    path("statements/<slug:slug>/<ref:ref>/confirm/", commitment_confirm, name="commitment_confirm"),
    path("dates.csv", date_csv, name="date_csv"),
    path("dates/", date_changes, name="date_changes"),
    path("dashboard/", dashboard, name="dashboard"),
    path("bodies/<slug:code>/", body_detail, name="body_detail"),
    path("statements/<slug:slug>/sections/<int:position>/", section_detail, name="section_detail"),
    path("bodies/<slug:code>/history/", body_history, name="body_history"),
    path("history/", history, name="history"),
    path("history.csv", history_csv, name="history_csv"),
    path("people.csv", people_csv, name="people_csv"),
    path("people/", people, name="people"),
    path("people/invite/", person_invite, name="person_invite"),
    path("people/invitations/<int:pk>/renew/", invitation_renew, name="invitation_renew"),
    path("people/invitations/<int:pk>/revoke/", invitation_revoke, name="invitation_revoke"),
    path("people/<int:pk>/", person_detail, name="person_detail"),
    path("people/<int:pk>/role/", person_role, name="person_role"),
    path("people/<int:pk>/body/", person_body, name="person_body"),
    path("people/<int:pk>/hand-over/", person_hand_over, name="person_hand_over"),
    path("people/<int:pk>/close/", person_close, name="person_close"),
    path("people/<int:pk>/open/", person_open, name="person_open"),
    path("people/<int:pk>/second-step/", person_second_step, name="person_second_step"),
    path("people/<int:pk>/erase/", person_erase, name="person_erase"),
    path("people/<int:pk>/history/", person_history, name="person_history"),
    path("my-data/", my_data, name="my_data"),
    path("my-data.json", my_data_file, name="my_data_file"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("reminders.csv", reminder_csv, name="reminder_csv"),
    path("reminders/", reminder_list, name="reminder_list"),
    path("reminders/preview/", reminder_preview, name="reminder_preview"),
    path("reminders/mails/<uuid:pk>/", mail_detail, name="mail_detail"),
    path("reminders/mails/<uuid:pk>/html/", mail_html, name="mail_html"),
    path("reminders/mails/<uuid:pk>/send-again/", mail_send_again, name="mail_send_again"),
    path("reminders/mails/<uuid:pk>/arrived/", mail_arrived, name="mail_arrived"),
    path("settings/reminders/", reminder_preferences, name="reminder_preferences"),
    path("settings/absences/", absences, name="absences"),
    path("absences/<int:pk>/", absence_change, name="absence_change"),
    path("absences/<int:pk>/end/", absence_end, name="absence_end"),
    path("people/<int:pk>/absences/", person_absences, name="person_absences"),
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
    path("feeds/", feeds, name="feeds"),
    path("feeds/make/", feed_make, name="feed_make"),
    path("feeds/<int:pk>/end/", feed_end, name="feed_end"),
    path("feeds/<str:token>.ics", feed_calendar, name="feed_calendar"),
    path("feeds/<str:token>.atom", feed_changes, name="feed_changes"),
    path("find/", find, name="find"),
    path("accessibility/", accessibility, name="accessibility"),
    path("keyboard/", keyboard, name="keyboard"),
    path("keyboard/choice/", choose_shortcuts, name="choose_shortcuts"),
    path("language/", choose_language, name="choose_language"),
    path("theme/", choose_theme, name="choose_theme"),
]
