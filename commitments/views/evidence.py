"""Handing out evidence: only after the permission check, as a download, never shown in the browser."""

import logging

from csp.constants import HEADER
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from commitments.models import Evidence
from commitments.views.errors import error_page

POLICY = "default-src 'none'; sandbox"

log = logging.getLogger(__name__)


@require_safe
def evidence_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes of a file on a note that this person may read."""
    evidence = get_object_or_404(
        Evidence.objects.visible_to(request.user).select_related("file").filter(file__isnull=False), pk=pk
    )
    try:
        content = default_storage.open(evidence.file.name)
    except FileNotFoundError as error:
        log.error("evidence %s: the stored file %s is missing", pk, evidence.file.name)
        raise Http404 from error
    except OSError as error:
        log.error("evidence %s: the storage does not answer: %s", pk, error)
        return error_page(request, "errors/503.html", 503)
    response = FileResponse(content, as_attachment=True, filename=evidence.title, content_type=evidence.file.media_type)
    response["Content-Length"] = evidence.file.size
    response[HEADER] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
