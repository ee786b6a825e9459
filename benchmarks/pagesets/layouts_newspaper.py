"""A newspaper theme for WordPress: modules above and beside the article, adverts and links to other
articles inside it, microdata in hidden metas behind it."""
# ruff: noqa: E501 - lines of markup stand as they are sent

from __future__ import annotations

from benchmarks.pagesets.layout import Layout
from benchmarks.pagesets.layouts_wordpress import blocks, comments, figure, head, lead
from benchmarks.pagesets.sheet import Sheet, attribute, day, full_day, iso
from benchmarks.pagesets.stories import Teaser, Wants


def _meta(sheet: Sheet) -> str:
    story = sheet.story
    return f"""<meta name="description" content="{attribute(story.body[:150])}…" />
<meta property="og:title" content="{attribute(story.title)} | {attribute(sheet.site.name)}" />
<meta property="og:type" content="article" />
<meta property="og:site_name" content="{attribute(sheet.site.name)}" />
<meta property="article:section" content="{story.section}" />
<meta property="article:published_time" content="{iso(story.published)}" />
<meta property="og:updated_time" content="{iso(story.modified)}" />
<meta name="generator" content="WordPress 5.{sheet.rng.randrange(9)}" />"""


def _module(sheet: Sheet, teaser: Teaser) -> str:
    """A card of another article, dated as this one is."""
    link = sheet.path(teaser.title)
    return f"""<div class="td_module_6 td_module_wrap td-animation-stack"><div class="td-module-thumb"><a href="{link}"\
 rel="bookmark" class="td-image-wrap"><img class="entry-thumb" src="/wp-content/uploads/t-100x70.jpg" alt="" width="100" height="70"></a></div>
<div class="item-details"><h3 class="entry-title td-module-title"><a href="{link}" rel="bookmark">{sheet.frame(teaser.title)}</a></h3>
<div class="td-module-meta-info"><a href="/c/" class="td-post-category">{teaser.section}</a>
<span class="td-post-date"><time class="entry-date updated td-module-date" datetime="{iso(teaser.at)}">{day(teaser.at)}</time></span></div></div></div>"""


def _header(sheet: Sheet) -> str:
    menu = sheet.menu(
        '<li class="menu-item menu-item-object-category"><a href="#">{}</a></li>',
        '<ul class="sub-menu">{}</ul>',
    )
    flash = "".join(
        f'<div class="td_module_trending_now"><h3 class="entry-title"><a href="/f/">{sheet.frame(t.title)}</a></h3></div>'
        for t in sheet.story.recent[4:7]
    )
    return f"""<div class="td-header-wrap td-header-style-1"><div class="td-header-top-menu-full">
<div class="td-header-sp-top-menu"><div class="td_data_time"><div>{full_day(sheet.story.fetched)}</div></div>
<ul class="top-header-menu">{sheet.frames('<li><a href="#">{}</a></li>', ["Se connecter", "Créer un compte"])}</ul></div></div>
<div class="td-header-sp-logo"><a href="/"><img src="/logo.png" alt="{attribute(sheet.site.name)}"></a></div>
<div class="td-header-rec-wrap"><div class="td-a-rec td-a-rec-id-header">{sheet.advert()}</div></div>
<div id="td-header-menu" role="navigation"><ul id="menu-main" class="sf-menu">{menu}</ul></div>
<div class="td_block_trending_now"><div class="td-trending-now-title">{sheet.frame("À ne pas manquer")}</div>{flash}</div></div>"""


def _article(sheet: Sheet) -> str:
    story = sheet.story
    also = "".join(
        f'<p><strong>{sheet.frame("Lire aussi :")} <a href="{sheet.path(t.title)}">{sheet.frame(t.title)}</a></strong></p>'
        for t in story.related[4:5]
    )
    advert = f'<div class="td-a-rec td-a-rec-id-content_inline tdi_1"><span class="td-adspot-title">- {sheet.frame("Espace publicitaire")} -</span><a href="/go/9">{sheet.advert()}</a></div>'
    follow = f"<p><em>{sheet.frame('Rejoignez notre chaîne WhatsApp pour ne rien rater de l’actualité')}</em></p>"
    body = sheet.woven(
        [*lead(sheet), *blocks(sheet, "")],
        [figure(sheet, 0, "wp-caption aligncenter"), also, advert],
    )
    share = sheet.frames(
        '<a class="td-social-sharing-button" href="#"><span class="td-social-but-text">{}</span></a>',
        sheet.shares,
    )
    author = f'<div class="td-post-author-name"><div class="td-author-by">Par</div> <a href="/author/r/">{sheet.text(story.byline or "")}</a><div class="td-author-line"> - </div></div>'
    changed = f'<span class="td-post-date td-post-modified">Mis à jour : <time class="entry-date updated" datetime="{iso(story.modified)}">{day(story.modified)}</time></span>'
    return f"""<article id="post-{sheet.rng.randrange(9999)}" class="post type-post format-standard" itemscope itemtype="https://schema.org/Article">
<div class="td-post-header"><div class="td-crumb-container"><div class="entry-crumbs"><span><a class="entry-crumb" href="/">Accueil</a></span>
 <i class="td-icon-right td-bread-sep"></i> <span><a class="entry-crumb" href="/c/">{sheet.text(story.section)}</a></span> <i class="td-icon-right"></i>
 <span class="td-bred-no-url-last">{sheet.text(story.title)}</span></div></div>
<ul class="td-category"><li class="entry-category"><a href="/c/">{sheet.text(story.section)}</a></li></ul>
<header class="td-post-title"><h1 class="entry-title">{sheet.text(story.title)}</h1>
<div class="td-module-meta-info">{author if story.authors else ""}
<span class="td-post-date"><time class="entry-date updated td-module-date" datetime="{iso(story.published)}">{day(story.published)}</time></span>
{changed if story.modified != story.published else ""}
<div class="td-post-views"><i class="td-icon-views"></i><span>{sheet.rng.randrange(20, 9000)}</span></div></div></header></div>
<div class="td-post-sharing-top"><div class="td-post-sharing-visible">{share}</div></div>
<div class="td-post-content tagdiv-type">
{figure(sheet, 1, "td-post-featured-image")}
{body}
{follow}
</div>
{_footer(sheet)}
</article>"""


def _footer(sheet: Sheet) -> str:
    story = sheet.story
    tags = "".join(
        f'<li><a href="/tag/{n}/">{sheet.text(t)}</a></li>' for n, t in enumerate(story.tags)
    )
    source = f'<div class="td-post-source-via"><div class="td-post-small-box"><span>SOURCE</span><a rel="nofollow" href="/s/">{sheet.text(story.source or "")}</a></div></div>'
    box = ""
    if story.authors:
        box = f'<div class="author-box-wrap"><div class="desc"><div class="td-author-name vcard author"><span class="fn"><a href="/author/r/">{sheet.text(story.byline or "")}</a></span></div><div class="td-author-description">{sheet.frame(story.bio)}</div></div></div>'
    related = "".join(_module(sheet, t) for t in story.related[:4])
    return f"""<footer><div class="td-post-source-tags">{source if story.source else ""}<ul class="td-tags td-post-small-box"><li><span>ÉTIQUETTES</span></li>{tags}</ul></div>
<div class="td-block-row td-post-next-prev"><div class="td-post-next-prev-content"><span>{sheet.frame("Article précédent")}</span><a href="/p/">{sheet.frame(story.related[5].title)}</a></div></div>
{box}
<span style="display: none;" itemprop="author" itemscope itemtype="https://schema.org/Person"><meta itemprop="name" content="{attribute(story.byline or "admin")}"></span>
<meta itemprop="datePublished" content="{iso(story.published)}"><meta itemprop="dateModified" content="{iso(story.modified)}">
<meta itemprop="headline" content="{attribute(story.title)}"></footer>
<div class="td_block_related_posts"><h4 class="td-related-title"><a class="td-related-left">{sheet.frame("ARTICLES SIMILAIRES")}</a>
<a class="td-related-right">{sheet.frame("PLUS DE L’AUTEUR")}</a></h4><div class="td_block_inner">{related}</div></div>
{comments(sheet)}"""


def _write(sheet: Sheet) -> str:
    aside = "".join(_module(sheet, t) for t in sheet.story.recent[:5])
    return f"""<!doctype html >
<html lang="fr-FR" prefix="og: https://ogp.me/ns#">
{head(sheet, _meta(sheet), "newspaper", 120)}
<body class="post-template-default single single-post td-standard-pack global-block-template-1">
<div id="td-outer-wrap" class="td-theme-wrap">
{_header(sheet)}
<div class="td-main-content-wrap td-container-wrap"><div class="td-container td-post-template-default"><div class="td-pb-row">
<div class="td-pb-span8 td-main-content" role="main"><div class="td-ss-main-content">{_article(sheet)}</div></div>
<div class="td-pb-span4 td-main-sidebar" role="complementary"><div class="td-ss-main-sidebar">
<aside class="td_block_template_1 widget widget_block"><h4 class="block-title"><span>{sheet.frame("DERNIÈRES NOUVELLES")}</span></h4>{aside}</aside>
<aside class="widget widget_newsletter"><p>{sheet.frame("Recevez chaque matin notre sélection par courriel")}</p><form><input type="email"></form></aside>
</div></div></div></div></div>
<div class="td-sub-footer-container"><div class="td-sub-footer-copy">{sheet.frame(f"© {sheet.story.fetched.year} {sheet.site.name} - Tous droits réservés")}</div></div>
</div>
<div class="cookie-notice">{sheet.frame("Nous utilisons des témoins de connexion pour mesurer l’audience.")} <a>Accepter</a></div>
{sheet.script("tdBlocks", 60)}
</body></html>"""


NEWSPAPER = Layout(
    "wordpress-newspaper",
    _write,
    "/{section}/{slug}/",
    Wants(author=0.8, source=0.4, updated=0.5, years=(2016, 2026)),
    spelling="wordpress",
)
