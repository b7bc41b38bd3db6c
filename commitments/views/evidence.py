"""Handing out evidence: only after the permission check, as a download, never shown in the browser."""

import logging

from csp.constants import HEADER
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commitments.models import Evidence, StoredFile
from commitments.views.errors import error_page

POLICY = "default-src 'none'; sandbox"

log = logging.getLogger(__name__)


@require_safe
def evidence_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of a file on a note that this person may read."""
    evidence = get_object_or_404(
        Evidence.objects.visible_to(request.user).select_related("file").filter(file__isnull=False), pk=pk
    )
    return handed_out(request, evidence.file, evidence.title)


def handed_out(request: HttpRequest, file: StoredFile, name: str) -> HttpResponse:
    """The bytes as a download of that name; the person may have them."""
    try:
        content = default_storage.open(file.name)
    except FileNotFoundError as error:
        log.error("the stored file %s is missing", file.name)
        raise Http404 from error
    except OSError as error:
        log.error("the storage does not answer for file %s: %s", file.name, error)
        return error_page(request, "errors/503.html", 503)
    response = FileResponse(content, as_attachment=True, filename=name, content_type=file.media_type)
    response["Content-Length"] = file.size
    response[HEADER] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
