from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save


class CirclesConfig(AppConfig):
    name = "extranet.circles"
    default_auto_field = "django.db.models.BigAutoField"  # whatever the host chose for its own
    label = "circles"
    verbose_name = "Intercommunalité, communes et groupes"

    def ready(self):
        from wagtail.models import Site  # models are there only now

        from .domain.territories import forget_hosts
        from .models import Territory

        for model in (Site, Territory):
            post_save.connect(forget_hosts, sender=model)
            post_delete.connect(forget_hosts, sender=model)
        # Connected without a sender: whoever migrates may have made the permissions anew.
        post_migrate.connect(_forget_permissions)


def _forget_permissions(**kwargs):
    from .grants import permission_ids  # models are there only now

    permission_ids.cache_clear()
