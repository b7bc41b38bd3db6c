"""The administrator's pages: reference rows to keep, tracked rows to look at.

Tracked rows change through the product's own pages, where each step is checked and recorded; here they
are read-only. What is marked for one side stays with it: notes, evidence, milestones, history and reminders are listed
as the signed-in person's own side may see them, so an administrator of no side sees none, and of an
assignment only what both sides may know is shown. Mails are shown as deliveries, without subject or text.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commitments.actions.person import save_person
from commitments.models import (
    Assignment,
    Body,
    Change,
    Commitment,
    DossierOrder,
    Evidence,
    Holiday,
    Indicator,
    Measurement,
    Milestone,
    OutgoingMail,
    Paragraph,
    Party,
    ProgressNote,
    Reminder,
    Section,
    Statement,
    Theme,
    User,
)

admin.site.site_header = admin.site.site_title = _("Reference data")
admin.site.index_title = _("Reference and tracked rows")
admin.site.login = secure_admin_login(admin.site.login)
for model in apps.get_models():
    if model._meta.app_label != "commitments" and admin.site.is_registered(model):
        admin.site.unregister(model)  # rights go by role; second factors and tokens are nobody's to look at


@admin.register(Party)
class PartyAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "language", "time_zone", "holiday_country"]


@admin.register(Body)
class BodyAdmin(admin.ModelAdmin):
    list_display = ["code", "short", "name_en", "name_own", "party", "is_active"]
    list_filter = ["party", "is_active"]
    list_select_related = ["party"]
    search_fields = ["code", "short", "name_en", "name_own"]


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    list_display = ["on", "name", "party", "is_day_off"]
    list_filter = ["party", "is_day_off"]
    list_select_related = ["party"]


@admin.register(Theme)
class ThemeAdmin(admin.ModelAdmin):
    list_display = ["code", "position", "name_en", "name_tr", "name_ms", "is_active"]
    list_filter = ["is_active"]


class PersonCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email"]
        field_classes: dict[str, type] = {}


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Accounts are closed, never deleted: the history names who acted."""

    add_form = PersonCreationForm
    list_display = ["name", "email", "body", "role", "is_active", "is_staff"]
    list_filter = ["body__party", "role", "is_active", "is_staff"]
    list_select_related = ["body__party"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    filter_horizontal: list[str] = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name"]}),
        (_("Place"), {"fields": ["body", "role", "language", "time_zone"]}),
        (_("Account"), {"fields": ["is_active", "is_staff", "is_superuser", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "name", "body", "role", "usable_password", "password1", "password2"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        save_person(obj, by=request.user, at=timezone.now())


class TrackedAdmin(admin.ModelAdmin):
    """Rows to look at; with `sided`, only those that the person's own side may see."""

    sided = False
    list_display_links = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.model.objects.visible_to(request.user) if self.sided else super().get_queryset(request)


@admin.register(Statement)
class StatementAdmin(TrackedAdmin):
    list_display = ["slug", "short_title", "place", "adopted_on", "published_on", "locked_at", "sha256"]


@admin.register(Section)
class SectionAdmin(TrackedAdmin):
    list_display = ["statement", "position", "heading"]
    list_select_related = ["statement"]


@admin.register(Paragraph)
class ParagraphAdmin(TrackedAdmin):
    list_display = ["statement", "number", "text", "sha256"]
    list_select_related = ["statement"]


@admin.register(Commitment)
class CommitmentAdmin(TrackedAdmin):
    list_display = ["statement", "ref", "title", "kind", "strength", "due_on", "due_precision", "due_basis"]
    list_filter = ["statement", "kind", "strength"]
    list_select_related = ["statement"]
    search_fields = ["search_text"]


@admin.register(Assignment)
class AssignmentAdmin(TrackedAdmin):
    """Without confidence and dates of words, which may tell of what one side keeps to itself."""

    fields = list_display = ["commitment", "party", "lead", "lead_is_suggested", "officer", "status", "cadence"]
    list_filter = ["party", "status"]
    list_select_related = ["commitment", "party", "lead", "officer"]


@admin.register(Indicator)
class IndicatorAdmin(TrackedAdmin):
    list_display = ["commitment", "name", "unit", "baseline", "target", "target_on"]
    list_select_related = ["commitment"]


@admin.register(Measurement)
class MeasurementAdmin(TrackedAdmin):
    list_display = ["indicator", "party", "value", "period_ends_on", "period_precision", "source", "by", "entered_at"]
    list_select_related = ["indicator", "party", "by"]


@admin.register(Milestone)
class MilestoneAdmin(TrackedAdmin):
    sided = True
    list_display = ["assignment", "title", "due_on", "due_precision", "visibility", "done_on", "dropped_on", "by"]
    list_select_related = ["assignment__commitment", "assignment__party", "by"]


@admin.register(ProgressNote)
class ProgressNoteAdmin(TrackedAdmin):
    sided = True
    list_display = ["assignment", "text", "status", "visibility", "by", "written_at"]
    list_select_related = ["assignment__commitment", "assignment__party", "by"]


@admin.register(Evidence)
class EvidenceAdmin(TrackedAdmin):
    sided = True
    fields = list_display = ["note", "title", "url"]
    list_select_related = ["note__assignment__commitment", "note__assignment__party"]


@admin.register(Change)
class ChangeAdmin(TrackedAdmin):
    sided = True
    list_display = ["seq", "at", "by", "act", "commitment", "party", "visibility", "before", "after"]
    list_filter = ["act"]
    list_select_related = ["by", "commitment", "party"]


@admin.register(Reminder)
class ReminderAdmin(TrackedAdmin):
    sided = True
    list_display = ["day", "kind", "assignment", "person", "recipient", "state", "reason"]
    list_filter = ["kind", "state"]
    list_select_related = ["assignment__commitment", "assignment__party", "person", "recipient"]


@admin.register(DossierOrder)
class DossierOrderAdmin(TrackedAdmin):
    """What a worker has to make, and what became of it; not whose it is, nor what it holds."""

    fields = list_display = [
        "format",
        "state",
        "fault",
        "total",
        "done",
        "size",
        "ordered_at",
        "begun_at",
        "ended_at",
        "kept_until",
    ]
    list_filter = ["state", "format"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).to_show()


@admin.register(OutgoingMail)
class OutgoingMailAdmin(TrackedAdmin):
    fields = list_display = ["day", "recipient", "address", "state", "attempts", "last_code", "last_words", "sent_at"]
    list_filter = ["state"]
    list_select_related = ["recipient"]
