from django.utils.functional import SimpleLazyObject

from .frame import build_frame


def frame(request):
    """`frame`: what surrounds every page (navigation, circles, person), built only if a template asks for it."""
    return {"frame": SimpleLazyObject(lambda: build_frame(request))}
