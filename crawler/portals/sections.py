"""Sections: the labels French-language portals use, and the one slug each of them has. Data.

Discovery compares slugs, never labels: «SPORT», «Sports» and «sport » are one section.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_SLUG = 80
_COUNT = re.compile(r"\s*[(\[]\s*\d[\d\s.,]*[)\]]?\s*$")
_BEFORE_NAME_WORDS = (
    "tout toute toutes tous l la le les d de du des en actualite actualites actu actus info infos"
    " news nouvelle nouvelles article articles rubrique section categorie page journal"
)
_BEFORE_NAME = frozenset(_BEFORE_NAME_WORDS.split())

# Words whose last s or x is no plural.
_NO_PLURAL_WORDS = (
    "ans bas bus campus colis cours corps deces discours fils fois jeux mois news paix pays plus"
    " paris poids prix proces progres repas sans secours succes temps tennis tres vers voix laos"
    " maldives bis sos virus"
)
_NO_PLURAL = frozenset(_NO_PLURAL_WORDS.split())

_KNOWN_LABELS = (
    "Politique",
    "Société",
    "Économie",
    "Sports",
    "Art et Culture",
    "Culture",
    "Arts",
    "Santé",
    "Éducation",
    "Religion",
    "Faits divers",
    "Justice",
    "Sécurité",
    "International",
    "Afrique",
    "Monde",
    "Régions",
    "Région",
    "Diplomatie",
    "Environnement",
    "Sciences",
    "Technologies",
    "Sciences et Technologies",
    "NTIC",
    "TIC",
    "Médias",
    "Musique",
    "Cinéma",
    "People",
    "Insolite",
    "Football",
    "Basketball",
    "Handball",
    "Athlétisme",
    "Boxe",
    "Cyclisme",
    "Agriculture",
    "Business",
    "Finances",
    "Emploi et formation",
    "Développement",
    "Coopération",
    "Femmes",
    "Jeunesse",
    "Diaspora",
    "Opinions",
    "Tribune",
    "Éditorial",
    "Débats",
    "Contributions",
    "Interview",
    "Entretien",
    "Portrait",
    "Reportage",
    "Enquête",
    "Dossiers",
    "Coulisses",
    "Brèves",
    "Dépêches",
    "Presse internationale",
    "Presse africaine",
    "Presse nationale",
    "Par journaux",
    "Autres articles",
    "Actualités",
    "Nation",
    "Élections",
    "Crise malienne",
    "Communiqués",
    "Photos",
    "Galerie photos",
    "Tourisme",
    "Mode et beauté",
    "Droits de l’homme",
    "Transport",
    "Armée",
    "Mines",
    "Énergie",
    "Banque",
)

_OUT_OF_SCOPE_LABELS = (
    "Titrologie",
    "Consultez la chaîne Titrologie",
    "Revue des titres",
    "Caricatures",
    "Cartoons",
    "Dessins",
    "Vidéos",
    "Galerie vidéos",
    "Vidéo",
    "Audios",
    "Radio",
    "TV",
    "Podcasts",
    "Nécrologie",
    "Avis de décès",
    "Documents",
    "Tous nos documents",
    "Journal Officiel",
    "Chiffres clés",
    "Bourse",
    "Sondages",
    "Publireportages",
)

_NOT_SECTION_LABELS = (
    "Accueil",
    "Home",
    "Contact",
    "Contacts",
    "Contactez-nous",
    "Nous contacter",
    "Publicité",
    "Régie publicitaire",
    "Annonces",
    "Petites annonces",
    "Annonces légales",
    "Appels d’offres",
    "Appel d’offre",
    "Emplois",
    "Emploi",
    "Offres d’emploi",
    "Immobilier",
    "Automobile",
    "Auto",
    "Météo",
    "Forum",
    "Forums",
    "Chat",
    "Voice chat",
    "Vidéo chat",
    "Archives",
    "Qui est qui",
    "Qui sommes-nous",
    "À propos",
    "Inscription",
    "S’inscrire",
    "Inscrivez-vous",
    "Connexion",
    "Se connecter",
    "Identification",
    "Mon compte",
    "Mot de passe oublié",
    "Abonnement",
    "S’abonner",
    "Abonnez-vous",
    "Newsletter",
    "Mobile",
    "Applications",
    "RSS",
    "Flux RSS",
    "Plan du site",
    "Mentions légales",
    "Conditions générales",
    "Conditions d’utilisation",
    "Confidentialité",
    "Politique de confidentialité",
    "Politique de cookies",
    "Politique éditoriale",
    "Cookies",
    "Aide",
    "FAQ",
    "Recherche",
    "Rechercher",
    "Recherche avancée",
    "Agenda",
    "Calendrier",
    "Pages jaunes",
    "Annuaire",
    "Gouvernement",
    "Pharmacie de garde",
    "Pharmacies de garde",
    "Trafic aérien",
    "Trafic des navires",
    "Programme TV",
    "Horoscope",
    "Jeux",
    "Boutique",
    "MonKiosk",
    "MonKiosk.com",
    "Facebook",
    "Twitter",
    "YouTube",
    "Instagram",
    "WhatsApp",
    "LinkedIn",
    "Réseaux sociaux",
    "Partager",
    "Imprimer",
    "Envoyer à un ami",
    "Commenter",
    "Commentaires",
    "Comment",
    "Lire la suite",
    "Suite",
    "En savoir plus",
    "Voir plus",
    "Plus",
    "Haut de page",
    "Retour",
    "Retour en haut",
    "Suivant",
    "Précédent",
    "Page suivante",
    "Page précédente",
    "Dernière page",
    "Première page",
    "Français",
    "English",
    "Utiles",
    "Pratique",
    "Pratiques",
    "Vous",
    "Cliquez ici",
    "Crédits",
    "Partenaires",
    "Sites d’information",
)


@lru_cache(maxsize=1024)
def section_slug(label: str) -> str:
    """The one slug of a section label, `[a-z0-9-]{1,80}`; empty where the label has no letter or
    digit of the Latin alphabet. Case, accents, apostrophes, `&` and plural do not matter."""
    key = _key(_core(label))
    return KNOWN_SECTIONS.get(key) or key


def same_section(a: str, b: str) -> bool:
    """True where two labels name one section."""
    slug = section_slug(a)
    return bool(slug) and slug == section_slug(b)


@lru_cache(maxsize=1024)
def is_known(label: str) -> bool:
    """True for a label of `KNOWN_SECTIONS`, in scope or out of it."""
    return _key(_core(label)) in KNOWN_SECTIONS


def out_of_scope(slug: str) -> bool:
    """True for sections that hold no articles; they are walked only where they are named."""
    return slug in OUT_OF_SCOPE


def is_site_plan(label: str) -> bool:
    """True for «Plan du site»: no section, but a page that leads to all of them."""
    return _key(fold_words(label)) in _PLANS


def is_no_section(label: str) -> bool:
    """True for what stands in every menu and is no section: Accueil, Contact, Publicité …"""
    return _key(fold_words(label)) in NOT_SECTIONS


_WORDS = re.compile(r"[a-z0-9]+")


def fold_words(label: str) -> list[str]:
    """The words of a text in plain lower-case letters: «L’Économie» gives `l`, `economie`."""
    text = label.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("&", " et ")
    folded = unicodedata.normalize("NFKD", text.casefold())
    if not folded.isascii():
        folded = "".join([c for c in folded if not unicodedata.combining(c)])
    return _WORDS.findall(folded)


def _core(label: str) -> list[str]:
    """The words of a label without what menus put around a section's name: a count, or «Toute
    l’actualité …» before a name that is known without it."""
    words = fold_words(_COUNT.sub("", label))
    rest = len(words)
    while rest and words[-rest] in _BEFORE_NAME:
        rest -= 1
    if 0 < rest < len(words) and _key(words) not in KNOWN_SECTIONS:
        name = words[-rest:]
        if _key(name) in KNOWN_SECTIONS:
            return name
    return words


def _singular(word: str) -> str:
    if len(word) <= 3 or word in _NO_PLURAL or word.isdigit():
        return word
    if word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    if word.endswith("s") or word.endswith(("eux", "oux", "eaux")):
        return _singular(word[:-1])
    return word


def _key(words: list[str]) -> str:
    """The singular words, as many as go into a slug."""
    singular = [_singular(word[:MAX_SLUG]) for word in words]
    while len(key := "-".join(singular)) > MAX_SLUG:
        singular.pop()
    return key


def _keys(labels: tuple[str, ...]) -> dict[str, str]:
    """Singular key to the slug of the first label that has it."""
    found: dict[str, str] = {}
    for label in labels:
        words = fold_words(label)
        found.setdefault(_key(words), "-".join(words))
    return found


OUT_OF_SCOPE: frozenset[str] = frozenset(_keys(_OUT_OF_SCOPE_LABELS).values())
"""Slugs of sections that are out unless `-a section=` names them."""
KNOWN_SECTIONS: dict[str, str] = _keys((*_KNOWN_LABELS, *_OUT_OF_SCOPE_LABELS))
"""Folded singular label to slug, of every section label known on such portals."""
NOT_SECTIONS: frozenset[str] = frozenset(_keys(_NOT_SECTION_LABELS))
"""Folded singular labels of menu entries that lead to no section."""
_PLANS = frozenset(_keys(("Plan du site", "Sitemap", "Toutes les rubriques", "Rubriques")))
