"""Article pages: the table templates of 2016 and 2024 and the HTML5 one, around the same words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape

from demo.articles import Article, site_name
from demo.bodies import BodyMarkup, text_of
from demo.text import french_date


@dataclass(frozen=True)
class Surroundings:
    """What a page needs from its world: the template, an advert, side column and related links."""

    template: str
    advert: str
    side: str
    side_left: bool
    related: str
    section_link: str
    open_graph: bool


def article_head(article: Article, around: Surroundings) -> str:
    """Meta, og: and JSON-LD elements."""
    stub, has = article.stub, article.has
    title = escape(article.title)
    head = [f'<meta name="description" content="{title}" />']
    if around.open_graph and not has("no_og"):
        head.append(f'<meta property="og:title" content="{title}" />')
        head.append(f'<meta property="og:url" content="{stub.url}" />')
        if not has("photo_none"):
            head.append(f'<meta property="og:image" content="{photo_address(article)}" />')
        if has("og_description_short_body") and article.body:
            short = " ".join(article.body.split())[:220]
            head.append(f'<meta property="og:description" content="{escape(short)}..." />')
    if around.open_graph and has("jsonld"):
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "datePublished": stub.day.isoformat(),
            "publisher": {"@type": "Organization", "name": site_name(stub.portal, stub.domain)},
        }
        head.append(f'<script type="application/ld+json">{json.dumps(data)}</script>')
    return "\n".join(head) + "\n"


def photo_address(article: Article) -> str:
    """Absolute address of the photo; some names hold brackets."""
    number = article.stub.number
    name = f"photo({number % 7}).jpg" if article.has("photo_centred") else f"{number}.jpg"
    return f"http://{article.stub.host}/img_photos/L/{name}"


def article_core(article: Article, around: Surroundings) -> str:
    """Everything of the page that is this article's, in the world's template."""
    if around.template == "html5":
        return _html5(article, around)
    return _tables(article, around, old=around.template == "table2016")


def _date_block(article: Article, *, old: bool) -> str:
    """The source lines: one, or several with the date in the second."""
    has, text = article.has, text_of(article)
    bar = "&nbsp; | &nbsp;" if not old else " &nbsp;|&nbsp; "
    line = bar.join(text(part) for part in article.date_line.split(" | "))
    font = f"<font size=2>{line}</font>" if old else line
    blocks = [f'<div class="FontArticleSource">{font}</div>']
    if has("date_in_second"):
        blocks.insert(0, '<div class="FontArticleSource">Article de presse</div>')
    if article.updated_on:
        updated = text(french_date(article.updated_on))
        prefix = text("Mis à jour le")
        blocks.append(f'<div class="FontArticleSource">{prefix} {updated}</div>')
    return "\n".join(blocks)


def _photo(article: Article) -> str:
    has, words, text = article.has, article.words, text_of(article)
    if has("photo_none"):
        return ""
    address, word = photo_address(article), text(words.photo_word)
    image = f'<img class="imgArt" src="{address}" alt="{escape(words.photo_word)}" border=0 />'
    if not has("photo_alt_only"):
        image += f'<br /><a href="{address}" rel="zoom">{word}</a>'
    if has("photo_centred") or has("photo_page"):
        bare = f'<img src="{address}" alt="{escape(words.photo_word)}" />'
        image = f'<div align="center">{bare}</div>'
    rows = [image, f"&copy; {text(words.credit)}", text(words.caption)]
    if words.long_caption:
        rows.append(text(words.long_caption))
    cells = "\n".join(f'<tr><td class="legende" align=center>{row}</td></tr>' for row in rows)
    return f'<table id="photo" width=260 align="left" cellpadding=2>{cells}</table>\n'


def _comments(article: Article, *, heading: str) -> str:
    rows = [heading]
    if article.has("comments_with_dates"):
        for number, (said, who, day) in enumerate(article.words.comments):
            when = french_date(day, weekday=number % 2 == 0)
            rows.append(
                f'<div class="commentaire" id="com"><b>{who}</b> - Publié le {when} | '
                f"{who.split()[0]}<br />{escape(said, quote=False)}</div>"
            )
    return "\n".join(rows)


def _commented(article: Article, opening: str) -> str:
    if not article.has("commented_markup"):
        return ""
    return (
        '<!-- <div class="FontArticleSource">Publié le lundi 6 janvier 2003 | Ancien journal</div>'
        f"\n{opening}Ancien corps de page, retiré.</span> -->\n"
    )


def _tables(article: Article, around: Surroundings, *, old: bool) -> str:
    has, text, stub = article.has, text_of(article), article.stub
    section = text(stub.section)
    date_below = has("date_below_body") or has("brief_coulisses")
    date_block = _date_block(article, old=old)
    tag = "span" if has("span_title") else "h1"
    title = f'<{tag} class="FontArticleMainTitle">{text(article.title)}</{tag}>'
    opening = '<span class="FullArticleTexte">'
    extras = {"advert": around.advert, "related": around.related}
    body = BodyMarkup(article, opening, "</span>", extras).render()
    crumbs = "" if has("no_breadcrumb") else _breadcrumb(section, around.section_link)
    parts = [
        '<div class="boxTitre">NEWS</div>\n<a href="#commentaires">Comment</a>\n',
        crumbs,
        f'<div class="FontRubrique">{section}</div>\n',
        _commented(article, opening),
        f"<div>{title}</div>\n",
        "" if date_below else date_block + "\n",
        _photo(article),
        '<div class="lien"><a href="#commentaires">Comment</a></div>\n<br />\n',
        f'<div id="texte">{body}</div>\n',
        date_block + "\n" if date_below else "",
        '<br clear="all" /><a name="commentaires"></a>\n',
        _comments(article, heading='<div class="boxTitre">Commentaires</div>'),
        f'<div class="boxTitre">Dans la même rubrique</div>\n{around.related}',
    ]
    if has("body_twice"):
        parts.append(f'<div id="imprimer" style="display:none">{body}</div>\n')
    middle = "".join(parts)
    if old:
        middle = (
            f"<table width=100% border=0><tr><td><font face=Arial>{middle}</font></td></tr></table>"
        )
    cells = [f'<td valign="top" id="module" width=700>{middle}</td>']
    cells.insert(
        0 if around.side_left else 1, f'<td valign=top width=300 id="module">{around.side}</td>'
    )
    return (
        '<table width="1050" align=center cellspacing=0><tr>\n'
        + "\n".join(cells)
        + "\n</tr></table>\n"
    )


def _breadcrumb(section: str, link: str) -> str:
    return (
        f'<div class="FontFil"><a href="/">Accueil</a> / <a href="/">News</a> / '
        f'<a href="{escape(link)}">{section}</a> / Article</div>\n'
    )


def _html5(article: Article, around: Surroundings) -> str:
    has, text, stub = article.has, text_of(article), article.stub
    section = text(stub.section)
    lines = [f'<span class="date">{text(article.date_line)}</span>']
    if has("date_in_second"):
        lines.insert(0, '<span class="date">Article de presse</span>')
    if article.updated_on:
        lines.append(
            f'<span class="date maj">{text("Mis à jour le")} '
            f"{text(french_date(article.updated_on))}</span>"
        )
    date_block = "\n".join(f"<div>{line}</div>" for line in lines)
    date_below = has("date_below_body") or has("brief_coulisses")
    tag = "span" if has("span_title") else "h1"
    extras = {"advert": around.advert, "related": around.related}
    body = BodyMarkup(article, "<span>", "</span>", extras).render()
    crumbs = "" if has("no_breadcrumb") else _breadcrumb(section, around.section_link)
    parts = [
        f'<div><a class="cat" href="{escape(around.section_link)}">{section}</a></div>\n',
        _commented(article, "<span>"),
        f'<div><{tag} class="titre">{text(article.title)}</{tag}></div>\n',
        "" if date_below else date_block + "\n",
        _figure(article),
        f'<div class="txt">{body}</div>\n',
        f'<div class="txt hidden">{body}</div>\n' if has("body_twice") else "",
        date_block + "\n" if date_below else "",
    ]
    comments = _comments(article, heading="<h2>Commentaires</h2>")
    return (
        f'{crumbs}<main class="row"><article>{"".join(parts)}</article>\n'
        f'<section class="comments">{comments}</section>\n'
        '<section class="related"><h2>Dans la même rubrique</h2>'
        f"{around.related}</section></main>\n"
        f'<aside class="side">{around.side}</aside>\n'
    )


def _figure(article: Article) -> str:
    if article.has("photo_none"):
        return ""
    words, text = article.words, text_of(article)
    alt = escape(words.photo_word)
    image = f'<img class="imgArt" src="{photo_address(article)}" alt="{alt}">'
    if article.has("photo_centred"):
        image = f'<div align="center"><img src="{photo_address(article)}" alt="{alt}"></div>'
    elif not article.has("photo_alt_only"):
        image += f'<a href="{photo_address(article)}">{text(words.photo_word)}</a>'
    caption = f"<span>&copy; {text(words.credit)}</span><p>{text(words.caption)}</p>"
    if words.long_caption:
        caption += f"<p>{text(words.long_caption)}</p>"
    return f"<figure>{image}<figcaption>{caption}</figcaption></figure>\n"
