"""Mails of the demo: read on the console, and kept as a file each."""

from django.core.mail.backends.console import EmailBackend as Console
from django.core.mail.backends.filebased import EmailBackend as Filebased


class ConsoleAndFileBackend(Console):
    def send_messages(self, messages):
        Filebased(fail_silently=self.fail_silently).send_messages(messages)
        return super().send_messages(messages)
