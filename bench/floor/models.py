"""The tracker's tables as the floor reads them; it makes none."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Party(models.Model):
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=100)

    class Meta:
        managed = False
        db_table = "commitments_party"


class Body(models.Model):
    party = models.ForeignKey(Party, models.PROTECT)
    short = models.CharField(max_length=40)

    class Meta:
        managed = False
        db_table = "commitments_body"


class Person(AbstractBaseUser):
    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField()
    body = models.ForeignKey(Body, models.PROTECT)

    USERNAME_FIELD = "email"

    class Meta:
        managed = False
        db_table = "commitments_user"


class Statement(models.Model):
    slug = models.CharField(max_length=80)
    short_title = models.CharField(max_length=120)
    adopted_on = models.DateField()
    parties = models.ManyToManyField(Party, through="Adoption")

    class Meta:
        managed = False
        db_table = "commitments_statement"


class Adoption(models.Model):
    statement = models.ForeignKey(Statement, models.PROTECT)
    party = models.ForeignKey(Party, models.PROTECT)

    class Meta:
        managed = False
        db_table = "commitments_adoption"


class Section(models.Model):
    heading = models.TextField()

    class Meta:
        managed = False
        db_table = "commitments_section"


class Paragraph(models.Model):
    statement = models.ForeignKey(Statement, models.PROTECT)
    position = models.IntegerField()
    number = models.CharField(max_length=16)
    text = models.TextField()

    class Meta:
        managed = False
        db_table = "commitments_paragraph"


class WordColumn(models.TextField):
    """Words alone, asked by the index that there is over them."""


@WordColumn.register_lookup
class HasWord(models.Lookup):
    """A word begins with this one."""

    lookup_name = "has_word"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        text, given = self.process_lhs(compiler, connection)
        return f"array_to_tsvector(string_to_array({text}, ' ')) @@ %s::tsquery", [*given, f"'{self.rhs}':*"]


class Commitment(models.Model):
    statement = models.ForeignKey(Statement, models.PROTECT)
    section = models.ForeignKey(Section, models.PROTECT)
    paragraph = models.ForeignKey(Paragraph, models.PROTECT, related_name="commitments")
    ref = models.CharField(max_length=16)
    position = models.IntegerField()
    start = models.IntegerField()
    end = models.IntegerField()
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    strength = models.CharField(max_length=12)
    due_on = models.DateField(null=True)
    search_text = WordColumn()

    class Meta:
        managed = False
        db_table = "commitments_commitment"


class Assignment(models.Model):
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="assignments")
    party = models.ForeignKey(Party, models.PROTECT)
    lead = models.ForeignKey(Body, models.PROTECT, null=True)
    officer = models.ForeignKey(Person, models.PROTECT, null=True)
    status = models.CharField(max_length=20)
    status_since = models.DateField(null=True)
    last_word_at = models.DateTimeField(null=True)
    update_due_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "commitments_assignment"


class Note(models.Model):
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="notes")
    text = models.TextField()
    next_steps = models.TextField(default="")
    is_nothing_new = models.BooleanField(default=False)
    status_before = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    visibility = models.CharField(max_length=4)
    waiver = models.TextField(default="")
    by = models.ForeignKey(Person, models.PROTECT)
    written_at = models.DateTimeField()
    is_sample = models.BooleanField(default=True)

    class Meta:
        managed = False
        db_table = "commitments_progressnote"
