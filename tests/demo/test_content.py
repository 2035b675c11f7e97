"""The demo's written content is whole: every name, circle, commune and date in it means something."""

import csv
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from demo import content

NOW = datetime(2026, 11, 26, 10, 24, tzinfo=content.PARIS)  # a Thursday
COMMUNES_CSV = content.FOLDER.parent / "data" / "alm_2012_communes.csv"
FUNCTIONS = {"dgs", "deputy", "agent", "elected", "substitute", "guest", "partner", "administrator"}
KINDS = {"monthly", "quadrant", "working_group", "seminar", "briefing", "training"}
FORMS = {"", "1", "2", "2 bis", "3", "4"}


@pytest.fixture(scope="module")
def all_content():
    return content.read()


@pytest.fixture(scope="module")
def communes():
    with COMMUNES_CSV.open(encoding="utf-8", newline="") as source:
        return {line["insee_code"]: line for line in csv.DictReader(source)}


@pytest.fixture(scope="module")
def by_name(all_content):
    return {person.name: person for person in all_content.people}


@pytest.fixture(scope="module")
def members(all_content, communes):
    """Who writes in each circle, by its rule."""

    def in_commune(mandate, codes):
        return mandate.insee in codes and mandate.function in {"dgs", "deputy", "agent", "substitute"}

    found = {}
    for circle in all_content.circles:
        if circle.kind == "all":
            codes = {*communes, ""}
        elif circle.kind == "quadrant":
            codes = {code for code, line in communes.items() if line["quadrant"] == circle.quadrant}
        elif circle.kind == "commission":
            known = {c for c, line in communes.items() if line["population"]}
            codes = {c for c in known if int(communes[c]["population"]) < circle.max_population}
            codes |= set(circle.communes_without_population)
        else:
            codes = set()
        named = {*circle.members, *circle.facilitators, circle.pilot, circle.rapporteur}
        found[circle.slug] = {
            person.name
            for person in all_content.people
            if person.name in named
            or any(
                in_commune(m, codes) or m.function == "administrator" or m.circle == circle.slug
                for m in person.mandates
            )
        }
    return found


def texts(everything):
    for circle in everything.circles:
        yield from (circle.title, circle.summary, circle.mission, circle.rule, circle.born_of, *circle.deliverables)
    for thread in everything.threads:
        yield thread.title
        yield from (post.body for post in thread.posts)
    for series in everything.series:
        yield from (series.title, series.description, *series.agendas.values(), *series.agendas_on.values())
    for event in everything.events:
        yield from (event.title, event.place, event.description, event.agenda)
        for table in event.round_tables:
            yield from (table.title, *table.findings)
    for sheet in everything.sheets:
        yield from (sheet.title, sheet.summary, sheet.body)
    for file in everything.files:
        yield from (file.title, file.summary)


# People and communes


def test_every_commune_has_a_chief_executive(all_content, communes):
    led = {m.insee for p in all_content.people for m in p.mandates if m.function == "dgs" and m.insee}
    assert led == set(communes)
    assert len(communes) == 33


def test_people_stand_in_known_communes_with_known_functions(all_content, communes):
    slugs = {circle.slug for circle in all_content.circles}
    for person in all_content.people:
        assert person.email.endswith(".example")
        assert re.fullmatch(r"02 61 91 \d\d \d\d", person.phone)
        assert set(person.themes) <= set(content.THEMES)
        for mandate in person.mandates:
            assert mandate.insee in {"", *communes}
            assert mandate.function in FUNCTIONS
            assert mandate.circle in {"", *slugs}


def test_nobody_shares_a_name_an_address_or_a_phone(all_content):
    people = all_content.people
    assert len(people) == 95
    for values in ([p.name for p in people], [p.email for p in people], [p.phone for p in people]):
        assert len(set(values)) == len(people)


def test_temporary_mandates_begin_before_now_and_end_after(all_content):
    temporary = [m for p in all_content.people for m in p.mandates if m.end]
    assert sorted(m.function for m in temporary) == ["guest", "guest", "substitute"]
    for mandate in temporary:
        assert content.instant(mandate.start, NOW) < NOW < content.instant(mandate.end, NOW)


def test_demo_accounts_are_five_people_of_five_functions(all_content):
    by_email = {person.email: person for person in all_content.people}
    functions = [by_email[account.email].mandates[0].function for account in all_content.accounts]
    assert functions == ["dgs", "deputy", "dgs", "administrator", "guest"]


# Circles


def test_circles_are_the_ten_of_the_network_and_name_known_people(all_content, by_name):
    kinds = [circle.kind for circle in all_content.circles]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "all": 1, "quadrant": 4, "commission": 1, "working_group": 4,
    }  # fmt: skip
    for circle in all_content.circles:
        named = {*circle.members, *circle.facilitators, circle.pilot, circle.rapporteur} - {""}
        assert named <= set(by_name), circle.slug
        assert circle.facilitators


def test_working_groups_have_a_letter_a_pilot_a_deadline_and_fifteen_people(all_content):
    for circle in all_content.circles:
        if circle.kind == "working_group":
            assert circle.mission
            assert circle.pilot
            assert circle.rapporteur
            assert content.instant(circle.deadline, NOW) > NOW
            assert len(circle.deliverables) == 3
            assert 14 <= len({*circle.members, *circle.facilitators}) <= 18


def test_commission_names_every_small_commune_without_population(all_content, communes):
    commission = next(circle for circle in all_content.circles if circle.kind == "commission")
    without = {code for code, line in communes.items() if not line["population"]}
    assert without - set(commission.communes_without_population) == {"49323"}


# Threads


def test_threads_are_addressed_to_known_circles_and_their_authors_may_write_there(all_content, members):
    for thread in all_content.threads:
        assert thread.circles
        assert thread.theme in content.THEMES
        allowed = set().union(*(members[slug] for slug in thread.circles))
        assert {post.author for post in thread.posts} <= allowed, thread.slug


@pytest.mark.parametrize("day", ["2026-11-26 10:24", "2026-11-30 00:05", "2026-11-29 23:50", "2027-01-01 09:00"])
def test_posts_follow_one_another_and_lie_in_the_past_whatever_the_day(all_content, day):
    now = content.instant(day, NOW)
    for thread in all_content.threads:
        instants = [content.instant(post.when, now) for post in thread.posts]
        assert instants == sorted(instants), thread.slug
        assert instants[-1] < now, thread.slug


def test_mentions_and_quotes_name_known_people(all_content, by_name):
    for thread in all_content.threads:
        for post in thread.posts:
            for name in re.findall(r"@\[([^\]]+)\]", post.body):
                assert name in by_name, (thread.slug, name)


def test_there_is_enough_to_read(all_content):
    sizes = [len(thread.posts) for thread in all_content.threads]
    assert len(sizes) >= 24
    assert sum(sizes) >= 230
    assert max(sizes) >= 60
    assert min(sizes) >= 4


def test_guests_write_only_during_their_mandate(all_content, by_name):
    for thread in all_content.threads:
        for post in thread.posts:
            for mandate in by_name[post.author].mandates:
                if mandate.start:
                    assert content.instant(mandate.start, NOW) <= content.instant(post.when, NOW), (thread.slug, post)


# Meetings


def test_events_have_known_circles_hosts_and_organisers_and_end_after_they_start(all_content, communes, by_name):
    slugs = {circle.slug for circle in all_content.circles}
    for event in all_content.events:
        assert event.kind in KINDS
        assert set(event.circles) <= slugs
        assert event.insee in {"", *communes}
        assert event.organiser in by_name
        assert content.instant(event.start, NOW) < content.instant(event.end, NOW)
        assert event.description
        assert event.agenda
        for table in event.round_tables:
            assert {table.facilitator, table.rapporteur} <= set(by_name)


def test_the_two_seminars_stand_on_their_dates(all_content):
    starts = {event.slug: event.start for event in all_content.events if event.kind == "seminar"}
    assert starts == {"seminaire-2012-11-12": "2012-11-12 09:00", "seminaire-2012-12-14": "2012-12-14 14:30"}


def test_monthly_meetings_are_the_first_tuesdays_but_august_and_public_holidays(all_content):
    (series,) = all_content.series
    days = [event.start[:10] for event in content.occurrences(series, date(2012, 11, 1), date(2013, 12, 31))]
    assert days == [
        "2012-11-06", "2012-12-04", "2013-01-08", "2013-02-05", "2013-03-05", "2013-04-02", "2013-05-07",
        "2013-06-04", "2013-07-02", "2013-09-03", "2013-10-01", "2013-11-05", "2013-12-03",
    ]  # fmt: skip


def test_monthly_meetings_go_round_the_town_halls(all_content, communes):
    (series,) = all_content.series
    hosts = [event.insee for event in content.occurrences(series, date(2026, 1, 1), date(2026, 12, 31))]
    assert len(set(hosts)) == 11
    assert set(hosts) <= set(communes)


# Library


def test_sheets_are_signed_themed_and_long_enough(all_content, by_name):
    slugs = {circle.slug for circle in all_content.circles}
    assert len(all_content.sheets) >= 12
    for sheet in all_content.sheets:
        assert sheet.author in by_name
        assert sheet.theme in content.THEMES
        assert sheet.form in FORMS
        assert set(sheet.circles) <= slugs
        assert 500 <= len(sheet.body.split()) <= 1200, sheet.slug
        assert content.instant(sheet.when, NOW) < NOW
        content.instant(sheet.valid_until, NOW)
        headings = re.findall(r"^## (.+)$", sheet.body, re.MULTILINE)
        assert headings == list(content.SECTIONS), sheet.slug


def test_files_exist_open_and_are_light(all_content, by_name):
    slugs = {circle.slug for circle in all_content.circles}
    assert len(all_content.files) >= 8
    listed = {file.path.name for file in all_content.files}
    assert listed == {path.name for path in (content.FOLDER / "files").iterdir() if path.is_file()}
    for file in all_content.files:
        assert file.author in by_name
        assert file.theme in content.THEMES
        assert file.form in FORMS
        assert set(file.circles) <= slugs
        assert content.instant(file.when, NOW) < NOW
        assert 0 < file.path.stat().st_size < 200_000
        if file.path.suffix == ".pdf":
            assert file.path.read_bytes().startswith(b"%PDF-")
        else:
            assert zipfile.ZipFile(file.path).testzip() is None


# Dates and typography


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2012-11-05 09:12", "2012-11-05T09:12:00+01:00"),
        ("2012-07-03", "2012-07-03T00:00:00+02:00"),
        ("-1d 14:05", "2026-11-25T14:05:00+01:00"),
        ("-4d 08:00", "2026-11-20T08:00:00+01:00"),
        ("+0d 18:00", "2026-11-26T18:00:00+01:00"),
        ("+2d 09:00", "2026-11-30T09:00:00+01:00"),
        ("+22d 09:00", "2026-12-29T09:00:00+01:00"),
        ("-20min", "2026-11-26T10:04:00+01:00"),
    ],
)
def test_written_dates_mean_paris_instants_and_skip_days_off(text, expected):
    assert content.instant(text, NOW).isoformat() == expected


def test_relative_dates_from_a_sunday_count_from_the_friday():
    sunday = datetime(2026, 11, 29, 9, 0, tzinfo=content.PARIS)
    assert content.instant("-0d 08:00", sunday).date() == date(2026, 11, 27)
    assert content.instant("-1d 08:00", sunday).date() == date(2026, 11, 26)
    assert content.instant("+1d 08:00", sunday).date() == date(2026, 11, 30)


def test_a_date_that_is_none_is_refused():
    with pytest.raises(ValueError, match="hier"):
        content.instant("hier", NOW)


def test_typography_is_french():
    assert content.french("C'est prêt : 1 450 repas, 6,8 % ; « oui » à 9 h 05 !") == (
        "C’est prêt\u202f: 1\u202f450 repas, 6,8\u202f%\u202f; «\u202foui\u202f» à 9\u202fh\u202f05\u202f!"
    )


def test_typography_leaves_code_addresses_and_table_rules_alone():
    text = "`a ; b'c` [lien](http://exemple.example/l'a) https://exemple.example/l'a\n| :--- | ---: |"
    assert content.french(text) == text


def test_no_text_keeps_a_plain_apostrophe_a_loose_sign_or_filler(all_content):
    for text in texts(all_content):
        assert not re.search(r"\w'\w", text), text
        assert not re.search(r"[ \w][ ]?(?<!\u202f)[;!?»](?!\])", re.sub(r"https?://\S+", "", text)), text
        assert not re.search(r"[^\W\d]:(\s|$)", text), text
        assert not re.search(r" [:;!?»]", re.sub(r"^[ \t]*\|[ \t:|-]+$", "", text, flags=re.MULTILINE)), text
        assert '"' not in text, text
        assert not re.search(r"lorem|ipsum|TODO|xxx", text, re.IGNORECASE), text


def test_sources_of_the_files_are_kept():
    sources = Path(content.FOLDER / "files" / "sources")
    made = {path.stem for path in (content.FOLDER / "files").iterdir() if path.is_file()}
    kept = {path.stem for path in sources.iterdir()}
    assert made - kept == {"simulateur-cles-de-repartition"}  # written by build.py alone
