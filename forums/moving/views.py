from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from extranet.circles import access
from extranet.circles.models import Circle

from . import export


@require_safe
def export_circle(request, slug):
    """The ZIP archive of a circle's threads, for those who run it."""
    circles = Circle.objects.select_related("territory").filter(territory=request.territory)
    circle = access.get(request.user, circles, "moderate", slug=slug)
    pieces = export.archive(circle)
    # Served by ASGI, an ordinary iterator would be read to its end before the first octet leaves.
    body = _one_by_one(pieces) if hasattr(request, "scope") else pieces
    response = StreamingHttpResponse(body, content_type="application/zip")
    name = f"discussions-{circle.slug}-{timezone.localdate()}.zip"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


async def _one_by_one(pieces):
    while (piece := await sync_to_async(next)(pieces, None)) is not None:
        yield piece
