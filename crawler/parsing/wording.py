"""The words of French-language news pages that are no article: date lines, stops, labels. Data.

One table for every reader of lines (`structure`, `body`, `photo`, `article`): how a date line
begins, where readers' comments start, what a share button says. All patterns are linear and are
only asked about lines of bounded length.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crawler.parsing.dates import looks_dated

MAX_DATE_LINE = 200
MAX_LABEL = 60
WEEKDAY = "(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
"""A pattern of a day of the week, written out."""


def words(text: str) -> frozenset[str]:
    """The words of a table written as a text."""
    return frozenset(text.split())


_PUBLISHED = re.compile(
    r"\b(?:publi[ée]e?s?|post[ée]e?|mis(?:e)? en ligne|paru(?:e)?|r[ée]dig[ée]e?|ajout[ée]e?|"
    r"publication|date)\b",
    re.IGNORECASE,
)
_BEFORE_PUBLISHED = re.compile(
    r"\W*([^|•·]{3,60}?)[\s|•·,/–—-]+(?:publi[ée]|post[ée]|mise? en ligne|paru)", re.IGNORECASE
)
_UPDATED = re.compile(
    r"\b(?:derni[èe]re )?(?:mise?s? (?:[àa]|a) jour|modifi[ée]e?|actualis[ée]e?)\b", re.IGNORECASE
)
_TODAY = re.compile(r"aujourd['’`]hui|nous sommes|^\s*heure|\bil est\b|derni[èe]re minute", re.I)
COMMENTS = re.compile(
    r"^\W{0,40}(?:(?:(\d{1,5}|aucun|vos|les|derniers)\s+)?(?:commentaires?|r[ée]actions?)(?:\(s\))?"
    r"(?:\s+des (?:lecteurs|internautes))?\s*[:(]?\s*(\d{1,5})?\s*\)?"
    r"|(?:laissez|laisser|ajoutez|ajouter|postez|poster|[ée]crire|donnez) (?:un|votre|vos) "
    r"(?:commentaires?|avis|r[ée]actions?).{0,40}"
    r"|vos avis(?: ?\(\d{1,5}\))?|(?:les )?avis des (?:lecteurs|internautes)"
    r"|r[ée]agissez.{0,40}|r[ée]agir(?: [àa] (?:cet|l['’`]) ?article)?"
    r"|r[ée]pondre [àa] (?:cet|l['’`]) ?article|forum de (?:cet|l['’`]) ?article"
    r"|soyez le premier [àa] .{0,40})\W{0,40}$",
    re.IGNORECASE,
)
"""Where readers' comments begin. Groups: a number before, a number behind."""
COMMENT = re.compile(r"^\W{0,40}comment(?:er)?\W{0,40}$", re.IGNORECASE)
"""The button «Comment», above and below the body."""
RELATED = re.compile(
    r"^\W{0,40}(?:(?:[àa] )?(?:lire|voir|[ée]couter|d[ée]couvrir) (?:aussi|[ée]galement|encore)"
    r"|(?:dans|de) la m[êe]me (?:rubrique|cat[ée]gorie)|sur le m[êe]me (?:sujet|th[èe]me)"
    r"|(?:autres |derniers |nos )?(?:articles|sujets|contenus) (?:similaires|li[ée]s|connexes"
    r"|associ[ée]s|r[ée]cents|recommand[ée]s|populaires)|(?:les )?autres articles.{0,30}"
    r"|du m[êe]me auteur|(?:les )?plus (?:lus|r[ée]cents|comment[ée]s|vus)|derniers articles"
    r"|[àa] (?:la une|ne pas manquer)|(?:vous|[çc]a) (?:aimerez|pourrait|devriez).{0,40}"
    r"|en relation|voir plus|plus d['’`](?:articles|infos|actualit[ée]s).{0,30}"
    r"|toute l['’`](?:actualit[ée]|info).{0,30}|les titres.{0,20}|titrologie"
    r"|(?:nos |les )?derni[èe]res (?:infos?|nouvelles|d[ée]p[êe]ches"
    r"|minutes|heures|br[èe]ves|actualit[ée]s|vid[ée]os|publications)"
    r"|(?:les )?vid[ée]os (?:du jour|r[ée]centes))\s*[:>»…]*\s*$",
    re.IGNORECASE,
)
"""Heading of a list of other articles."""
APART = re.compile(
    r"^\W{0,40}(?:publicit[ée]s?|pub|advertisement|sponsoris[ée]|(?:contenu|message|communiqu[ée]|annonces?)"
    r" (?:sponsoris[ée]e?s?|publicitaires?|commerciale?s?|partenaires?|promotionnel)|annonces?"
    r"|[àa] propos de l['’`]auteure?|(?:biographie de )?l['’`]auteure?|sur l['’`]auteure?"
    r"|(?:(?:restez|soyez) inform[ée]e?s?|inscrivez-vous|abonnez-vous|recevez|inscription)\b.{0,60}"
    r"\b(?:infolettres?|newsletters?|lettres?|courriel|mail|alertes?|informations?)\b.{0,40}"
    r"|(?:notre |la )?(?:infolettre|newsletter)|suivez-nous.{0,40}|partagez (?:cet|l['’`]) ?article"
    r"|sommaire|espace publicitaire)\W{0,40}$",
    re.IGNORECASE,
)
"""Heading of a box that is no part of the text: an advert, the newsletter, who the author is."""
PROMOTION = re.compile(
    r"^\W{0,40}(?:espace publicitaire\b.{0,200}|(?:rejoignez|suivez|abonnez-vous|t[ée]l[ée]chargez|"
    r"retrouvez|recevez)\b.{0,60}\b(?:whatsapp|telegram|facebook|twitter|youtube|instagram|"
    r"google (?:actualit[ée]s|news)|newsletter|infolettre|application|appli)\b.{0,80})$",
    re.IGNORECASE,
)
"""A line by which a site speaks of itself amid the text: «Rejoignez notre chaîne WhatsApp …»."""
OFFER = re.compile(
    r"\b(?:r[ée]servez|commandez|achetez|t[ée]l[ée]chargez|souscrivez|profitez de|appelez le \d+"
    r"|contactez-nous|[àa] (?:louer|vendre)|livraison (?:gratuite|[àa] domicile)|devis gratuit"
    r"|offres? (?:sp[ée]ciale|exclusive|limit[ée]e|de lancement)s?"
    r"|promo(?:tion)?s? (?:sp[ée]ciale|exceptionnelle|flash|rentr[ée]e|ramadan|tabaski|no[ëe]l"
    r"|d[ue] (?:mois|jour|rentr[ée]e|fin d['’`]ann[ée]e|ramadan|no[ëe]l)))\b",
    re.IGNORECASE,
)
"""What an advert says to its reader and a report hardly ever does."""
CAPTION = re.compile(
    r"(?:\((?:photos?|ph|cr[ée]dits?|©|\(c\)|d\.?r\.?|images?|archives?)\b[^()]{0,60}\)"
    r"|©\s?(?:[A-ZÀ-Þ]\.\s?){0,3}[^.!?]{2,60}|\bphotos?\s?:\s?(?:[A-ZÀ-Þ]\.\s?){0,3}[^.!?]{2,40})\s*$",
    re.IGNORECASE,
)
"""A line that ends in its photo's credit says what the photo shows."""
RELATED_INLINE = re.compile(
    r"^\W{0,40}(?:[àa] )?(?:lire|voir|[ée]couter) (?:aussi|[ée]galement|encore)\b", re.IGNORECASE
)
_COUNT = r"\d{1,3}(?:[ .\u00a0\u202f]?\d{3}){0,2}"
LABEL = re.compile(
    r"^\W{0,40}(?:partage[rz](?: .{0,40})?|tweete[rz]|tweet|imprimer(?: .{0,20})?"
    r"|envoyer(?: .{0,30})?"
    r"|j['’`]aime|recommander|facebook|twitter|whatsapp|linkedin|telegram|google ?\+|pinterest"
    r"|e-?mail|version (?:imprimable|pdf)"
    r"|agrandir(?: .{0,30})?|zoom|taille (?:du )?texte.{0,20}|a ?[+-](?: ?a ?[+-])?|comment(?:er)?"
    rf"|{_COUNT} (?:vues?|lectures?|partages?|fois)|vu(?:es)? ?:? ?{_COUNT} ?(?:fois)?"
    rf"|lu {_COUNT} fois"
    r"|(?:(?:article|page|billet)s? (?:pr[ée]c[ée]dent|suivant)e?s?\W{0,10}){1,2}"
    r"|imprimer|retour|haut de (?:la )?page|lecteur (?:audio|vid[ée]o)|suivez-nous.{0,40}"
    r"|abonnez-vous.{0,60}|inscrivez-vous.{0,60}|mots?[- ]cl[ée]s? ?:.{0,200}"
    r"|(?:tags?|libell[ée]s?|[ée]tiquettes?) ?:.{0,200}"
    r"|la suite apr[èe]s (?:la|cette) publicit[ée]|chargement.{0,20}|loading.{0,20})\W{0,40}$",
    re.IGNORECASE,
)
"""Buttons, counters and advert marks: a whole line each."""
_COUNTED = re.compile(rf"\s(?:lue?s?|vue?s?) ?:? ?{_COUNT}(?: fois)?\s*$", re.IGNORECASE)
# Rows of share buttons: «Facebook Twitter WhatsApp», «Envoyer à un ami | Imprimer».
_NETWORKS = words(
    "facebook twitter x whatsapp linkedin telegram pinterest messenger email e-mail mail google "
    "google+ instagram viber sms reddit tumblr courriel"
)
_SHARES = words(
    "partage partager partagez tweet tweeter tweetez imprimer print share envoyer recommander "
    "j'aime like copier"
)
_BETWEEN = words(
    "sur par via a un une ami amis cet article cette page le la ce lien et ou this on + 0 de "
    "l'article version pdf dans"
)
_ROW = _NETWORKS | _SHARES | _BETWEEN
SHARE_WORDS = "|".join(re.escape(word) for word in sorted(_SHARES | _NETWORKS, reverse=True))
"""A pattern of how rows of share buttons begin."""
_BARS = re.compile(r"\s*[|•·]\s*")
_BACK = re.compile(r"retour(?: (?:[àa]|au|aux) .{1,30})?$", re.IGNORECASE)
_LETTERED = re.compile(r"[^\W\d_][^\s/|>»›,;:•·()]*")
_TOKENS = re.compile(r"[^\s/|>»›,;:•·()]+")
END = re.compile(
    r"^\W{0,40}(?:(?:copyright|©|\(c\))\s*(?:©|\d{4}|tous|all).*|tous droits.{0,80}r[ée]serv[ée]s.*"
    r"|mentions l[ée]gales.*|qui sommes[- ]nous.*|nos partenaires|newsletters?|flash infos?"
    r"|web(?:mestre|master)\b.{0,80})$",
    re.IGNORECASE,
)
"""Footer of the page."""
POSTED = re.compile(
    r"^\W{0,10}(?:publi|post|r[ée]dig|[ée]cri)[ée]?t?e? par (.{2,60}?) (?:[àa]|le) \d{1,2}\W?[\d/]",
    re.IGNORECASE,
)
"""What blogs write below a text: «Publié par Awa Diallo à 12:34». Group 1: who."""
CREDIT = re.compile(
    r"^\W{0,3}(?:©|\(c\)|copyright\s*:|cr[ée]dits?\s*(?:photo)?\s*:)\s*(.{1,150})$", re.I
)
CRUMB_ROOT = re.compile(r"^\W{0,40}(?:accueil|home|vous [êe]tes ici)\b", re.IGNORECASE)

_AGENCY = (
    r"AFP|A\.F\.P\.?|APA(?:news)?|AMAP|Xinhua|AIB|ANP|PANA(?:press)?|Reuters|AP|ATOP|AGP|APS|ACAP"
    r"|ABP|AIP|APANEWS|Associated Press|Agence France[- ]Presse|Chine nouvelle|DPA|EFE|AA"
    r"|Anadolu|Agence Anadolu|Bloomberg|Sputnik|TASS|MAP|TAP|AFRIK-?INFO"
)
AGENCY = re.compile(
    rf"^\W{{0,40}}(?:(?:avec|source|par|et|selon|d['’`]apr[èe]s)\s*:?\s*)?(?:l['’`]\s*)?((?:{_AGENCY})"
    rf"(?:\s*(?:,|/|et|&|-|avec)\s*(?:{_AGENCY}))*)\W{{0,40}}$",
    re.IGNORECASE,
)
"""A line or a name that is a news agency. Group 1: the agency."""


def is_share_row(text: str) -> bool:
    """True where every word is a share button's: «Partager sur Facebook», «Facebook Twitter»."""
    text = text.lower().replace("’", "'").replace("à", "a")
    first = _LETTERED.search(text)
    if first is None or first.group() not in _ROW:
        return False
    # Beside the buttons may stand signs and counters: «👍 12 Partager».
    tokens = [token for token in _TOKENS.findall(text) if any(map(str.isalpha, token))]
    shares = sum(token in _SHARES for token in tokens)
    networks = sum(token in _NETWORKS for token in tokens)
    if not shares and networks < 2:
        return False
    return shares + networks + sum(token in _BETWEEN for token in tokens) == len(tokens)


@lru_cache(maxsize=4096)
def is_label(text: str) -> bool:
    """True for a line that is a button, a counter, an advert mark or a row of share buttons."""
    if LABEL.match(text) or APART.match(text):
        return True
    if len(text) > 2 * MAX_LABEL:
        return False
    return is_share_row(text) or _is_label_row(text)


def _is_label_row(text: str) -> bool:
    """True for labels parted by bars: «Imprimer | Envoyer à un ami | Lu 318 fois»; a button to the
    readers' comments may be among them."""
    if "|" not in text and "•" not in text and "·" not in text:
        return False
    parts = _BARS.split(text)
    others = [part for part in parts if not COMMENTS.match(part)]
    return bool(others) and all(_is_button(part) for part in others)


def _is_button(text: str) -> bool:
    if LABEL.match(text) or _BACK.match(text):
        return True
    return is_share_row(_COUNTED.sub("", text, count=1))


def is_crumb(text: str) -> bool:
    """True for the way down to the page: «Accueil > Politique»."""
    return CRUMB_ROOT.match(text) is not None and re.search(r"[>/»›|]", text) is not None


@lru_cache(maxsize=1024)
def is_date_line(text: str) -> bool:
    """True for a line that dates a page: short, dated, and not today's date in a menu."""
    if len(text) > MAX_DATE_LINE:
        return False
    # «Le Faso d’Aujourd’hui» is a newspaper: only a line without words of publication is a clock.
    if _TODAY.search(text) and not says_published(text) and "|" not in text:
        return False
    return looks_dated(text)


def says_published(text: str) -> bool:
    """True where words of publication stand in a line: «Publié le», «Posté le»."""
    return _PUBLISHED.search(text) is not None


def before_published(text: str) -> str | None:
    """«Awa Diallo» of «Awa Diallo | Publié le …», «L’Essor» of «L’Essor - Publié le …»."""
    found = _BEFORE_PUBLISHED.match(text)
    return found[1] if found else None


def update_part(text: str) -> str | None:
    """«mis à jour le …» from where it begins, or None."""
    found = _UPDATED.search(text)
    return text[found.start() :] if found else None


def fold(text: str) -> str:
    """Letters and digits alone, lower case, without accents: for comparing, never for showing."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "Oe"))
    text = text.lower()
    if _LATIN.fullmatch(text):
        return text.encode("ascii", "ignore").translate(None, _NO_LETTERS).decode()
    return "".join([char for char in text if char.isalnum()])


# ASCII, and signs that are neither letters nor digits: accents taken off, quotes, dashes.
_LATIN = re.compile(r"[\x00-\x7f\u0300-\u036f‘’“”«»…–—°©´]*+")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
