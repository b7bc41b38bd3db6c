"""People: one body (so one party), one role, one language, one time zone."""

from typing import Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.domain.codes import Role as RoleCode
from commitments.models.party import Body, Party
from commitments.models.words import Role

RANK = {role: rank for rank, role in enumerate(RoleCode)}


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def of_party(self, party: Party | int) -> Self:
        return self.filter(body__party=party)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Makes accounts; addresses are kept in lower case."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractUser):
    """A person who signs in with an e-mail address.

    `is_staff` is the administrator, who keeps reference rows and sees no side's notes by that alone.
    """

    username = None
    first_name = None
    last_name = None
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150)
    body = models.ForeignKey(Body, models.PROTECT, related_name="people", null=True, blank=True, verbose_name=_("body"))
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.READER)
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    has_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    is_sample = models.BooleanField(_("sample account"), default=False, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(condition=models.Q(role__in=list(RoleCode)), name="user_role_known"),
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("Erased account %(number)s") % {"number": self.pk}
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def party_id(self) -> int | None:
        """The party this person works for; None for an account of no body."""
        return self.body.party_id if self.body_id else None

    def has_rank(self, role: RoleCode) -> bool:
        """Whether the role is this one or one that includes it."""
        return self.is_active and RANK[RoleCode(self.role)] >= RANK[role]
