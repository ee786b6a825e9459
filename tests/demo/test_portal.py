"""World: same seed same bytes, every article reachable by its listings, traps and publishing."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from demo.grammar import ADDRESSES, LAYOUTS, PAGE_FORMS, PAGERS, Section, page_number, page_path
from demo.portal import DOMAINS, World, make_portal

SEEDS = range(8)


def get(world: World, url: str) -> str:
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    response = world.respond(parts.netloc, target)
    assert response.status == 200, url
    return response.body.decode("utf-8" if b'charset="utf-8"' in response.body else "cp1252")


def links(page: str, base: str) -> list[str]:
    found = re.findall(r'<a [^>]*href="([^"]*)"', re.sub(r"(?s)<!--.*?-->", "", page))
    return [urljoin(base, link.replace("&amp;", "&")) for link in found]


def article_key(world: World, url: str) -> tuple[str, str, str] | None:
    parts = urlsplit(url)
    host = parts.netloc.lower()
    found = re.match(r"/(h|p|articles)/(\d+)", parts.path)
    return (host, found[1], found[2]) if found and world.owns(host) else None


def listed_part(world: World, page: str) -> str:
    """The listing itself, without menu and side column."""
    word = world.scrambler.word if world.scrambler else str
    for start, end in ((f'<ul class="{word("liste")}">', "</ul>"), ("<dl>", "</dl>")):
        if start in page:
            return page.partition(start)[2].partition(end)[0]
    rest = page.partition(f'<div class="{word("liste")}">')[2]
    return rest.partition(f'<div class="{word("boxTitre")}">')[0]


@pytest.mark.parametrize("name", sorted(DOMAINS))
@pytest.mark.parametrize("mode", ["plain", "scrambled"])
def test_same_seed_gives_same_bytes(name: str, mode: str) -> None:
    one, two = (make_portal(7, name, 40, mode=mode) for _ in range(2))
    assert one.urls() == two.urls()
    assert list(one.gold()) == list(two.gold())
    for url in [*one.urls(), *(one.section_url(s.label) for s in one.sections)]:
        assert get(one, url) == get(two, url)
    other = make_portal(8, name, 40, mode=mode)
    assert other.urls() != one.urls()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mode", ["plain", "scrambled"])
def test_every_article_is_reached_through_home_and_listings(seed: int, mode: str) -> None:
    world = make_portal(seed, "abamako", 100, mode=mode)
    home = get(world, "http://news.abamako.com/")
    from_home = {link.rstrip("/") for link in links(home, "http://news.abamako.com/")}
    wanted = {article_key(world, url) for url in world.urls()}
    found = set()
    for section in world.sections:
        assert world.section_url(section.label).rstrip("/") in from_home
        size = world.looks.per_page
        last = max(1, -(-len(world.members(section.label)) // size))
        for number in range(1, last + 1):
            url = world.section_url(section.label, number)
            page = get(world, url)
            found |= {article_key(world, link) for link in links(listed_part(world, page), url)}
            following = world.section_url(section.label, number + 1)
            assert (following in links(page, url)) == (number < last)
    assert wanted <= found


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("form", PAGE_FORMS)
def test_page_number_reads_what_page_path_wrote(address: str, form: tuple[str, int]) -> None:
    path = address.format(slug="sante", Slug="Sante", n=31, abbr="sante")
    for path_of in (path, "/"):
        section = Section("Santé", "sante", 31, "news", path_of)
        written = [page_path(section, form, page, 20) for page in range(1, 40)]
        assert len(set(written)) == len(written)
        assert [page_number(section, form, target, 20) for target in written] == list(range(1, 40))


def test_seeds_draw_every_choice_of_the_grammar() -> None:
    worlds = [make_portal(seed, "abamako", 1) for seed in range(120)]
    assert {w.looks.layout for w in worlds} == set(LAYOUTS)
    assert {w.looks.pager for w in worlds} == set(PAGERS)
    assert {w.looks.page_form for w in worlds} == set(PAGE_FORMS)
    assert {w.looks.address for w in worlds} == set(ADDRESSES)
    assert {s.site for w in worlds for s in w.sections} == {"news", "sports", "business"}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("pager", PAGERS)
def test_layout_and_pager_can_be_fixed(layout: str, pager: str) -> None:
    world = make_portal(1, "alome", 60, layout=layout, pager=pager, per_page=5)
    page = get(world, world.section_url("Politique"))
    second = world.section_url("Politique", 2)
    assert second in links(page, second) or f'rel="next" href="{second}"' in page


def test_fixed_choice_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        make_portal(1, "alome", 1, colour="red")
    with pytest.raises(ValueError, match="no portal"):
        make_portal(1, "paris", 1)


@pytest.mark.parametrize("name", ["abamako", "abidjan"])
def test_scrambled_world_keeps_no_name_of_the_template(name: str) -> None:
    world = make_portal(3, name, 60, mode="scrambled")
    pages = [world.urls()[5], world.section_url("Politique"), f"http://news.{world.domain}/"]
    for page in (get(world, url) for url in pages):
        markup = re.sub(r"(?s)<!--.*?-->|<script.*?</script>|<style.*?</style>", "", page)
        assert not re.search(r"Font(Article|Text)|FullArticle|LiNews|imgArt|boxTitre", markup)
        assert not re.search(r'(?:class|id)=["\']?(txt|date|cat|module|pagination)\b', markup)
        assert "og:" not in page
        assert "ld+json" not in page
    assert not any(s.slug in s.path for s in world.sections if len(s.slug) > 3)


def test_trap_of_another_kind_or_place_is_refused() -> None:
    world = make_portal(1, "alome", 1)
    with pytest.raises(ValueError, match="no such trap"):
        world.set_trap("bear", "Politique")
    with pytest.raises(ValueError, match="no section"):
        world.set_trap("fresh", "Horoscope")


def test_older_address_of_the_newer_template_redirects() -> None:
    world = make_portal(1, "abidjan", 20)
    stub = next(s for s in world.stubs if s.kind == "articles")
    moved = world.respond(stub.host, f"/h/{stub.number}.html")
    assert (moved.status, moved.headers["Location"]) == (301, stub.url)
    assert world.respond(stub.host.upper(), f"/articles/{stub.number}").status == 200
    assert (
        world.respond(f"www.{stub.host}", stub.path).body
        == world.respond(stub.host, stub.path).body
    )


def test_unknown_number_gives_a_soft_404_and_unknown_path_a_404() -> None:
    world = make_portal(1, "abamako", 20)
    missing = world.respond("news.abamako.com", "/h/1.html")
    assert missing.status == 200
    assert b"Article introuvable" in missing.body
    assert world.respond("news.abamako.com", "/rien").status == 404
    assert b"Allow: /" in world.respond("news.abamako.com", "/robots.txt").body


def test_publish_puts_new_articles_on_top_and_keeps_old_pages() -> None:
    world = make_portal(1, "abamako", 60)
    before = world.listed("Politique")
    new = world.publish(3, "Politique")
    assert world.listed("Politique") == [*reversed(new), *before]
    page = get(world, world.section_url("Politique"))
    assert all(url.rpartition("/")[2] in page for url in new)
    assert len(world.urls()) == 63


def test_shift_pushes_articles_at_each_listing_request() -> None:
    world = make_portal(1, "abamako", 60)
    world.shift = 2
    get(world, world.section_url("Politique"))
    get(world, world.section_url("Politique", 2))
    assert len(world.urls()) == 64


@pytest.mark.parametrize("trap", ["repeat", "fresh", "calendar"])
def test_trap_never_ends(trap: str) -> None:
    world = make_portal(2, "abamako", 80, pager="suivant", per_page=10)
    world.set_trap(trap, "Politique")
    url = world.section_url("Politique", 40 if trap != "calendar" else 1)
    page = get(world, url)
    if trap == "calendar":
        days = [link for link in links(page, url) if "date=" in link or "mois=" in link]
        assert len(days) == 29
        assert all(get(world, day) for day in days[:3])
        return
    assert world.section_url("Politique", 41) in links(page, url)
    fresh = {k for link in links(page, url) if (k := article_key(world, link))}
    again = {
        k
        for link in links(get(world, world.section_url("Politique", 41)), url)
        if (k := article_key(world, link))
    }
    assert (fresh == again) == (trap == "repeat")


def test_page_of_a_big_world_is_as_large_as_a_real_one() -> None:
    world = make_portal(1, "abamako", 20_000)
    sizes = [len(world.respond(stub.host, stub.path).body) for stub in world.stubs[5000:5200]]
    assert 55_000 < sum(sizes) / 200 < 90_000
