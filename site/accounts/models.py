from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from guardian.mixins import GuardianUserMixin


class UserManager(BaseUserManager):
    """People by e-mail address, compared without case."""

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(GuardianUserMixin, AbstractUser):
    """A person of the host: the e-mail address is the login."""

    username = None
    email = models.EmailField("adresse électronique", unique=True)
    first_name = models.CharField("prénom", max_length=150)
    last_name = models.CharField("nom", max_length=150)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]
    objects = UserManager()

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"
        ordering = ["last_name", "first_name", "pk"]

    def __str__(self):
        return self.get_full_name() or self.email
