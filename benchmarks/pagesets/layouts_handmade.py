"""Sites built by hand: one with schema.org microdata everywhere, one on a grid framework whose only
date is a line of text, and one in nested tables of 2005."""
# ruff: noqa: E501 - lines of markup stand as they are sent

from __future__ import annotations

from datetime import datetime

from benchmarks.pagesets.layout import Layout
from benchmarks.pagesets.sheet import Sheet, attribute, day, full_day, hour, iso
from benchmarks.pagesets.stories import Block, Teaser, Wants
from demo.text import TOWNS


def _block(sheet: Sheet, block: Block) -> str:
    text = sheet.text(block.text)
    if block.kind == "heading":
        return f'<h3 class="intertitre">{text}</h3>'
    if block.kind == "quote":
        return f"<blockquote>{text}</blockquote>"
    if block.kind == "list":
        return "<ul>" + "".join(f"<li>{sheet.text(line)}</li>" for line in block.lines) + "</ul>"
    if block.kind == "question":
        return f'<p class="question"><b>{text}</b></p>'
    return f"<p>{sheet.prose(block.text)}</p>"


def _ago(at: datetime, now: datetime) -> str:
    """«il y a 3 heures» for the last day, else «03/05/2021»."""
    hours = int((now - at).total_seconds() // 3600)
    return f"il y a {max(hours, 2)} heures" if hours < 24 else f"{at:%d/%m/%Y}"


def _item(sheet: Sheet, teaser: Teaser) -> str:
    """Another article, as much an item as this one."""
    return f"""<article class="carte" itemscope itemtype="https://schema.org/NewsArticle"><a itemprop="url" href="{sheet.path(teaser.title)}"><h3 itemprop="headline">{sheet.frame(teaser.title)}</h3></a>
<time itemprop="datePublished" datetime="{iso(teaser.at)}">{_ago(teaser.at, sheet.story.fetched)}</time></article>"""


def _thread(sheet: Sheet) -> str:
    return "".join(
        f"""<div class="avis" itemprop="comment" itemscope itemtype="https://schema.org/Comment"><span itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">{sheet.text(said.name)}</b></span>,
<time itemprop="dateCreated" datetime="{iso(said.at)}">le {said.at:%d.%m.%Y à %Hh%M}</time><div itemprop="text">{sheet.frame(said.text)}</div><a class="signaler" href="#">Signaler</a></div>"""
        for said in sheet.story.comments
    )


def _microdata(sheet: Sheet) -> str:
    """Other articles' items stand before this one's; the date in the head is the page's build."""
    story = sheet.story
    lead = (
        f'<div class="chapeau" itemprop="description">{sheet.text(story.lead)}</div>'
        if story.lead
        else ""
    )
    letter = f'<div class="encart-lettre"><strong>{sheet.frame("Restez informé avec notre infolettre")}</strong><p>{sheet.frame("Chaque soir à 18 heures, l’essentiel de la journée, sans publicité.")}</p><form action="/abo"><input type="email" placeholder="Votre adresse"></form></div>'
    also = f'<p class="lire"><span>{sheet.frame("Lire aussi :")}</span> <a href="#">{sheet.frame(story.related[0].title)}</a></p>'
    body = sheet.woven([_block(sheet, b) for b in story.blocks], [letter, also])
    authors = " et ".join(
        f'<span itemprop="author" itemscope itemtype="https://schema.org/Person"><a itemprop="url" href="/auteurs/{n}"><span itemprop="name">{sheet.text(a)}</span></a></span>'
        for n, a in enumerate(story.authors)
    )
    changed = (
        f' | Mis à jour le <time itemprop="dateModified" datetime="{iso(story.modified)}">{story.modified:%d.%m.%Y à %Hh%M}</time>'
        if story.modified != story.published
        else ""
    )
    source = (
        f'<p class="provenance">Source : <cite>{sheet.text(story.source)}</cite></p>'
        if story.source
        else ""
    )
    bio = (
        f'<div class="signature"><h4>{sheet.frame("À propos de l’auteur")}</h4><p>{sheet.frame(story.bio)}</p></div>'
        if story.authors
        else ""
    )
    shares = sheet.frames('<button class="partage" type="button">{}</button>', sheet.shares)
    menu = sheet.menu('<li><a href="#">{}</a></li>', "<ul>{}</ul>")
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Last-Modified" content="{story.fetched:%a, %d %b %Y %H:%M:%S} GMT">
<meta name="date" content="{story.fetched:%Y-%m-%d}">
<title>{sheet.text(story.title)} – {sheet.text(sheet.site.name)}</title>
<meta property="og:title" content="{attribute(story.title)} – {attribute(sheet.site.name)}">
<meta property="og:type" content="website">
<link rel="stylesheet" href="/css/site.min.css?v=12">
<style>{sheet.styles("bloc", 200)}</style>
{sheet.script("audience", 60)}
</head>
<body itemscope itemtype="https://schema.org/WebPage">
<div id="bandeau-cookies"><p>{sheet.frame("En poursuivant votre navigation, vous acceptez nos témoins de connexion.")}</p><button>J’accepte</button></div>
<header role="banner"><div itemscope itemtype="https://schema.org/Organization"><a href="/"><span itemprop="name">{sheet.text(sheet.site.name)}</span></a></div><nav><ul>{menu}</ul></nav></header>
<section class="direct"><h2>{sheet.frame("Fil info")}</h2>{"".join(_item(sheet, t) for t in story.recent[:4])}</section>
<div class="ariane" itemscope itemtype="https://schema.org/BreadcrumbList"><span itemprop="itemListElement" itemscope itemtype="https://schema.org/ListItem"><a itemprop="item" href="/"><span itemprop="name">Accueil</span></a></span> › <span itemprop="itemListElement" itemscope itemtype="https://schema.org/ListItem"><a itemprop="item" href="/r/"><span itemprop="name">{sheet.text(story.section)}</span></a></span></div>
<main><article class="papier" itemscope itemtype="https://schema.org/NewsArticle">
<meta itemprop="mainEntityOfPage" content="{sheet.url}"><meta itemprop="articleSection" content="{story.section}">
<h1 itemprop="headline">{sheet.text(story.title)}</h1>
<div class="infos">{f"Par {authors} | " if authors else ""}<time itemprop="datePublished" datetime="{iso(story.published)}">{story.published:%d.%m.%Y à %Hh%M}</time>{changed}</div>
<div class="outils">{shares}</div>
<figure itemprop="image" itemscope itemtype="https://schema.org/ImageObject"><img itemprop="url" src="/i/9.jpg" alt=""><figcaption itemprop="caption">{sheet.frame(story.captions[0])} <small>{sheet.text(story.credit)}</small></figcaption></figure>
{lead}
<div class="corps" itemprop="articleBody">
{body}
</div>
{source}
{bio}
<div itemprop="publisher" itemscope itemtype="https://schema.org/NewsMediaOrganization"><meta itemprop="name" content="{attribute(sheet.site.name)}"></div>
<section id="reactions"><h2>{len(story.comments)} réaction(s)</h2>{_thread(sheet)}</section>
</article>
<section class="suite"><h2>{sheet.frame("À lire dans la même rubrique")}</h2>{"".join(_item(sheet, t) for t in story.related[1:6])}</section></main>
<footer><p>{sheet.frame(f"© {sheet.site.name} {story.fetched.year}. Reproduction interdite sans accord.")}</p></footer>
</body></html>"""


def _grid_line(sheet: Sheet) -> str:
    """The line under the headline, in one of the site's three ways of writing it."""
    story, at = sheet.story, sheet.story.published
    by, form = story.byline, sheet.rng.randrange(3)
    if form == 0:
        return f"Publié le {day(at, weekday=True)} à {hour(at)}{f' - Par {sheet.text(by)}' if by else ''}"
    if form == 1 and by:
        return f"Par {sheet.text(by)}, le {day(at)}"
    return f"{at:%d/%m/%Y - %H:%M}{f' | {sheet.text(by)}' if by else ''}"


def _grid(sheet: Sheet) -> str:
    """No machine-readable date; today's stands in the top bar, others' in lists on both sides."""
    story = sheet.story
    lead = [f'<p class="lead"><b>{sheet.text(story.lead)}</b></p>'] if story.lead else []
    advert = f'<div class="text-center my-4"><small class="text-muted">{sheet.frame("Annonce commerciale")}</small><div class="card">{sheet.advert()}</div></div>'
    also = f'<p><a href="#">{sheet.frame(f"À lire également : {story.related[0].title}")}</a></p>'
    body = sheet.woven([*lead, *(_block(sheet, b) for b in story.blocks)], [advert, also])
    source = (
        f'<p class="text-right"><i>Source : {sheet.text(story.source)}</i></p>'
        if story.source
        else ""
    )
    menu = sheet.menu(
        '<a class="dropdown-item" href="#">{}</a>', '<div class="dropdown-menu">{}</div>'
    )
    hot = "".join(
        f'<div class="media"><div class="media-body"><small>{t.at:%d/%m/%Y}</small> <a href="#">{sheet.frame(t.title)}</a></div></div>'
        for t in story.recent
    )
    more = "".join(
        f'<div class="col-md-4"><div class="card"><div class="card-body"><h5 class="card-title"><a href="#">{sheet.frame(t.title)}</a></h5><p class="card-text"><small class="text-muted">Publié le {day(t.at, weekday=True)} à {hour(t.at)}</small></p></div></div></div>'
        for t in story.related[1:4]
    )
    said = "".join(
        f'<div class="media mt-2"><div class="media-body"><h6>{sheet.text(c.name)} <small>{c.at:%d/%m/%Y %H:%M}</small></h6>{sheet.frame(c.text)}</div></div>'
        for c in story.comments
    )
    shares = sheet.frames('<a class="btn btn-sm btn-primary" href="#">{}</a>', sheet.shares)
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, shrink-to-fit=no">
<meta name="description" content="{attribute(story.body[:160])}">
<meta name="keywords" content="{", ".join(story.tags)}">
<meta name="author" content="{attribute(sheet.site.name)}">
<title>{sheet.text(sheet.site.name)} :: {sheet.text(story.title)}</title>
<link rel="stylesheet" href="https://cdn.{sheet.site.host}/bootstrap/4.3.1/css/bootstrap.min.css">
<style>{sheet.styles("perso", 230)}</style>
{sheet.script("compteur", 50)}
</head>
<body>
<div class="topbar bg-dark text-white"><div class="container"><span class="float-left">{full_day(story.fetched)}</span><span class="float-right">{sheet.frame("Suivez-nous sur les réseaux")}</span></div></div>
<nav class="navbar navbar-expand-lg"><a class="navbar-brand" href="/">{sheet.text(sheet.site.name)}</a><div class="navbar-collapse">{menu}</div></nav>
<div class="container"><div class="row">
<div class="col-lg-8">
<nav aria-label="breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">Accueil</a></li><li class="breadcrumb-item"><a href="/r">{sheet.text(story.section)}</a></li><li class="breadcrumb-item active">{sheet.text(story.title)}</li></ol></nav>
<h2 class="font-weight-bold">{sheet.text(story.title)}</h2>
<p class="text-muted small">{_grid_line(sheet)}</p>
<div class="mb-2">{shares}</div>
<img class="img-fluid" src="/uploads/{sheet.rng.randrange(9999)}.jpg" alt="">
<p class="small font-italic">{sheet.frame(f"{story.captions[0]} (photo {story.credit})")}</p>
<div class="contenu">
{body}
{source}
</div>
<div class="tags"><i class="fa fa-tags"></i> {" ".join(f'<a class="badge badge-secondary" href="#">{t}</a>' for t in story.tags)}</div>
<h4>{sheet.frame("Vous aimerez peut-être")}</h4><div class="row">{more}</div>
<h4>Commentaires</h4>{said}
<form><textarea class="form-control" placeholder="Votre commentaire"></textarea><button class="btn">Envoyer</button></form>
</div>
<div class="col-lg-4"><div class="card"><div class="card-header">{sheet.frame("Les plus récents")}</div>{hot}</div><div class="card mt-3"><img src="/pub.gif" alt=""><p>{sheet.advert()}</p></div></div>
</div></div>
<footer class="bg-dark text-white"><p>{sheet.frame(f"Copyright {story.fetched.year} {sheet.site.name}. Conception : Studio Baobab")}</p></footer>
</body></html>"""


def _font_block(sheet: Sheet, block: Block) -> str:
    if block.kind == "list":
        return "<br>\n".join(f"- {sheet.text(line)}" for line in block.lines)
    if block.kind in ("heading", "question"):
        return f'<FONT color="#990000"><B>{sheet.text(block.text)}</B></FONT>'
    if block.kind == "quote":
        return f"<I>{sheet.text(block.text)}</I>"
    return sheet.prose(block.text)


def _tables(sheet: Sheet) -> str:
    """Nested tables, fonts and breaks; a date and a byline in cells, no structure else."""
    story, at = sheet.story, sheet.story.published
    town = TOWNS[sheet.site.towns][0]
    lead = [f"<B>{sheet.text(story.lead)}</B>"] if story.lead else []
    body = "<br><br>\n".join([*lead, *(_font_block(sheet, b) for b in story.blocks)])
    signature = (
        f'<br><br>\n<div align="right"><B>{sheet.text(story.byline)}</B></div>'
        if story.byline
        else ""
    )
    source = f"<br><I>Source : {sheet.text(story.source)}</I>" if story.source else ""
    line = sheet.rng.choice(
        (
            f"Mis en ligne le {day(at, weekday=True)}",
            f"{at:%d/%m/%Y - %H:%M}",
            f"Article publié le {at:%d/%m/%Y}",
        )
    )
    menu = sheet.menu(
        '<tr><td bgcolor="#EEEECC">&nbsp;<a href="#" class="menu">{}</a></td></tr>', "{}"
    )
    links = "".join(
        f'<tr><td class="p8">{t.at:%d/%m} <a href="#">{sheet.frame(t.title)}</a></td></tr>'
        for t in story.recent
    )
    older = "".join(
        f'<font size="1">&#149; <a href="#">{sheet.frame(t.title)}</a> ({t.at:%d/%m/%Y})</font><br>'
        for t in story.related
    )
    return f"""<HTML>
<HEAD>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=iso-8859-1">
<META NAME="Keywords" CONTENT="journal, quotidien, actualités">
<TITLE>{sheet.text(sheet.site.name)} - {sheet.text(story.title)}</TITLE>
<STYLE TYPE="text/css"><!--
{sheet.styles("p", 160)}
--></STYLE>
<SCRIPT LANGUAGE="JavaScript"><!--
function ouvrir(u){{window.open(u,'','width=400,height=300');}}
//--></SCRIPT>
</HEAD>
<BODY BGCOLOR="#FFFFFF" TOPMARGIN="0" LEFTMARGIN="0" LINK="#003366">
<TABLE WIDTH="770" BORDER="0" CELLSPACING="0" CELLPADDING="0" ALIGN="center">
<TR><TD COLSPAN="3"><IMG SRC="/images/bandeau.gif" WIDTH="770" HEIGHT="90"></TD></TR>
<TR><TD COLSPAN="3" BGCOLOR="#003366"><FONT COLOR="#FFFFFF" SIZE="1">&nbsp;{town}, le {day(story.fetched, weekday=True)}</FONT></TD></TR>
<TR VALIGN="top">
<TD WIDTH="140"><TABLE WIDTH="100%" BORDER="0">{menu}</TABLE>
<TABLE><TR><TD><FONT SIZE="1">{sheet.frame("Nombre de visiteurs connectés")} : {sheet.rng.randrange(900)}</FONT></TD></TR></TABLE></TD>
<TD WIDTH="460"><TABLE WIDTH="100%" CELLPADDING="6"><TR><TD>
<FONT FACE="Verdana" SIZE="1" COLOR="#666666"><B>{sheet.text(story.section)}</B></FONT><BR>
<FONT FACE="Georgia" SIZE="5" COLOR="#003366">{sheet.text(story.title)}</FONT><BR>
<FONT FACE="Verdana" SIZE="1" COLOR="#999999">{line}</FONT>
<HR SIZE="1" NOSHADE>
<TABLE ALIGN="left" WIDTH="180"><TR><TD><IMG SRC="/photos/{sheet.rng.randrange(999)}.jpg" WIDTH="170"></TD></TR><TR><TD><FONT SIZE="1"><I>{sheet.frame(story.captions[0])}</I></FONT></TD></TR></TABLE>
<FONT FACE="Verdana" SIZE="2">
{body}
{signature}{source}
</FONT>
<HR SIZE="1" NOSHADE>
<A HREF="javascript:ouvrir('/envoi.php')"><FONT SIZE="1">{sheet.frame("Envoyer cet article à un ami")}</FONT></A> | <A HREF="javascript:print()"><FONT SIZE="1">{sheet.frame("Version à imprimer")}</FONT></A>
<P><FONT SIZE="2"><B>{sheet.frame("Nos archives sur ce thème")}</B></FONT><BR>{older}</P>
</TD></TR></TABLE></TD>
<TD WIDTH="170" BGCOLOR="#F4F4F4"><TABLE><TR><TD><FONT SIZE="2"><B>{sheet.frame("Les dernières heures")}</B></FONT></TD></TR>{links}</TABLE>
<CENTER><FONT SIZE="1">{sheet.advert()}</FONT></CENTER></TD>
</TR>
<TR><TD COLSPAN="3" ALIGN="center"><FONT SIZE="1">{sheet.frame(f"Copyright © {at.year - 2}-{story.fetched.year} {sheet.site.name}, tous droits réservés")}</FONT></TD></TR>
</TABLE></BODY></HTML>"""


MICRODATA = Layout(
    "microdata",
    _microdata,
    "/{section}/{number}-{slug}",
    Wants(author=0.8, two_authors=0.25, source=0.3, updated=0.5),
    content_type="text/html",
)
BOOTSTRAP = Layout(
    "grid",
    _grid,
    "/article.php?id={number}",
    Wants(author=0.7, source=0.3, updated=0.0, years=(2017, 2026)),
    content_type="text/html; charset=utf-8",
)
TABLES = Layout(
    "tables",
    _tables,
    "/article.php3?id_article={number}",
    Wants(author=0.7, source=0.4, lead=0.4, updated=0.0, years=(2003, 2011)),
    scheme="http",
    charset="cp1252",
    content_type="text/html",
)
