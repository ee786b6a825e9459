"""Two WordPress themes as the default ones write their pages: a classic one and a block one.

What both share, and `layouts_newspaper` with them, is what WordPress itself writes.
"""
# ruff: noqa: E501 - lines of markup stand as they are sent

from __future__ import annotations

from benchmarks.pagesets.layout import Layout
from benchmarks.pagesets.sheet import Sheet, attribute, day, iso, iso_utc, json_ld
from benchmarks.pagesets.stories import Block, Teaser, Wants


def head(sheet: Sheet, meta: str, theme: str, rules: int) -> str:
    """The head of a page of that theme; `meta` is what its plugins add."""
    host = sheet.site.host
    title = f"{sheet.story.title} - {sheet.site.name}"
    return f"""<head>
<meta charset="UTF-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<link rel="profile" href="https://gmpg.org/xfn/11" />
<title>{sheet.text(title)}</title>
{meta}
<link rel="dns-prefetch" href="//s.w.org" />
<link rel="alternate" type="application/rss+xml" title="{attribute(sheet.site.name)} &raquo; Flux"\
 href="https://{host}/feed/" />
<link rel="stylesheet" id="{theme}-style-css" href="https://{host}/wp-content/themes/{theme}/\
style.css?ver=1.{sheet.rng.randrange(9)}" media="all" />
<style id="global-styles-inline-css">
{sheet.styles("wp-" + theme, rules)}
</style>
<script src="https://{host}/wp-includes/js/jquery/jquery.min.js?ver=3.6.0" id="jquery-core-js"></script>
{sheet.script("themeSettings", 20)}
<link rel="https://api.w.org/" href="https://{host}/wp-json/" />
<link rel="canonical" href="{sheet.url}" />
<link rel="shortlink" href="https://{host}/?p={sheet.rng.randrange(9999)}" />
</head>"""


def _graph(sheet: Sheet) -> str:
    """Open Graph and the linked data of an SEO plugin, both on UTC's clock."""
    story, url, root = sheet.story, sheet.url, f"https://{sheet.site.host}/"
    person = {"@type": "Person", "@id": f"{root}#/schema/person/1", "name": story.authors[0]}
    dates = {"datePublished": iso_utc(story.published), "dateModified": iso_utc(story.modified)}
    article = {
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "isPartOf": {"@id": url},
        "author": [{"name": name, "@id": person["@id"]} for name in story.authors],
        "headline": story.title,
        **dates,
        "wordCount": len(story.body.split()),
        "articleSection": [story.section],
        "inLanguage": "fr-FR",
    }
    crumbs = [
        {"@type": "ListItem", "position": 1, "name": "Accueil", "item": root},
        {"@type": "ListItem", "position": 2, "name": story.title},
    ]
    graph = [
        article,
        {"@type": "WebPage", "@id": url, "name": f"{story.title} - {sheet.site.name}", **dates},
        {"@type": "BreadcrumbList", "@id": f"{url}#breadcrumb", "itemListElement": crumbs},
        {"@type": "WebSite", "@id": f"{root}#website", "url": root, "name": sheet.site.name},
        person | {"description": sheet.frame(story.bio)},
    ]
    changed = f'<meta property="article:modified_time" content="{iso_utc(story.modified)}" />'
    return f"""<meta name="robots" content="index, follow, max-image-preview:large" />
<meta property="og:locale" content="fr_FR" />
<meta property="og:type" content="article" />
<meta property="og:title" content="{attribute(story.title)} - {attribute(sheet.site.name)}" />
<meta property="og:site_name" content="{attribute(sheet.site.name)}" />
<meta property="og:url" content="{url}" />
<meta property="article:published_time" content="{iso_utc(story.published)}" />
{changed if story.modified != story.published else ""}
<meta name="author" content="{attribute(story.authors[0])}" />
<meta name="twitter:label1" content="Écrit par" />
<meta name="twitter:data1" content="{attribute(story.authors[0])}" />
{json_ld({"@context": "https://schema.org", "@graph": graph}, name=' class="seo-schema-graph"')}"""


def blocks(sheet: Sheet, prefix: str = "wp-block-") -> list[str]:
    """The body as the block editor saves it; without a prefix as the older editor did."""
    return [_block(sheet, block, prefix) for block in sheet.story.blocks]


def _block(sheet: Sheet, block: Block, prefix: str) -> str:
    named = f' class="{prefix}{{}}"' if prefix else ""
    if block.kind == "heading":
        return f"<h2{named.format('heading')}>{sheet.text(block.text)}</h2>"
    if block.kind == "quote":
        return f"<blockquote{named.format('quote')}><p>{sheet.text(block.text)}</p></blockquote>"
    if block.kind == "list":
        items = "\n".join(f"<li>{sheet.text(line)}</li>" for line in block.lines)
        return f"<ul{named.format('list')}>\n{items}\n</ul>"
    if block.kind == "question":
        return f"<p><strong>{sheet.text(block.text)}</strong></p>"
    return f"<p>{sheet.prose(block.text)}</p>"


def lead(sheet: Sheet) -> list[str]:
    """The bold lead as a paragraph, if the story has one."""
    text = sheet.story.lead
    return [f"<p><strong>{sheet.text(text)}</strong></p>"] if text else []


def figure(sheet: Sheet, number: int, classes: str) -> str:
    """A photo with its caption and credit."""
    caption = sheet.frame(f"{sheet.story.captions[number]} © {sheet.story.credit}")
    name = f"photo-{sheet.rng.randrange(999)}"
    return f"""<figure class="{classes}"><img loading="lazy" width="1024" height="683"\
 src="/wp-content/uploads/{sheet.story.published:%Y/%m}/{name}-1024x683.jpg" alt=""\
 srcset="/wp-content/uploads/{name}-300x200.jpg 300w, /wp-content/uploads/{name}.jpg 1024w"\
 sizes="(max-width: 1024px) 100vw, 1024px" /><figcaption>{caption}</figcaption></figure>"""


def _classic(sheet: Sheet) -> str:
    """Byline, date and tags stand below the article; the biography and comments under them."""
    story = sheet.story
    body = sheet.woven([*lead(sheet), *blocks(sheet)], [figure(sheet, 0, "wp-block-image")])
    menu = sheet.menu(
        '<li class="menu-item"><a href="#">{}</a></li>', '<ul class="sub-menu">{}</ul>'
    )
    tags = ", ".join(f'<a href="/tag/{n}/" rel="tag">{t}</a>' for n, t in enumerate(story.tags))
    sheet.forbidden += ["Étiqueté ", "Catégorisé comme"]
    recent = "".join(_recent_item(sheet, teaser) for teaser in story.recent[:5])
    return f"""<!doctype html>
<html lang="fr-FR" >
{head(sheet, _graph(sheet), "twentytwentyone", 160)}
<body class="post-template-default single single-post wp-embed-responsive is-light-theme">
<div id="page" class="site">
<a class="skip-link screen-reader-text" href="#content">{sheet.frame("Aller au contenu")}</a>
<header id="masthead" class="site-header has-title-and-tagline" role="banner">
<div class="site-branding"><p class="site-title"><a href="/" rel="home">{sheet.text(sheet.site.name)}</a></p>
<p class="site-description">{sheet.frame("L’actualité vue des quartiers")}</p></div>
<nav id="site-navigation" class="primary-navigation"><ul id="primary-menu-list">{menu}</ul></nav>
</header>
<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main">
<article id="post-77" class="post type-post status-publish format-standard hentry entry">
<header class="entry-header alignwide"><h1 class="entry-title">{sheet.text(story.title)}</h1>
{figure(sheet, 1, "post-thumbnail")}</header>
<div class="entry-content">
{body}
</div>
<footer class="entry-footer default-max-width"><div class="posted-by">\
<span class="posted-on">Publié le <time class="entry-date published updated" datetime="\
{iso(story.published)}">{day(story.published)}</time></span>\
<span class="byline">Par <a href="/author/1/" rel="author">{sheet.text(story.byline or "")}</a></span></div>
<div class="post-taxonomies"><span class="cat-links">Catégorisé comme \
<a href="/category/{story.section}/" rel="category tag">{sheet.text(story.section)}</a> </span>\
<span class="tags-links">Étiqueté {tags}</span></div></footer>
<div class="author-bio"><div class="author-bio-content"><h2 class="author-title">Par \
{sheet.text(story.byline or "")}</h2><p class="author-description">{sheet.frame(story.bio)}</p></div></div>
</article>
<nav class="navigation post-navigation" aria-label="Publications"><div class="nav-links">
<div class="nav-previous"><a href="/a/"><p class="meta-nav">Article précédent</p>\
<p class="post-title">{sheet.frame(story.related[0].title)}</p></a></div>
<div class="nav-next"><a href="/b/"><p class="meta-nav">Article suivant</p>\
<p class="post-title">{sheet.frame(story.related[1].title)}</p></a></div></div></nav>
{comments(sheet)}
</main></div></div>
<aside class="widget-area"><section class="widget widget_recent_entries"><h2 class="widget-title">\
{sheet.frame("Articles récents")}</h2><ul>{recent}</ul></section>
<section class="widget widget_text"><div class="textwidget"><p>{sheet.advert()}</p></div></section></aside>
<footer id="colophon" class="site-footer"><div class="powered-by">{sheet.frame("Fièrement propulsé par WordPress")}\
 &copy; {story.fetched.year}</div></footer>
</div>
{sheet.script("emojiSettings", 40)}
</body></html>"""


def _recent_item(sheet: Sheet, teaser: Teaser) -> str:
    return (
        f'<li><a href="{sheet.path(teaser.title)}">{sheet.frame(teaser.title)}</a>'
        f'<span class="post-date">{day(teaser.at)}</span></li>'
    )


def comments(sheet: Sheet) -> str:
    """The thread, with an invitation to reply."""
    items = "".join(
        f"""<li id="comment-{n}" class="comment even thread-even depth-1"><article class="comment-body">
<footer class="comment-meta"><div class="comment-author vcard"><b class="fn">{sheet.text(said.name)}</b>\
 <span class="says">dit&nbsp;:</span></div><div class="comment-metadata"><a href="{sheet.url}#comment-{n}">\
<time datetime="{iso(said.at)}">{day(said.at)} à {said.at:%H:%M}</time></a></div></footer>
<div class="comment-content"><p>{sheet.frame(said.text)}</p></div>
<div class="reply"><a rel="nofollow" href="#respond">Répondre</a></div></article></li>"""
        for n, said in enumerate(sheet.story.comments)
    )
    invitation = sheet.frame("Votre adresse e-mail ne sera pas publiée.")
    return f"""<div id="comments" class="comments-area"><h2 class="comments-title">Commentaires</h2>
<ol class="comment-list">{items}</ol><div id="respond" class="comment-respond"><h3>Laisser un commentaire</h3>
<form action="/wp-comments-post.php" method="post"><p class="comment-notes">{invitation}</p>
<textarea name="comment" cols="45" rows="5"></textarea></form></div></div>"""


def _query(sheet: Sheet, teasers: tuple[Teaser, ...]) -> str:
    """A query loop: titles and dates of other articles, each marked up like this one's."""
    items = "".join(
        f"""<li class="wp-block-post"><h3 class="wp-block-post-title has-small-font-size">\
<a href="{sheet.path(teaser.title)}">{sheet.frame(teaser.title)}</a></h3>
<div class="wp-block-post-date"><time datetime="{iso(teaser.at)}">{day(teaser.at)}</time></div></li>"""
        for teaser in teasers
    )
    return f'<ul class="wp-block-post-template is-layout-flow">{items}</ul>'


def _block_theme(sheet: Sheet) -> str:
    """No SEO plugin: dates stand in time elements alone, first those of a loop in the header."""
    story = sheet.story
    latest = sheet.frame("En ce moment sur le site")
    body = sheet.woven(
        [*lead(sheet), *blocks(sheet)], [figure(sheet, 0, "wp-block-image size-large")]
    )
    menu = sheet.menu(
        '<li class="wp-block-navigation-item"><a class="wp-block-navigation-item__content" href="#">'
        '<span class="wp-block-navigation-item__label">{}</span></a></li>',
        '<li><ul class="wp-block-navigation__submenu-container">{}</ul></li>',
    )
    tags = "  ".join(f'<a href="/tag/{n}/" rel="tag">{t}</a>' for n, t in enumerate(story.tags))
    byline = f'<p class="has-small-font-size">par</p><div class="wp-block-post-author-name"><a href="/author/x/">{sheet.text(story.byline or "")}</a></div>'
    return f"""<!DOCTYPE html>
<html lang="fr-FR">
{head(sheet, "<meta name='robots' content='max-image-preview:large' />", "twentytwentyfour", 240)}
<body class="post-template-default single single-post postid-91 wp-embed-responsive">
<div class="wp-site-blocks">
<header class="wp-block-template-part"><div class="wp-block-group alignwide">
<p class="wp-block-site-title"><a href="/" rel="home">{sheet.text(sheet.site.name)}</a></p>
<nav class="is-responsive wp-block-navigation"><ul class="wp-block-navigation__container">{menu}</ul></nav></div>
<div class="wp-block-group has-contrast-background-color"><p>{latest}</p>{_query(sheet, story.recent[:2])}</div></header>
<div class="wp-block-group has-global-padding is-layout-constrained">
{figure(sheet, 1, "wp-block-post-featured-image")}
<h1 class="wp-block-post-title has-x-large-font-size">{sheet.text(story.title)}</h1>
<div class="wp-block-template-part"><div class="wp-block-group is-content-justification-left">
<div class="wp-block-post-date"><time datetime="{iso(story.published)}"><a href="{sheet.url}">{day(story.published)}</a></time></div>
<p class="has-contrast-2-color">—</p>
{byline if story.authors else ""}
<div class="taxonomy-category wp-block-post-terms"><span class="wp-block-post-terms__prefix">dans </span>\
<a href="/category/c/" rel="tag">{sheet.text(story.section)}</a></div></div></div></div>
<main class="wp-block-group alignfull is-layout-flow">
<div class="entry-content alignfull wp-block-post-content has-global-padding is-layout-constrained">
{body}
</div></main>
<div class="wp-block-group has-global-padding"><div class="taxonomy-post_tag wp-block-post-terms">{tags}</div>
<div style="height:40px" aria-hidden="true" class="wp-block-spacer"></div>
<section class="wp-block-group"><h2 class="wp-block-heading">{sheet.frame("Dans la même rubrique")}</h2>{_query(sheet, story.related[:4])}</section>
{comments(sheet)}
<nav class="post-navigation-link-previous wp-block-post-navigation-link"><span class="arrow">←</span>\
<a href="/p/" rel="prev">{sheet.frame(story.related[4].title)}</a></nav></div>
<footer class="wp-block-template-part"><p class="has-small-font-size">{sheet.frame("Conçu avec WordPress")}</p></footer>
</div>
{sheet.script("interactivity", 30)}
</body></html>"""


CLASSIC = Layout(
    "wordpress-classic",
    _classic,
    "/{at:%Y/%m/%d}/{slug}/",
    Wants(author=1.0, two_authors=0.2, updated=0.7, years=(2020, 2026)),
    spelling="wordpress",
)
BLOCKS = Layout(
    "wordpress-blocks",
    _block_theme,
    "/{slug}/",
    Wants(author=0.8, updated=0.3, years=(2022, 2026)),
    spelling="wordpress",
)
