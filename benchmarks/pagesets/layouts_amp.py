"""An AMP page: components of its own, one object of linked data."""
# ruff: noqa: E501 - lines of markup stand as they are sent

from __future__ import annotations

from benchmarks.pagesets.layout import Layout
from benchmarks.pagesets.sheet import Sheet, attribute, day, iso, iso_utc, json_ld
from benchmarks.pagesets.stories import Block, Wants

_COMPONENTS = ("sidebar", "social-share", "ad", "analytics", "consent", "accordion", "carousel")


def _data(sheet: Sheet) -> str:
    story = sheet.story
    authors = [{"@type": "Person", "name": name} for name in story.authors]
    newsroom = {"@type": "Organization", "name": sheet.site.name}
    return json_ld(
        {
            "@context": "http://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": {"@type": "WebPage", "@id": sheet.url},
            "headline": story.title[:110],
            "datePublished": iso_utc(story.published),
            "dateModified": iso_utc(story.modified),
            "articleSection": story.section,
            "author": authors or newsroom,
            "publisher": newsroom
            | {"logo": {"@type": "ImageObject", "url": "/logo-amp.png", "width": 600}},
            "image": {"@type": "ImageObject", "url": "/photo.jpg", "height": 683, "width": 1024},
        }
    )


def _block(sheet: Sheet, block: Block) -> str:
    text = sheet.text(block.text)
    if block.kind == "heading":
        return f"<h3>{text}</h3>"
    if block.kind == "quote":
        return f"<blockquote><p>{text}</p></blockquote>"
    if block.kind == "list":
        return "<ol>" + "".join(f"<li>{sheet.text(line)}</li>" for line in block.lines) + "</ol>"
    if block.kind == "question":
        return f"<p><b>{text}</b></p>"
    return f"<p>{sheet.prose(block.text)}</p>"


def _body(sheet: Sheet) -> str:
    story = sheet.story
    lead = (
        [f'<p class="amp-wp-excerpt"><strong>{sheet.text(story.lead)}</strong></p>']
        if story.lead
        else []
    )
    advert = f'<div class="amp-ad-wrapper"><span>{sheet.frame("La suite après cette publicité")}</span><amp-ad width="300" height="250" type="doubleclick" data-slot="/7/x"><div placeholder></div><div fallback>{sheet.advert()}</div></amp-ad></div>'
    also = f'<aside class="read-also"><span>{sheet.frame("À LIRE")}</span> <a href="#">{sheet.frame(story.related[0].title)}</a></aside>'
    gallery = f'<amp-carousel width="450" height="300" layout="responsive" type="slides"><figure><amp-img src="/1.jpg" layout="fill"></amp-img><figcaption>{sheet.frame(story.captions[1])}</figcaption></figure></amp-carousel>'
    parts = [*lead, *(_block(sheet, block) for block in story.blocks)]
    return sheet.woven(parts, [advert, also, gallery])


def _write(sheet: Sheet) -> str:
    story, name = sheet.story, sheet.text(sheet.site.name)
    scripts = "\n".join(
        f'<script async custom-element="amp-{c}" src="https://cdn.ampproject.example/v0/amp-{c}-0.1.js"></script>'
        for c in _COMPONENTS
    )
    menu = sheet.menu(
        '<li><a href="#">{}</a></li>',
        "<li><amp-accordion><section><h4>Régions</h4><ul>{}</ul></section></amp-accordion></li>",
    )
    byline = (
        f'<div class="amp-wp-meta amp-wp-byline"><span class="amp-wp-author author vcard">Par {sheet.text(story.byline or "")}</span></div>'
        if story.authors
        else ""
    )
    share = "".join(
        f'<amp-social-share type="{t}" width="40" height="40"></amp-social-share>'
        for t in ("facebook", "twitter", "whatsapp")
    )
    related = "".join(
        f'<li><a href="{sheet.path(t.title)}amp/"><amp-img src="/t.jpg" width="100" height="70"></amp-img><span class="t">{sheet.frame(t.title)}</span></a> <time datetime="{iso(t.at)}">{day(t.at)}</time></li>'
        for t in (*story.related[1:4], *story.recent[:3])
    )
    to = story.modified
    changed = (
        f' <span class="upd">Modifié le {day(to)} à {to:%H:%M}</span>'
        if to != story.published
        else ""
    )
    return f"""<!doctype html>
<html ⚡ lang="fr-FR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,minimum-scale=1,initial-scale=1">
<title>{sheet.text(story.title)} | {name}</title>
<link rel="canonical" href="{sheet.url.removesuffix("amp/")}">
<script async src="https://cdn.ampproject.example/v0.js"></script>
{scripts}
<style amp-boilerplate>body{{visibility:hidden;animation:-amp-start 8s steps(1,end) 0s 1 normal both}}@keyframes -amp-start{{from{{visibility:hidden}}to{{visibility:visible}}}}</style><noscript><style amp-boilerplate>body{{animation:none}}</style></noscript>
<style amp-custom>{sheet.styles("amp-wp", 260)}</style>
{_data(sheet)}
</head>
<body class="amp-mode single">
<amp-sidebar id="menu" layout="nodisplay" side="left"><ul>{menu}</ul></amp-sidebar>
<amp-consent id="cmp" layout="nodisplay"><script type="application/json">{{"consentInstanceId":"cmp","checkConsentHref":"/c"}}</script><div id="consent-ui"><p>{sheet.frame("Vos données servent à financer ce journal gratuit.")}</p><button on="tap:cmp.accept">Accepter</button></div></amp-consent>
<header id="top" class="amp-wp-header"><div><a href="/"><span class="amp-site-title">{name}</span></a><button on="tap:menu.toggle">☰</button></div></header>
<article class="amp-wp-article">
<header class="amp-wp-article-header"><a class="cat" href="/c/">{sheet.text(story.section)}</a>
<h1 class="amp-wp-title">{sheet.text(story.title)}</h1>{byline}
<div class="amp-wp-meta amp-wp-posted-on">Publié le {day(story.published)} à {story.published:%H:%M}{changed}</div>
<div class="amp-share">{share}</div></header>
<figure class="amp-wp-article-featured-image"><amp-img src="/photo.jpg" width="1024" height="683" layout="responsive" alt="{attribute(story.captions[0])}"></amp-img><figcaption class="wp-caption-text">{sheet.frame(f"{story.captions[0]} / {story.credit}")}</figcaption></figure>
<div class="amp-wp-article-content">
{_body(sheet)}
</div>
<footer class="amp-wp-article-footer"><div class="amp-wp-meta amp-wp-tax-tag">Mots clés : {", ".join(story.tags)}</div>
<div class="amp-wp-meta amp-wp-comments-link"><a href="#">{sheet.frame("Laisser un commentaire")}</a></div></footer>
</article>
<section class="related"><h3>{sheet.frame("Nos autres articles")}</h3><ul>{related}</ul></section>
<footer class="amp-wp-footer"><div><h2>{name}</h2><p>{sheet.frame("Voir la version complète du site")}</p><a href="#top" class="back-to-top">{sheet.frame("Haut de page")}</a></div></footer>
<amp-analytics type="gtag"><script type="application/json">{{"vars":{{"gtag_id":"UA-0"}}}}</script></amp-analytics>
</body></html>"""


AMP = Layout(
    "amp",
    _write,
    "/{section}/{slug}-{number}/amp/",
    Wants(author=0.7, two_authors=0.2, updated=0.6, years=(2017, 2025)),
    content_type="text/html; charset=utf-8",
)
