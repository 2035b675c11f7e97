from allauth.account.adapter import DefaultAccountAdapter
from django.utils.http import url_has_allowed_host_and_scheme

WORDS = {
    "account_inactive": "Ce compte est désactivé.",
    "email_password_mismatch": "L’adresse et le mot de passe ne vont pas ensemble. Vérifiez la touche Majuscule.",
    "enter_current_password": "Ce n’est pas votre mot de passe actuel. Vérifiez la touche Majuscule.",
    "incorrect_code": "Ce code n’est pas le bon. Recopiez celui du dernier courriel reçu.",
    "incorrect_password": "Ce n’est pas votre mot de passe. Vérifiez la touche Majuscule.",
    "invalid_login": "L’adresse et le mot de passe ne vont pas ensemble. Vérifiez la touche Majuscule.",
    "invalid_password_reset": "Ce lien n’est plus valable.",
    "rate_limited": "Plusieurs demandes viennent d’être faites. Attendez un moment, puis recommencez.",
    "too_many_login_attempts": "Trop d’essais sans succès. Attendez quelques minutes, puis recommencez.",
}


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: people are invited. Messages are ours, in French."""

    error_messages = {**DefaultAccountAdapter.error_messages, **WORDS}

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        """Only this host: allauth would also follow the other territories' hosts."""
        request = self.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
