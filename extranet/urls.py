"""Every plugin's URLs, from their `register_extranet_urls` hooks: include this before Wagtail's catch-all."""

from wagtail import hooks

urlpatterns = [pattern for hook in hooks.get_hooks("register_extranet_urls") for pattern in hook()]
