from django.contrib.auth.hashers import PBKDF2PasswordHasher


class DemoHasher(PBKDF2PasswordHasher):
    """Passwords of the demo: under a name that production does not know, so that none of them opens anything there."""

    algorithm = "demo_only"
    iterations = 1_000  # a public password needs no strength, and a hundred people sign up at once
