from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_every_template_finds_its_tags_and_filters(name):
    get_template(name)
