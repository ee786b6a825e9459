"""Chrome: what surrounds every page, in its full mess, made once a world and cached.

Scripts, styles and lists are ours; only their disorder is that of the real pages: `<div>` in
`<head>`, a stray `</di`, unquoted attributes, one id many times, markup inside comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from random import Random

NETWORK = (
    ("Abidjan.net", "abidjan.net"),
    ("aBamako.com", "abamako.com"),
    ("aOuaga.com", "aouaga.com"),
    ("aCotonou.com", "acotonou.com"),
    ("aLome.com", "alome.com"),
    ("aNiamey.com", "aniamey.com"),
    ("aDakar.com", "adakar.com"),
    ("aLibreville.com", "alibreville.com"),
    ("aBangui.com", "abangui.com"),
)
_SYLLABLES = [
    "ba",
    "co",
    "du",
    "fa",
    "gi",
    "lo",
    "ma",
    "ne",
    "po",
    "ri",
    "sa",
    "tu",
    "ve",
    "zo",
    "ka",
    "mi",
]
_ATTRIBUTE = re.compile(r"""(\s(?:class|id)=)("[^"]*"|'[^']*'|[^\s>"']+)""")


class Scrambler:
    """Replaces every class and id by a random word, the same word for the same name."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._words: dict[str, str] = {}

    def word(self, name: str) -> str:
        """The word that stands for `name`."""
        while name not in self._words:
            word = "".join(self._rng.choice(_SYLLABLES) for _ in range(4))
            if word not in self._words.values():
                self._words[name] = word
        return self._words[name]

    def __call__(self, markup: str) -> str:
        def swap(found: re.Match[str]) -> str:
            value = found[2].strip("\"'")
            return f'{found[1]}"{" ".join(self.word(part) for part in value.split())}"'

        return _ATTRIBUTE.sub(swap, markup)


@dataclass(frozen=True)
class Chrome:
    """The constant parts of a page, in the order they stand in it."""

    before_title: str
    after_title: str
    top: str
    advert: str
    bottom: str

    def page(self, title: str, extra_head: str, core: str) -> str:
        """One whole page around `core`."""
        return "".join(
            (self.before_title, title, self.after_title, extra_head, self.top, core, self.bottom)
        )


def _script(rng: Random, number: int) -> str:
    name = f"lot{number}_{rng.randrange(1000, 9999)}"
    return f"""<script type="text/javascript">
<!--
var {name} = {name} || [];
{name}.push(['compte', 'XX-{rng.randrange(10**7)}-{number}']);
(function() {{
  var e = document.createElement('script'); e.async = true;
  e.src = ('https:' == document.location.protocol ? 'https://' : 'http://') + 'mesure.invalid/{name}.js';
  var p = document.getElementsByTagName('script')[0]; p.parentNode.insertBefore(e, p);
}})();
if (document.getElementById('{name}') && {name}.length < {number + 2}) {{ {name} = '<div class="FontArticleSource">Publié le jeudi 1er janvier 1970</div>'; }}
// -->
</script>
"""  # noqa: E501


def _advert(rng: Random, width: int, height: int) -> str:
    number = f"{rng.randrange(10**12)}-{rng.randrange(9)}"
    return (
        f"<!-- DEBUT BANNIERE {width}x{height} -->\n<div id='div-gpt-ad-{number}' "
        f"style='width:{width}px; height:{height}px;'>\n<script type='text/javascript'>\n"
        f"regie.afficher('div-gpt-ad-{number}');\n</script>\n</div>\n"
        f"<!-- FIN BANNIERE <table><tr><td>{width}</td></tr></table> -->\n"
    )


def _widget(domain: str, rng: Random, title: str) -> str:
    path = f"http://www.{domain}/inc/boites/boite_{rng.randrange(100)}.js"
    return (
        f'<div id="module"><div class="boxTitre">{title}</div>\n<table width=100% cellspacing=0>'
        f'<tr><td valign="top" height=120><div align=center><script language="JavaScript" '
        f'src="{path}"></script></div></td></tr></table>\n<div class=pointille></div></div>\n'
    )


def _styles(rng: Random, count: int) -> str:
    rules = "\n".join(
        f".boite{n} td.case{n} {{ padding:{rng.randrange(9)}px; color:#{rng.randrange(4096):03x}; "
        f"font:{rng.randrange(9, 14)}px Verdana,Arial; border-left:{rng.randrange(3)}px solid }}"
        for n in range(count)
    )
    return f"<style type=text/css>\n<!--\n{rules}\n-->\n</style>\n"


def _directory(rng: Random, count: int) -> str:
    """A footer table of useful addresses: links that are never articles."""
    rows = "".join(
        f'<tr bgcolor=#{rng.randrange(4096):03x}><td class="ligne" nowrap><font size=1>'
        f'<a href="http://www.annuaire.invalid/fiche.asp?n={rng.randrange(9999)}" target=_blank>'
        f"Fiche {n + 1}</a></font></td><td>&nbsp;</td>"
        f'<td id="col"><img src=/images/puce{n % 4}.gif width=5 height=5 border=0></td></tr>\n'
        for n in range(count)
    )
    return (
        '<table border=0 cellpadding="2" width=100%><tr><td>'
        f"<table>{rows}</table></td></tr></table>"
    )


def _network_bar(domain: str) -> str:
    links = "\n".join(
        f'<a href="http://www.{host}{" " if n == 0 else ""}">'
        f'<font color="#C0C0C0"> {name}</font></a>'
        for n, (name, host) in enumerate(NETWORK)
    )
    return (
        f'<div id="barre_fixe"><div id="menu_reseau" align="left"><font color="#FFFFFF">'
        f"<strong class=reseau> LE RÉSEAU</strong></font>\n{links}</div></div>\n"
    )


def menu(domain: str, label: str, sections: list[tuple[str, str]], *, old: bool) -> str:
    """The main menu: section links (label, address) among links that lead to no article."""
    cased = domain[0] + domain[1].upper() + domain[2:]
    entries = [
        ("Accueil", f"http://www.{domain}/"),
        ("MonKiosk.com", "http://www.monkiosk.com/"),
        ("Sports", f"http://sports.{cased}/"),
        ("Business", f"http://business.{domain}/"),
        ("News", f"http://news.{cased}/"),
        ("Annonces", f"http://annonces.{domain}/"),
        ("Femmes", "http://www.femmes.invalid/"),
    ]
    entries += (
        [("Pratiques", f"http://www.{domain}/pratiques/"), (label, f"http://www.{domain}/pays/")]
        if old
        else [("Nécrologie", f"http://necrologie.{domain}/")]
    )
    entries.append(("Publicité", f"http://www.{domain}/pub/"))
    entries += sections
    entries += [
        ("Titrologie", f"http://news.{cased}/TITROLOGIE/"),
        ("Documents", "/documents/"),
        ("Dossiers", "/dossiers"),
        ("Galerie vidéos", f"http://news.{cased}/videos/"),
        ("Caricatures", "/caricatures/"),
        ("Qui est Qui ?", f"http://www.{cased}/qui/"),
        ("Forums", f"http://forums.{cased}/"),
        ("Boîte", "//inc/boite.asp"),
    ]
    items = "\n".join(
        f'<li><a href="{escape(link)}" onmouseover="ouvre({n})" onmouseout="ferme()">{name}</a>'
        f"<div id=m{n}></div></li>"
        for n, (name, link) in enumerate(entries)
    )
    return (
        f'<div id="module"><div class="content-nav"><ul id="sddm">\n{items}\n'
        f'<!--<li><a href="/h/1.html">Ancien article</a></li>--></ul><br />\n</div></div>\n</di'
        f'\n<div class="spacer"></div>\n'
    )


def table_chrome(
    rng: Random, domain: str, menu_markup: str, *, old: bool, times: float = 1.0
) -> Chrome:
    """The XHTML transitional pages: 60 KB a page with its core, or `times` what surrounds it."""
    lines = int(times * rng.randrange(120, 150))
    before = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        '<html dir="ltr" xmlns="http://www.w3.org/1999/xhtml">\n<head>\n<title>'
    )
    after = (
        "</title>\n<meta content='text/html; charset=iso-8859-1' http-equiv=Content-Type />\n"
        '<meta content="1800" http-equiv="refresh" />\n<meta content=0 http-equiv=Expires />\n'
        '<meta content="no-cache" http-equiv="Pragma" />\n'
        f'<meta content="http://www.{domain}/" name="identifier-url" />\n'
        '<meta content="050412" name="date-revision-ddmmyyyy" />\n'
        "<!------------------------////////// DEBUT Autres ///////////---------------------->\n"
        '<link href="css/principal-v3.css" rel="stylesheet" type="text/css" />\n'
    )
    top = (
        '<div id="fb-root"></div>\n'
        + "".join(_script(rng, n) for n in range(int(14 * times)))
        + _styles(rng, int(90 * times))
        + "<script>\nif( /Android|iPhone|iPod/i.test(navigator.userAgent) )\n"
        f'{{ window.location = "http://www.{domain}/m/"; }}\n</script>\n'
        "</head>\n<!---<body class=fond-noir>--->\n<body bgcolor=#FFFFFF>\n"
        + _network_bar(domain)
        + '<div id="topbar"><br />\n<table cellspacing="5" width="1050px" align="center"><tr><td>'
        + '<!--<img alt="" class="logo" src="images/logo-fete.gif" />--><img alt="" class="logo" '
        + 'src="images/logo.jpg" width=272 height=60 /></td><td><moteur:boite></moteur:boite></td>'
        + f"<td align=right>{_advert(rng, 728, 90)}</td></tr></table></div>\n"
        + '<div id="container">\n<div id="container-in">\n'
        + menu_markup
    )
    widgets = ("Météo", "Sondage", "Titrologie", "Annuaire", "Emplois", "Bourse", "Kiosque")
    bottom = (
        "".join(_widget(domain, rng, title) for title in widgets)
        + _advert(rng, 300, 600)
        + _directory(rng, lines)
        + "".join(_script(rng, n) for n in range(20, 20 + int((8 if old else 12) * times)))
        + '<div id="container-in"><div class=pied><font size=1>© 2012 - Tous droits réservés'
        + "</font></div></div>\n</div>\n</body>\n</html>\n"
    )
    return Chrome(before, after, top, _advert(rng, 300, 250), bottom)


def html5_chrome(rng: Random, domain: str, menu_markup: str) -> Chrome:
    """The newer pages: HTML5, UTF-8, less disorder."""
    after = (
        '</title>\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="stylesheet" href="/assets/css/app.css?v=31">\n'
    )
    top = (
        _styles(rng, 40)
        + "".join(_script(rng, n) for n in range(6))
        + '</head>\n<body>\n<header class="site-header">\n'
        + _network_bar(domain)
        + f"<nav>{menu_markup.replace('</di' + chr(10), '')}</nav></header>\n"
        + f'<div class="container"><div class="pub">{_advert(rng, 970, 250)}</div>\n'
    )
    bottom = (
        f'</div>\n<footer class="site-footer">{_directory(rng, 30)}<p>© {domain}</p></footer>\n'
        + "".join(_script(rng, n) for n in range(20, 24))
        + "</body>\n</html>\n"
    )
    before = '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>'
    return Chrome(before, after, top, _advert(rng, 300, 250), bottom)
