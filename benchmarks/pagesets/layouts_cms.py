"""Pages of content management systems: SPIP with its default skeletons, Drupal 7 with RDFa, and
Joomla 1.5, whose only date is a line of text."""
# ruff: noqa: E501 - lines of markup stand as they are sent

from __future__ import annotations

from datetime import datetime

from benchmarks.pagesets.layout import Layout
from benchmarks.pagesets.sheet import Sheet, attribute, day, iso, slug, zulu
from benchmarks.pagesets.stories import Block, Wants
from demo.text import MONTHS, WEEKDAYS, capital


def _spip_block(sheet: Sheet, block: Block) -> str:
    if block.kind == "heading":
        return f'<h2 class="spip">{sheet.text(block.text)}</h2>'
    if block.kind == "quote":
        return f'<blockquote class="spip">\n<p>{sheet.text(block.text)}</p>\n</blockquote>'
    if block.kind == "list":
        items = "\n".join(f"<li> {sheet.text(line)}</li>" for line in block.lines)
        return f'<ul class="spip">{items}</ul>'
    if block.kind == "question":
        return f"<p><strong>{sheet.text(block.text)}</strong></p>"
    return f"<p>{sheet.prose(block.text)}</p>"


def _spip_forum(sheet: Sheet) -> str:
    items = "\n".join(
        f"""<li class="comment-li"><div class="comment hreview"><div class="comment-meta"><a href="#forum{n}" class="permalink">#{n}</a>
<small><abbr class="dtreviewed" title="{zulu(said.at)}">Le {day(said.at)} à {said.at:%H:%M}</abbr><span class="sep">, </span><span class="by-author">par <span class="spip_surligne">{sheet.text(said.name)}</span></span></small></div>
<div class="comment-content description"><div class="texte"><p>{sheet.frame(said.text)}</p></div></div></div></li>"""
        for n, said in enumerate(sheet.story.comments, 1)
    )
    return f'<a href="#forum" id="forum"></a><h2 class="h2">{sheet.frame("Vos commentaires")}</h2><ul class="comments-ul">{items}</ul><p class="comment-reply"><a href="#f">{sheet.frame("Réagissez à cet article")}</a></p>'


def _spip(sheet: Sheet) -> str:
    story, name = sheet.story, sheet.text(sheet.site.name)
    short = story.title if len(story.title) <= 60 else f"{story.title[:57].rsplit(' ', 1)[0]} (…)"
    document = f"""<div class='spip_document_{sheet.rng.randrange(999)} spip_documents spip_documents_left'>
<img src='local/cache-vignettes/L300xH200/photo-9c1.jpg' width='300' height='200' alt='' />
<div class='spip_doc_titre'><strong>{sheet.frame(story.captions[0])}</strong></div><div class='spip_doc_descriptif'>{sheet.frame(f"Crédit : {story.credit}")}</div></div>"""
    body = sheet.woven([_spip_block(sheet, b) for b in story.blocks], [document])
    chapo = (
        f'<div class="crayon article-chapo-12 chapo surlignable"><p>{sheet.text(story.lead)}</p></div>'
        if story.lead
        else ""
    )
    authors = " et ".join(
        f'<span class="vcard author"><a class="url fn spip_in" href="auteur{n}">{sheet.text(a)}</a></span>'
        for n, a in enumerate(story.authors)
    )
    byline = (
        f'<span class="sep">, </span><span class="auteurs">par {authors}</span>' if authors else ""
    )
    menu = sheet.menu(
        '<li class="menu-entree"><a href="#">{}</a></li>', '<ul class="menu-items">{}</ul>'
    )
    same = sheet.frames('<li><a href="#">{}</a></li>', [t.title for t in story.related])
    words = "".join(
        f'<li><a href="mot{n}" rel="tag">{sheet.text(t)}</a></li>' for n, t in enumerate(story.tags)
    )
    return f"""<!DOCTYPE html>
<html dir="ltr" lang="fr" class="ltr fr no-js">
<head>
<script type='text/javascript'>/*<![CDATA[*/(function(H){{H.className+=' js'}})(document.documentElement);/*]]>*/</script>
<title>{sheet.text(short)} - {name}</title>
<meta name="description" content="{attribute(story.body[:140])} (…)" />
<link rel="canonical" href="{sheet.url}" />
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="generator" content="SPIP 3.{sheet.rng.randrange(3)}.{sheet.rng.randrange(20)}" />
<link rel="alternate" type="application/rss+xml" title="Syndiquer tout le site" href="spip.php?page=backend" />
<link rel="stylesheet" href="squelettes-dist/css/spip.css" type="text/css" />
<style type="text/css">{sheet.styles("spip", 170)}</style>
{sheet.script("mediabox_settings", 40)}
</head>
<body class="pas_surlignable page_article">
<div class="page">
<div class="header clearfix"><strong class="h1 spip_logo_site"><a href="/">{name}</a></strong><p id="slogan">{sheet.frame("Toute l’info, sans bavardage")}</p></div>
<div class="nav" id="nav"><ul>{menu}</ul></div>
<div class="main"><div class="wrapper hfeed"><div class="content hentry" id="content">
<p class="arbo"><a href="/">Accueil</a> &gt; <a href="{slug(story.section)}">{sheet.text(story.section)}</a> &gt; <strong class="on">{sheet.text(short)}</strong></p>
<div class="cartouche clearfix">
<h1 class="crayon article-titre-12 surlignable entry-title">{sheet.text(story.title)}</h1>
<p class="info-publi"><abbr class="published" title="{zulu(story.published)}">{day(story.published, weekday=True)}</abbr>{byline}</p>
</div>
{chapo}
<div class="crayon article-texte-12 texte surlignable clearfix">{body}</div>
{_spip_forum(sheet)}
</div></div>
<div class="aside">
<div class="formulaire_spip formulaire_recherche"><form action="spip.php?page=recherche"><label>Rechercher :</label><input name="recherche" /></form></div>
<div class="menu"><h2>{sheet.frame("Dans la même rubrique")}</h2><ul>{same}</ul></div>
<div class="menu menu_tags"><h2>Mots-clés</h2><ul>{words}</ul></div>
</div></div>
<div class="footer clearfix"><p class="colophon">{story.published.year - 3}-{story.fetched.year} &copy; {sheet.frame(f"{sheet.site.name} - Tous droits réservés")}<br /><a rel="contents" href="plan">Plan du site</a> | <a href="spip.php?page=login">Se connecter</a></p></div>
</div></body></html>"""


def _submitted(at: datetime) -> str:
    return f"{WEEKDAYS[at.weekday()][:3]}, {at:%d/%m/%Y - %H:%M}"


def _drupal_comments(sheet: Sheet) -> str:
    found = []
    for n, said in enumerate(sheet.story.comments):
        words = said.text.split(" ")
        found.append(f"""<div class="comment comment-by-anonymous clearfix" about="/comment/{n}#comment-{n}" typeof="sioc:Post sioct:Comment">
<h3 property="dc:title" datatype=""><a href="/comment/{n}" class="permalink" rel="bookmark">{sheet.text(" ".join(words[:4]))}</a></h3>
<div class="submitted"><span property="dc:date dc:created" content="{iso(said.at)}" datatype="xsd:dateTime" rel="sioc:has_creator">Soumis par <span class="username" property="foaf:name">{sheet.text(said.name)} (non vérifié)</span> le {_submitted(said.at)}</span></div>
<div class="content"><div class="field field-name-comment-body"><div class="field-items"><div class="field-item even" property="content:encoded"><p>{sheet.frame(said.text)}</p></div></div></div></div></div>""")
    return f'<div id="comments" class="comment-wrapper"><h2 class="title">Commentaires</h2>{"".join(found)}</div>'


def _drupal(sheet: Sheet) -> str:
    """Dates in RDFa of the line «Soumis par»; the Dublin Core of the head was written when the page
    was built."""
    story, title = sheet.story, sheet.story.title
    built = iso(story.fetched)
    blocks = [_spip_block(sheet, b).replace(' class="spip"', "") for b in story.blocks]
    teaser = [f"<p><strong>{sheet.text(story.lead)}</strong></p>"] if story.lead else []
    links = sheet.frames('<li><a href="#">{}</a></li>', [t.title for t in story.related[3:5]])
    also = f'<div class="insert-related"><h3>{sheet.frame("Lire aussi")}</h3><ul>{links}</ul></div>'
    body = sheet.woven([*teaser, *blocks], [also])
    tags = "".join(
        f'<li class="taxonomy-term-reference-{n}" rel="dc:subject"><a href="/tags/{n}" typeof="skos:Concept" property="rdfs:label skos:prefLabel" datatype="">{sheet.text(t)}</a></li>'
        for n, t in enumerate(story.tags)
    )
    menu = sheet.menu(
        '<li class="leaf"><a href="#">{}</a></li>',
        '<li class="expanded"><ul class="menu">{}</ul></li>',
    )
    recent = "".join(
        f'<li class="views-row"><span class="views-field-title"><a href="{sheet.path(t.title)}">{sheet.frame(t.title)}</a></span> <span class="views-field-created">{t.at:%d/%m/%Y - %H:%M}</span></li>'
        for t in story.recent
    )
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML+RDFa 1.0//EN" "http://www.w3.org/MarkUp/DTD/xhtml-rdfa-1.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr" version="XHTML+RDFa 1.0" dir="ltr" xmlns:dc="http://purl.org/dc/terms/" xmlns:sioc="http://rdfs.org/sioc/ns#">
<head profile="http://www.w3.org/1999/xhtml/vocab">
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="Generator" content="Drupal 7 (http://drupal.org)" />
<meta name="dcterms.title" content="{attribute(title)}" />
<meta name="dcterms.date" content="{built}" />
<meta name="dcterms.modified" content="{built}" />
<meta name="dcterms.publisher" content="{attribute(sheet.site.name)}" />
<link rel="canonical" href="/node/{sheet.rng.randrange(9999)}" /><link rel="shortlink" href="/node/1" />
<title>{sheet.text(title)} | {sheet.text(sheet.site.name)}</title>
<style type="text/css" media="all">@import url("/modules/system/system.base.css?q1");
{sheet.styles("block", 190)}</style>
{sheet.script("DrupalSettings", 40)}
</head>
<body class="html not-front not-logged-in one-sidebar sidebar-second page-node node-type-article">
<div id="skip-link"><a href="#main-content" class="element-invisible">{sheet.frame("Aller au contenu principal")}</a></div>
<div id="page-wrapper"><div id="page"><div id="header"><div id="site-name"><strong><a href="/" title="Accueil">{sheet.text(sheet.site.name)}</a></strong></div>
<div id="main-menu" class="navigation"><ul class="links clearfix">{menu}</ul></div></div>
<div id="main-wrapper" class="clearfix"><div id="main" class="clearfix">
<div id="breadcrumb"><h2 class="element-invisible">{sheet.frame("Vous êtes ici")}</h2><div class="breadcrumb"><a href="/">Accueil</a> » <a href="/r">{sheet.text(story.section)}</a></div></div>
<div id="content" class="column"><div class="section"><a id="main-content"></a>
<h1 class="title" id="page-title">{sheet.text(title)}</h1>
<div class="region region-content"><div id="block-system-main" class="block block-system"><div class="content">
<div id="node-31" class="node node-article node-promoted clearfix" about="/node/31" typeof="sioc:Item foaf:Document">
<span property="dc:title" content="{attribute(title)}" class="rdf-meta element-hidden"></span>
<div class="meta submitted"><span property="dc:date dc:created" content="{iso(story.published)}" datatype="xsd:dateTime" rel="sioc:has_creator">Soumis par <span class="username" xml:lang="" typeof="sioc:UserAccount" property="foaf:name" datatype="">{sheet.text(story.byline or "")}</span> le {_submitted(story.published)}</span></div>
<div class="content clearfix">
<div class="field field-name-field-image field-type-image field-label-hidden"><div class="field-items"><div class="field-item even"><img src="/sites/default/files/field/image/p.jpg" width="480" height="320" alt="{attribute(story.captions[1])}" /><blockquote class="image-field-caption"><p>{sheet.frame(story.captions[1])}</p></blockquote></div></div></div>
<div class="field field-name-body field-type-text-with-summary field-label-hidden"><div class="field-items"><div class="field-item even" property="content:encoded">{body}</div></div></div>
<div class="field field-name-field-tags field-type-taxonomy-term-reference field-label-above clearfix"><h3 class="field-label">Étiquettes : </h3><ul class="links inline">{tags}</ul></div>
</div>
<div class="link-wrapper"><ul class="links inline"><li class="comment-add first last"><a href="/comment/reply/31">{sheet.frame("Ajouter un commentaire")}</a></li></ul></div>
{_drupal_comments(sheet)}
</div></div></div></div></div></div>
<div id="sidebar-second" class="column sidebar"><div class="block block-views"><h2>{sheet.frame("Derniers articles")}</h2><div class="content"><ul>{recent}</ul></div></div>
<div class="block block-block"><p>{sheet.advert()}</p></div></div>
</div></div><div id="footer-wrapper"><div class="region-footer"><span>{sheet.frame("Propulsé par Drupal")}</span></div></div></div></div>
</body></html>"""


def _joomla_body(sheet: Sheet) -> str:
    story = sheet.story
    found = (
        [f'<p style="text-align: justify;"><strong>{sheet.text(story.lead)}</strong></p>']
        if story.lead
        else []
    )
    for block in story.blocks:
        if block.kind in ("heading", "question"):
            found.append(f"<p><strong>{sheet.text(block.text)}</strong></p>")
        elif block.kind == "quote":
            found.append(f'<p style="padding-left: 30px;"><em>{sheet.text(block.text)}</em></p>')
        elif block.kind == "list":
            found.append("".join(f"<p>- {sheet.text(line)}</p>" for line in block.lines))
        else:
            found.append(f'<p style="text-align: justify;">{sheet.prose(block.text)}</p>')
    photo = f'<div class="img_caption left" style="float: left; width: 250px;"><img class="caption" src="images/stories/p.jpg" border="0" alt="" width="250" /><p>{sheet.frame(story.captions[0])}</p></div>'
    ending = (
        f'<p style="text-align: right;"><em>Source : {sheet.text(story.source)}</em></p>'
        if story.source
        else ""
    )
    return sheet.woven(found, ["<p>&nbsp;</p>", photo]) + ending


def _joomla(sheet: Sheet) -> str:
    """No machine-readable date; the head names the administrator as the author."""
    story, at = sheet.story, sheet.story.published
    created = f"{capital(WEEKDAYS[at.weekday()])}, {at:%d} {capital(MONTHS[at.month - 1])} {at.year} {at:%H:%M}"
    to = story.modified
    changed = f'<span class="modifydate">Mise à jour le {capital(WEEKDAYS[to.weekday()])}, {to:%d} {capital(MONTHS[to.month - 1])} {to.year} {to:%H:%M}</span>'
    menu = sheet.menu(
        '<li class="item"><a href="/index.php#"><span>{}</span></a></li>', "<ul>{}</ul>"
    )
    latest = sheet.frames(
        '<li class="latestnews"><a href="#" class="latestnews">{}</a></li>',
        [t.title for t in story.recent],
    )
    dated = "".join(
        f'<tr><td class="createdate">{t.at:%d/%m/%Y}</td><td><a href="{sheet.path(t.title)}">{sheet.frame(t.title)}</a></td></tr>'
        for t in story.related
    )
    byline = (
        f'<span class="small">Écrit par {sheet.text(story.byline or "")} &nbsp;&nbsp;</span>'
        if story.authors
        else ""
    )
    icons = "".join(
        f'<td align="right" class="buttonheading"><a href="/x?tmpl=component" title="{label}"><img src="/images/M_images/{label}.png" alt="{label}" /></a></td>'
        for label in ("PDF", "Imprimer", "Envoyer")
    )
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr-fr" lang="fr-fr">
<head>
<base href="http://{sheet.site.host}/" />
<meta http-equiv="content-type" content="text/html; charset=utf-8" />
<meta name="robots" content="index, follow" />
<meta name="keywords" content="actualité, presse, journal" />
<meta name="title" content="{attribute(story.title)}" />
<meta name="author" content="Administrator" />
<meta name="generator" content="Joomla! 1.5 - Open Source Content Management" />
<title>{sheet.text(story.title)}</title>
<link rel="stylesheet" href="/templates/system/css/system.css" type="text/css" />
<style type="text/css">{sheet.styles("module", 200)}</style>
<script type="text/javascript" src="/media/system/js/mootools.js"></script>
{sheet.script("JTooltips", 40)}
</head>
<body id="page_bg"><div id="wrapper"><div id="header"><div id="logo"></div><div id="search"><input name="searchword" value="Recherche..." /></div></div>
<div id="tabarea"><ul class="menu">{menu}</ul></div>
<div id="pathway"><span class="breadcrumbs pathway"><a href="/" class="pathway">Accueil</a> <img src="/arrow.png" alt="" /> <a href="/r" class="pathway">{sheet.text(story.section)}</a> <img src="/arrow.png" alt="" /> {sheet.text(story.title)}</span></div>
<div id="whitebox"><table width="100%"><tr><td id="leftcolumn" valign="top"><div class="module_menu"><div><h3>{sheet.frame("Derniers articles")}</h3><ul class="latestnews">{latest}</ul></div></div></td>
<td id="maincolumn" valign="top">
<table class="contentpaneopen"><tr><td class="contentheading" width="100%">{sheet.text(story.title)}</td>{icons}</tr></table>
<table class="contentpaneopen">
<tr><td width="70%" align="left" valign="top" colspan="2">{byline}</td></tr>
<tr><td valign="top" colspan="2" class="createdate">{created}</td></tr>
<tr><td valign="top" colspan="2">{_joomla_body(sheet)}</td></tr>
<tr><td colspan="2" class="modifydate">{changed if story.modified != at else ""}</td></tr>
</table>
<span class="article_separator">&nbsp;</span>
<table class="pagenav"><tr><td class="pagenav_prev"><a href="/p">&lt; Préc</a></td><td class="pagenav_next"><a href="/n">Suivant &gt;</a></td></tr></table>
<table class="seealso"><tr><th colspan="2">{sheet.frame("Sur le même sujet")}</th></tr>{dated}</table>
</td></tr></table></div>
<div id="footer"><p id="syndicate"></p><p id="power_by">{sheet.frame("Propulsé par Joomla! Tous droits réservés.")}</p></div></div></body></html>"""


SPIP = Layout(
    "spip",
    _spip,
    "/spip.php?article{number}",
    Wants(author=0.85, two_authors=0.2, lead=0.7, updated=0.0, years=(2010, 2026)),
    spelling="wordpress",
    content_type="text/html; charset=utf-8",
)
DRUPAL = Layout("drupal", _drupal, "/{section}/{slug}", Wants(author=1.0, years=(2012, 2023)))
JOOMLA = Layout(
    "joomla",
    _joomla,
    "/index.php?option=com_content&view=article&id={number}:{slug}&catid=34&Itemid=55",
    Wants(author=0.8, source=0.35, updated=0.5, years=(2008, 2015)),
    spelling="editor",
    scheme="http",
    content_type="text/html; charset=utf-8",
)
