"""Mutations of content: what other hands put into a page. Each takes a draft and changes it.

What they write belongs to no field of the article; it is noted as forbidden. See `reshaping` for
those that change tags and names, and `mutated` for the set.
"""

from __future__ import annotations

from html import escape

from benchmarks.pagesets.draft import (
    Draft,
    element,
    insert_after,
    insert_first,
    paragraph_ends,
)
from demo.text import capital, french_date

_ADVERTS = (
    "Votre crédit en 24 heures, sans garantie : appelez le 20 00 00 00",
    "Promotion rentrée : trois mois de connexion offerts pour tout abonnement",
    "Villa meublée à louer, quartier calme, eau et électricité comprises",
    "Téléchargez notre application et gagnez un téléphone",
    "Vols quotidiens au départ de la sous-région, réservez en ligne",
)
_RELATED = ("A lire aussi", "À lire aussi", "Lire aussi :", "Sur le même sujet", "A LIRE ÉGALEMENT")
_SECTION = ("Dans la même rubrique", "DANS LA MÊME RUBRIQUE", "Autres articles")
_TODAY = (
    "{town}, le {full}",
    "{town}, le {full}",
    "{Full}",
    "Nous sommes le {full}",
    "{town}, {full} - 12:00",
    "Aujourd’hui : {day:%d/%m/%Y}",
)


def advert_in_body(draft: Draft) -> None:
    """One or two adverts, as text, between paragraphs of the body."""
    ends = paragraph_ends(draft.parts["body"])
    for _ in range(draft.rng.randrange(1, 3)):
        words = draft.forbid(draft.rng.choice(_ADVERTS))
        form = draft.rng.choice(
            (
                '<div class="pub"><small>Publicité</small><br><a href="/regie?b=7">{}</a></div>',
                '<div style="text-align:center">{}</div>',
                '<table class="annonce" border="1"><tr><td><a href="//regie.invalid/">{}</a>'
                "</td></tr></table>",
                '<aside class="sponsor"><p>{}</p></aside>',
            )
        )
        _into_body(draft, ends, form.format(escape(words)))


def related_in_body(draft: Draft) -> None:
    """«A lire aussi» with dated teasers, between paragraphs of the body or at its end."""
    heading = draft.rng.choice(_RELATED)
    _into_body(draft, paragraph_ends(draft.parts["body"]), _teasers(draft, heading, 2, 4))


def section_in_body(draft: Draft) -> None:
    """«Dans la même rubrique» with dated teasers, the last thing in the body's container."""
    block = element(_teasers(draft, draft.rng.choice(_SECTION), 3, 6))
    draft.parts["body"].append(block)


def today_in_menu(draft: Draft) -> None:
    """The day of the fetch above or below the menu: «Bamako, le mardi 3 mars 2026»."""
    day = draft.today
    line = draft.rng.choice(_TODAY).format(
        town=draft.town, full=french_date(day), Full=capital(french_date(day)), day=day
    )
    tag = draft.rng.choice(("div", "span", "p", "b"))
    new = element(f'<{tag} class="datejour">{draft.forbid(line)}</{tag}>')
    menu = draft.parts["menu"]
    if draft.rng.random() < 0.5:
        insert_after(menu, new)
    else:
        menu.addprevious(new)


def dated_sidebar(draft: Draft) -> None:
    """Dated teasers at the head of the side column."""
    heading = draft.rng.choice(("Fil info", "Dernières dépêches", "À la une", "Agenda"))
    insert_first(draft.parts["side"], element(_teasers(draft, heading, 4, 8)))


def headline_repeated(draft: Draft) -> None:
    """The headline once more: at the end of the breadcrumb, in bold above the body, or both."""
    title = escape(draft.article.title, quote=False)
    crumbs, body = draft.parts.get("crumbs"), draft.parts["body"]
    places = draft.rng.choice(("crumbs", "body", "both"))
    if places != "body" and crumbs is not None:
        crumbs.append(element(f"<span> / {title}</span>"))
    if places != "crumbs" or crumbs is None:
        bold = draft.rng.choice(("<b>{}</b>", "<p><strong>{}</strong></p>", "<div><b>{}</b></div>"))
        first = element(bold.format(title))
        insert_first(body, first)
        if first.tag == "b":
            for _ in range(2):
                insert_after(first, element("<br>"))


def dated_comments(draft: Draft) -> None:
    """Readers' comments with names and dates below the article."""
    rng, heading = draft.rng, draft.parts["comments"]
    anchor = heading
    for _ in range(rng.randrange(2, 6)):
        said, who = draft.writer.comment(), draft.writer.person()
        when = draft.written_date(draft.other_day(within=60))
        draft.forbid(said)
        form = rng.choice(
            (
                "<div><b>{who}</b> - {when}<br>{said}</div>",
                "<div><p>{who}, {when}</p><p>{said}</p></div>",
                "<article><header>Par {who}</header><time>{when}</time><p>{said}</p></article>",
            )
        )
        block = element(form.format(who=who, when=when, said=escape(said, quote=False)))
        block.set("class", "reaction")
        insert_after(anchor, block)
        anchor = block


def bare_head(draft: Draft) -> None:
    """No og:, no description and no JSON-LD; the title element names the site alone."""
    for node in draft.root.xpath(
        '//meta[@property or @name="description"] | //script[@type="application/ld+json"]'
    ):
        node.drop_tree()
    title = draft.root.find(".//title")
    title.text = draft.article.stub.domain


def _teasers(draft: Draft, heading: str, least: int, most: int) -> str:
    """A block of dated headlines, some with a sentence, as markup."""
    rng, rows = draft.rng, []
    form = rng.choice(("{link} - {when}", "{when} : {link}", "{link}<br><small>{when}</small>"))
    with_sentence = rng.random() < 0.4
    for number in range(rng.randrange(least, most)):
        title = draft.forbid(draft.headline())
        link = f'<a href="/h/{rng.randrange(10_000, 99_999)}.html">{escape(title, quote=False)}</a>'
        row = form.format(link=link, when=draft.written_date(draft.other_day()))
        if with_sentence and number % 2 == 0:
            row += f"<br>{escape(draft.forbid(draft.writer.sentence()), quote=False)}"
        rows.append(row)
    draft.forbid(heading)
    frame, item = rng.choice((("ul", "li"), ("div", "p"), ("div", "div")))
    inner = "".join(f"<{item}>{row}</{item}>" for row in rows)
    label = rng.choice(("b", "h3", "div", "strong"))
    return f'<div class="encart"><{label}>{heading}</{label}><{frame}>{inner}</{frame}></div>'


def _into_body(draft: Draft, ends: list, markup: str) -> None:
    """Put a block behind a paragraph of the body; at its end where it has but one."""
    block = element(markup)
    if ends:
        insert_after(draft.rng.choice(ends), block)
    else:
        draft.parts["body"].append(block)
