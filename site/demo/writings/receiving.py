from datetime import time, timedelta

from extranet.notices import domain
from extranet.notices.models import Channel, Frequency, Level


def write(network, texts, progress):
    """A few people have chosen what they receive; one is away. The others keep what is usual."""
    step, people, today = progress("Préférences", 5), network.people, network.now.date()
    domain.set_preferences(people["Hélène Marchais"], quiet_from=time(20), quiet_until=time(7, 30))
    step()
    domain.choose_channels(people["Claire Jamin"], {"forums.reply": Channel.DIGEST})
    domain.set_preferences(people["Claire Jamin"], digest_hour=8)
    step()
    domain.follow(people["Yves Cormerais"], network.circles["achats"], Level.WATCHING)
    step()
    domain.set_preferences(people["Karim Belkacem"], digest=Frequency.WEEKLY, digest_hour=8)
    step()
    week = {"away_from": today - timedelta(days=1), "away_until": today + timedelta(days=6)}
    domain.set_preferences(people["Nadia Ferrand"], **week, substitute=people["Loïc Bodin"])
    step()
