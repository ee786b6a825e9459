"""Pages of hosted services: a blog of Blogger’s classic templates and a Ghost publication."""
# ruff: noqa: E501 - lines of markup stand as they are sent

from __future__ import annotations

from benchmarks.pagesets.layout import Layout
from benchmarks.pagesets.sheet import Sheet, attribute, day, iso, json_ld, slug, zulu
from benchmarks.pagesets.stories import Block, Teaser, Wants
from demo.text import MONTHS

_SHORT = [
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
]


def _blogger_body(sheet: Sheet) -> str:
    """What its editor leaves: blocks and breaks mixed, spans with styles, no paragraphs."""
    story = sheet.story
    lead = (
        [f'<div style="text-align: justify;"><b>{sheet.text(story.lead)}</b></div>']
        if story.lead
        else []
    )
    photo = f"""<table align="center" cellpadding="0" cellspacing="0" class="tr-caption-container"><tbody><tr><td style="text-align: center;"><a href="https://img.blogs.example/s1600/p.jpg"><img border="0" height="240" src="https://img.blogs.example/s320/p.jpg" width="320" /></a></td></tr>
<tr><td class="tr-caption" style="text-align: center;">{sheet.frame(story.captions[0])}</td></tr></tbody></table>"""
    parts = [*lead, *(_blogger_block(sheet, block) for block in story.blocks)]
    separator = sheet.rng.choice(
        ("<br />\n<br />\n", '<div style="text-align: justify;"><br /></div>\n')
    )
    first, *rest = parts
    ending = f"<br /><i>Source : {sheet.text(story.source)}</i>" if story.source else ""
    return separator.join([photo + first, *rest]) + ending


def _blogger_block(sheet: Sheet, block: Block) -> str:
    if block.kind == "list":
        return "<ul>" + "".join(f"<li>{sheet.text(line)}</li>" for line in block.lines) + "</ul>"
    if block.kind == "quote":
        return f'<blockquote class="tr_bq">{sheet.text(block.text)}</blockquote>'
    if block.kind == "text":
        form = sheet.rng.choice(
            (
                '<div style="text-align: justify;">{}</div>',
                '<span style="font-family: inherit;">{}</span>',
            )
        )
        return form.format(sheet.prose(block.text))
    return f"<b>{sheet.text(block.text)}</b>"


def _archive(sheet: Sheet) -> str:
    """The archive by years and months, the month of the article open."""
    at = sheet.story.published
    rows = []
    for year in range(sheet.story.fetched.year, at.year - 4, -1):
        months = "".join(
            f'<ul class="hierarchy"><li class="archivedate collapsed"><a class="post-count-link" href="/{year}/{n:02}/">{month}</a> <span class="post-count">({sheet.rng.randrange(1, 60)})</span></li></ul>'
            for n, month in enumerate(MONTHS, 1)
        )
        rows.append(
            f'<ul class="hierarchy"><li class="archivedate"><a class="post-count-link" href="/{year}/">{year}</a> <span class="post-count">({sheet.rng.randrange(60, 700)})</span>{months}</li></ul>'
        )
    return "".join(rows)


def _blogger(sheet: Sheet) -> str:
    story = sheet.story
    said = "".join(
        f"""<li class="comment" id="c{n}"><div class="comment-block"><div class="comment-header"><cite class="user"><a href="#" rel="nofollow">{sheet.text(c.name)}</a></cite>
<span class="datetime secondary-text"><a rel="nofollow" href="#c{n}">{day(c.at)} à {c.at:%H:%M}</a></span></div><p class="comment-content">{sheet.frame(c.text)}</p><span class="comment-actions"><a>Répondre</a><a>Supprimer</a></span></div></li>"""
        for n, c in enumerate(story.comments)
    )
    labels = ", ".join(
        f'<a href="/search/label/{n}" rel="tag">{sheet.text(t)}</a>'
        for n, t in enumerate((story.section, *story.tags))
    )
    author = (
        f'<span class="post-author vcard">Publié par <span class="fn" itemprop="author" itemscope="itemscope" itemtype="http://schema.org/Person"><a class="g-profile" href="#" rel="author"><span itemprop="name">{sheet.text(story.byline or "")}</span></a></span></span>'
        if story.authors
        else ""
    )
    shares = sheet.frames(
        '<a class="goog-inline-block share-button" href="#" title=""><span class="share-button-link-text">{}</span></a>',
        sheet.shares,
    )
    popular = sheet.frames(
        '<li><div class="item-title"><a href="#">{}</a></div></li>',
        [t.title for t in story.related],
    )
    return f"""<!DOCTYPE html>
<html class='v2' dir='ltr' lang='fr' xmlns='http://www.w3.org/1999/xhtml' xmlns:b='http://www.google.com/2005/gml/b'>
<head>
<meta content='width=1100' name='viewport'/>
<meta content='text/html; charset=UTF-8' http-equiv='Content-Type'/>
<meta content='blogger' name='generator'/>
<link href='{sheet.url}' rel='canonical'/>
<meta content='{sheet.url}' property='og:url'/>
<meta content="{attribute(story.title)}" property='og:title'/>
<title>{sheet.text(sheet.site.name)}: {sheet.text(story.title)}</title>
<style type='text/css'>{sheet.styles("widget", 220)}</style>
{sheet.script("_WidgetManager", 50)}
</head>
<body class='loading'>
<div class='navbar section' id='navbar'></div>
<div class='body-fauxcolumns'></div>
<div class='content'><div class='content-inner'>
<header><div class='header section'><div id='header-inner'><div class='titlewrapper'><h1 class='title'><a href='/'>{sheet.text(sheet.site.name)}</a></h1></div><div class='descriptionwrapper'><p class='description'><span>{sheet.frame("Le regard libre d’un village sur le monde")}</span></p></div></div></div></header>
<div class='tabs-outer'><ul>{sheet.frames('<li><a href="#">{}</a></li>', sheet.pages)}</ul></div>
<div class='main-outer'><div class='columns'><div class='column-center-outer'><div class='main section' id='main'>
<div class='widget Blog' data-version='1' id='Blog1'><div class='blog-posts hfeed'>
<div class="date-outer"><h2 class='date-header'><span>{day(story.published, weekday=True)}</span></h2>
<div class="date-posts"><div class='post-outer'>
<div class='post hentry uncustomized-post-template' itemscope='itemscope' itemtype='http://schema.org/BlogPosting'>
<a name='{sheet.rng.randrange(10**12)}'></a>
<h3 class='post-title entry-title' itemprop='name'>{sheet.text(story.title)}</h3>
<div class='post-header'><div class='post-header-line-1'></div></div>
<div class='post-body entry-content' id='post-body-1' itemprop='description articleBody'>
{_blogger_body(sheet)}
<div style='clear: both;'></div></div>
<div class='post-footer'><div class='post-footer-line post-footer-line-1'>{author}
<span class='post-timestamp'>à <meta content='{sheet.url}' itemprop='url'/><a class='timestamp-link' href='{sheet.url}' rel='bookmark' title='permanent link'><abbr class='published' itemprop='datePublished' title='{iso(story.published)}'>{story.published:%H:%M}</abbr></a></span>
<div class='post-share-buttons goog-inline-block'>{shares}</div></div>
<div class='post-footer-line post-footer-line-2'><span class='post-labels'>Libellés : {labels}</span></div></div></div>
<div class='comments' id='comments'><h4>{len(story.comments)} commentaires:</h4><div class="comment-thread"><ol>{said}</ol></div><p class='comment-footer'><a href='#'>{sheet.frame("Enregistrer un commentaire")}</a></p></div>
</div></div></div></div>
<div class='blog-pager' id='blog-pager'><a class='blog-pager-newer-link' href='/n'>{sheet.frame("Article plus récent")}</a> <a class='home-link' href='/'>Accueil</a></div>
<div class='post-feeds'><div class='feed-links'>Inscription à : <a href='/feeds'>{sheet.frame("Publier les commentaires (Atom)")}</a></div></div></div></div></div>
<div class='column-right-outer'><aside><div class='sidebar section'>
<div class='widget BlogArchive'><h2>{sheet.frame("Archives du blog")}</h2><div id='ArchiveList'>{_archive(sheet)}</div></div>
<div class='widget PopularPosts'><h2>{sheet.frame("Articles les plus consultés")}</h2><ul>{popular}</ul></div>
<div class='widget Profile'><h2>{sheet.frame("À propos de moi")}</h2><dl class='profile-datablock'><dd class='profile-textblock'>{sheet.frame(story.bio)}</dd></dl></div>
</div></aside></div></div></div></div></div></body></html>"""


def _card(sheet: Sheet, teaser: Teaser) -> str:
    link = sheet.path(teaser.title)
    return f"""<article class="post-card post"><a class="post-card-image-link" href="{link}"><img class="post-card-image" src="/content/images/size/w600/c.jpg" alt="" loading="lazy" /></a>
<div class="post-card-content"><a class="post-card-content-link" href="{link}"><header class="post-card-header"><div class="post-card-tags"><span class="post-card-primary-tag">{sheet.text(teaser.section)}</span></div><h2 class="post-card-title">{sheet.frame(teaser.title)}</h2></header></a>
<footer class="post-card-meta"><time class="post-card-meta-date" datetime="{teaser.at:%Y-%m-%d}">{day(teaser.at)}</time><span class="post-card-meta-length">{sheet.rng.randrange(1, 9)} min de lecture</span></footer></div></article>"""


def _ghost_meta(sheet: Sheet) -> str:
    story = sheet.story
    people = [
        {"@type": "Person", "name": a, "url": f"https://{sheet.site.host}/author/{slug(a)}/"}
        for a in story.authors
    ]
    published, modified = (
        zulu(at).replace("Z", ".000Z") for at in (story.published, story.modified)
    )
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "publisher": {
            "@type": "Organization",
            "name": sheet.site.name,
            "url": f"https://{sheet.site.host}/",
        },
        "author": people[0],
        "contributor": people[1:] or None,
        "headline": story.title,
        "url": sheet.url,
        "datePublished": published,
        "dateModified": modified,
        "keywords": ", ".join((story.section, *story.tags)),
        "description": story.lead,
        "mainEntityOfPage": sheet.url,
    }
    return f"""<meta property="og:site_name" content="{attribute(sheet.site.name)}">
<meta property="og:type" content="article">
<meta property="og:title" content="{attribute(story.title)}">
<meta property="article:published_time" content="{published}">
<meta property="article:modified_time" content="{modified}">
<meta property="article:tag" content="{story.section}">
<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="{attribute(story.authors[0])}">
{json_ld({k: v for k, v in data.items() if v}, indent=4)}
<meta name="generator" content="Ghost 5.{sheet.rng.randrange(90)}">"""


def _ghost_body(sheet: Sheet) -> str:
    story = sheet.story
    found = []
    for block in story.blocks:
        text = sheet.text(block.text)
        if block.kind == "heading":
            found.append(f'<h2 id="{slug(block.text)}">{text}</h2>')
        elif block.kind == "quote":
            found.append(f"<blockquote>{text}</blockquote>")
        elif block.kind == "list":
            found.append(
                "<ul>" + "".join(f"<li>{sheet.text(line)}</li>" for line in block.lines) + "</ul>"
            )
        elif block.kind == "question":
            found.append(f"<p><strong>{text}</strong></p>")
        else:
            found.append(f"<p>{sheet.prose(block.text)}</p>")
    photo = f'<figure class="kg-card kg-image-card kg-card-hascaption"><img src="/content/images/p.jpg" class="kg-image" alt="" loading="lazy" width="2000" height="1333"><figcaption><span style="white-space: pre-wrap;">{sheet.frame(f"{story.captions[0]} ({story.credit})")}</span></figcaption></figure>'
    signup = f'<div class="kg-card kg-signup-card kg-width-wide" data-lexical-signup-form=""><div class="kg-signup-card-content"><h2 class="kg-signup-card-heading">{sheet.frame("La lettre du dimanche")}</h2><p class="kg-signup-card-subheading">{sheet.frame("Une enquête et trois lectures, dans votre boîte chaque semaine.")}</p><button>S’abonner</button></div></div>'
    teaser = story.related[3]
    bookmark = f'<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="#"><div class="kg-bookmark-content"><div class="kg-bookmark-title">{sheet.frame(teaser.title)}</div><div class="kg-bookmark-description">{sheet.frame("Retour sur une affaire que nous suivons depuis le début")}</div><div class="kg-bookmark-metadata"><span class="kg-bookmark-author">{sheet.text(sheet.site.name)}</span></div></div></a></figure>'
    return sheet.woven(found, [photo, signup, bookmark])


def _ghost(sheet: Sheet) -> str:
    """Lead outside the content; cards of other kinds inside it."""
    story, at = sheet.story, sheet.story.published
    excerpt = f'<p class="article-excerpt">{sheet.text(story.lead)}</p>' if story.lead else ""
    menu = sheet.menu('<li class="nav-item"><a href="#">{}</a></li>', "<li><ul>{}</ul></li>")
    cards = "".join(_card(sheet, t) for t in (*story.related[:3], *story.recent[:2]))
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<title>{sheet.text(story.title)}</title>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1.0" />
<link rel="stylesheet" type="text/css" href="/assets/built/screen.css?v=1a" />
<link rel="canonical" href="{sheet.url}">
{_ghost_meta(sheet)}
<style>{sheet.styles("gh", 230)}</style>
{sheet.script("ghostConfig", 40)}
</head>
<body class="post-template tag-a is-head-left-logo has-cover">
<div class="viewport">
<header id="gh-head" class="gh-head outer"><div class="gh-head-inner inner"><a class="gh-head-logo no-image" href="/">{sheet.text(sheet.site.name)}</a><nav class="gh-head-menu"><ul class="nav">{menu}</ul></nav><div class="gh-head-actions"><a class="gh-head-link" href="#/portal/signin">{sheet.frame("Se connecter")}</a></div></div></header>
<div class="site-content"><main id="site-main" class="site-main">
<article class="article post image-small">
<header class="article-header gh-canvas">
<div class="article-tag post-card-tags"><span class="post-card-primary-tag"><a href="/tag/a/">{sheet.text(story.section)}</a></span></div>
<h1 class="article-title">{sheet.text(story.title)}</h1>
{excerpt}
<div class="article-byline"><section class="article-byline-content"><ul class="author-list instapaper_ignore"><li class="author-list-item"><a href="#" class="author-avatar"><img class="author-profile-image" src="/a.jpg" alt="{attribute(story.authors[0])}" /></a></li></ul>
<div class="article-byline-meta"><h4 class="author-name">{sheet.text(story.byline or "")}</h4><div class="byline-meta-content"><time class="byline-meta-date" datetime="{at:%Y-%m-%d}">{at:%d} {_SHORT[at.month - 1]} {at.year}</time><span class="byline-reading-time"><span class="bull">&bull;</span> {sheet.frame(f"{len(story.body) // 900 + 1} min de lecture")}</span></div></div></section></div>
<figure class="article-image"><img srcset="/content/images/size/w300/f.jpg 300w" src="/content/images/f.jpg" alt="" /><figcaption>{sheet.frame(story.captions[1])}</figcaption></figure>
</header>
<section class="gh-content gh-canvas">
{_ghost_body(sheet)}
</section>
</article></main></div>
<aside class="read-more-wrap outer"><div class="read-more inner">{cards}</div></aside>
<footer class="site-footer outer"><div class="inner"><section class="copyright"><a href="/">{sheet.text(sheet.site.name)}</a> &copy; {story.fetched.year}</section><div class="gh-powered-by"><a href="#">{sheet.frame("Propulsé par Ghost")}</a></div></div></footer>
</div></body></html>"""


BLOGGER = Layout(
    "blogger",
    _blogger,
    "/{at:%Y/%m}/{slug}.html",
    Wants(author=0.9, two_authors=0.0, source=0.2, lead=0.3, updated=0.0, years=(2010, 2020)),
)
GHOST = Layout(
    "ghost",
    _ghost,
    "/{slug}/",
    Wants(author=1.0, two_authors=0.3, lead=0.8, updated=0.9, years=(2020, 2026)),
    content_type="text/html; charset=utf-8",
)
