"""A series from a file: every row is shown as what it would become, and all of them are saved or none."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from commitments.actions.indicator import NewMeasurement, add_measurement
from commitments.domain.codes import Precision, Role
from commitments.models import Change, Indicator, Measurement
from tests.make import AT, make_assignment, make_user
from tests.views.kit import browser_of, form_value, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return make_assignment()


@pytest.fixture
def officer(ours):
    return make_user(body=ours.lead)


@pytest.fixture
def indicator(ours):
    return Indicator.objects.create(commitment=ours.commitment, name="Trade", unit="USD billion")


@pytest.fixture
def browser(officer):
    return browser_of(officer)


def address(indicator, name="figure_sheet"):
    commitment = indicator.commitment
    return reverse(name, args=(commitment.statement.slug, commitment.ref, indicator.pk))


def sent(browser, indicator, content, name="series.csv", **fields):
    content = content.encode() if isinstance(content, str) else content
    return browser.post(address(indicator), {"file": SimpleUploadedFile(name, content), "source": "", **fields})


def saved(browser, indicator, response):
    rows = form_value(response, "rows")
    return browser.post(address(indicator, "figure_sheet_save"), {"rows": rows}, follow=True)


def figures(indicator):
    rows = indicator.measurements.order_by("pk")
    return [(str(row.period_ends_on), row.period_precision, str(row.value.normalize()), row.source) for row in rows]


def workbook(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def stands(indicator, officer, value, year):
    new = NewMeasurement(Decimal(value), date(year, 1, 1), Precision.YEAR, "Bulletin")
    return add_measurement(indicator, new, by=officer, at=AT)


def test_each_row_says_what_it_would_become_and_all_are_saved_in_one_go(browser, indicator, officer):
    old = stands(indicator, officer, "4.8", 2024)
    stands(indicator, officer, "5.3", 2025)

    response = sent(
        browser, indicator, "Period;Figure;Source\n2023;4,5;Bulletin\n2024;4,9;Bulletin\n2025;5,3;Bulletin\n"
    )

    page = words(response)
    assert "1 new · 1 corrected · 1 as it stands" in page
    assert "Corrects 4.8 (Bulletin, entered on" in page
    assert indicator.measurements.count() == 2  # nothing is saved yet
    assert "2 figures were saved." in words(saved(browser, indicator, response))
    assert Measurement.objects.get(corrects=old).value == Decimal("4.9")
    assert figures(indicator)[2] == ("2023-12-31", "year", "4.5", "Bulletin")
    assert Change.objects.filter(act="measurement_added").count() == 4


def test_one_faulty_row_keeps_all_of_them_out_and_says_which_cell(browser, indicator):
    response = sent(
        browser, indicator, "period,value,source\n2024,5.3,A\nsoon,5.4,A\n2025,abc,A\n2025,5.5,A\n2022,,A\n"
    )

    page = words(response)
    assert "A3: “soon” is not a period" in page
    assert "B4: “abc” is not a number." in page
    assert "B6: The figure is missing." in page
    assert "Nothing can be saved until every row can" in page
    assert "Nothing was saved" in words(saved(browser, indicator, response))
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        "Dönem;Değer\n2024;1.234,5\n2025;1.300\n".encode("cp1254"),
        "\ufeffTempoh\tNilai\n2024\t1,234.5\n2025\t1,300\n".encode("utf-16"),
        'Yıl,Değer\n2024,"1.234,5"\n2025,"1.300"\n'.encode(),
    ],
)
def test_turkish_and_malay_sheets_are_read_as_they_are(browser, indicator, content):
    saved(browser, indicator, sent(browser, indicator, content, source="Bulletin"))

    assert [row[2] for row in figures(indicator)] == ["1234.5", "1.3E+3"]


def test_what_could_be_a_thousand_is_asked_about(browser, indicator):
    assert "“1.234” can be read in two ways" in words(sent(browser, indicator, "Period;Figure;Source\n2024;1.234;A\n"))


def test_excel_with_real_numbers_and_dates_is_read(browser, indicator):
    content = workbook(
        ["Trade", None], ["Period", "Figure", "Source", "Remark"], [2024, 5.3, "A", "first"], ["2025-Q1", 1, "A", None],
        ["03/2026", 2.5, "A", None], [datetime(2026, 9, 30), 0.1 + 0.2, "A", None],
    )  # fmt: skip

    saved(browser, indicator, sent(browser, indicator, content, "series.xlsx"))

    assert [row[:3] for row in figures(indicator)] == [
        ("2024-12-31", "year", "5.3"),
        ("2025-03-31", "quarter", "1"),
        ("2026-03-31", "month", "2.5"),
        ("2026-09-30", "day", "0.3"),
    ]


def test_a_formula_and_a_period_that_comes_twice_are_faults(browser, indicator):
    content = workbook(["Period", "Figure", "Source"], [2024, "=1+1", "A"], [2025, 5, "A"], ["2025", 6, "A"])

    page = words(sent(browser, indicator, content, "series.xlsx"))

    assert "B2: holds a formula" in page
    assert "A4: This period is in the file twice." in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "needs a row of column names"),
        (b"%PDF-1.7\n\x00\x01", "Send a CSV or an Excel file"),
        (b"PK\x03\x04 broken", "The file is damaged"),
        ("Period;Figure\n" + "2024;1\n" * 6000, "too many rows"),
        (b"Period;Figure\n" + b"2024;1\n" * 300_000, "too many rows"),
    ],
)
def test_what_is_no_series_is_refused_with_the_reason(browser, indicator, content, said):
    response = sent(browser, indicator, content)

    assert response.status_code == 422
    assert said in words(response)


def test_a_row_needs_a_source_of_its_own_or_of_the_file(browser, indicator):
    assert "Name the source of the figure." in words(sent(browser, indicator, "Period;Figure\n2024;5\n"))
    assert "1 new" in words(sent(browser, indicator, "Period;Figure\n2024;5\n", source="Bulletin"))


def test_the_present_year_can_be_given_and_the_next_one_not(browser, indicator):
    page = words(sent(browser, indicator, "Period;Figure;Source\n2026;5;A\n2027;5;A\n"))

    assert "Row 3: This period has not begun yet." in page
    assert "1 new" in page


def test_who_was_quicker_is_not_overwritten(browser, indicator, officer):
    response = sent(browser, indicator, "Period;Figure;Source\n2024;5;A\n")
    stands(indicator, officer, "4.8", 2024)

    again = browser.post(address(indicator, "figure_sheet_save"), {"rows": form_value(response, "rows")})

    assert again.status_code == 409
    assert "Corrects 4.8" in words(again)
    assert indicator.measurements.count() == 1


def test_rows_are_for_who_looked_at_them_alone(browser, indicator, ours):
    response = sent(browser, indicator, "Period;Figure;Source\n2024;5;A\n")
    colleague = browser_of(make_user(body=ours.lead))

    assert "no longer kept here" in words(saved(colleague, indicator, response))
    assert not Measurement.objects.exists()


def test_a_reader_brings_no_series(indicator, ours):
    reader = browser_of(make_user(Role.READER, ours.lead))

    assert sent(reader, indicator, "Period;Figure;Source\n2024;5;A\n").status_code == 403
