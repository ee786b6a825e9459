"""French-looking press text of our own, from a word bank and a seed; every page's words start here.

Nothing here was taken from a newspaper: sentences are patterns filled with invented people and
generic institutions. Names of towns and newspapers are facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random


def words(text: str) -> tuple[str, ...]:
    """The words of `text`."""
    return tuple(text.split())


MONTHS = words(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
)
WEEKDAYS = words("lundi mardi mercredi jeudi vendredi samedi dimanche")
TOWNS: dict[str, tuple[str, ...]] = {
    "abamako": ("Bamako", "Kayes", "Ségou", "Sikasso", "Mopti", "Koutiala", "Kita", "San"),
    "abangui": ("Bangui", "Bambari", "Bouar", "Berbérati", "Bossangoa", "Kaga-Bandoro"),
    "abidjan": ("Abidjan", "Bouaké", "Korhogo", "Daloa", "Yamoussoukro", "Man", "Odienné"),
    "acotonou": ("Cotonou", "Porto-Novo", "Parakou", "Abomey", "Natitingou", "Ouidah"),
    "adakar": ("Dakar", "Thiès", "Kaolack", "Ziguinchor", "Saint-Louis", "Tambacounda"),
    "alibreville": ("Libreville", "Port-Gentil", "Franceville", "Oyem", "Lambaréné"),
    "alome": ("Lomé", "Sokodé", "Kara", "Atakpamé", "Kpalimé", "Aného"),
    "aniamey": ("Niamey", "Zinder", "Maradi", "Agadez", "Tahoua", "Dosso"),
    "aouaga": ("Ouagadougou", "Bobo-Dioulasso", "Koudougou", "Ouahigouya", "Banfora"),
}
NEWSPAPERS: dict[str, tuple[str, ...]] = {
    "abamako": ("L’Essor", "Info Matin", "Le Relais du Fleuve", "Delta News", "L’Aube du Sahel"),
    "abangui": ("Le Courrier de l’Oubangui", "L’Écho des Rapides", "La Pirogue"),
    "abidjan": ("L’intelligent d’Abidjan", "Nord-Sud", "La Lagune", "Le Quotidien du Plateau"),
    "acotonou": ("La Nouvelle Pagne", "L’Événement du Golfe", "Le Matin du Zou"),
    "adakar": ("Le Phare de Gorée", "L’Horizon", "La Teranga du Jour"),
    "alibreville": ("L’Estuaire", "La Lettre de l’Ogooué", "Gabon Éco"),
    "alome": ("Le Togolais du Matin", "La Plage", "L’Union des Plateaux"),
    "aniamey": ("Le Sahel du Jour", "La Gazette du Fleuve", "L’Œil d’Aïr"),
    "aouaga": ("Le Faso d’Aujourd’hui", "L’Harmattan", "La Voix des Cascades"),
}
FOREIGN = ("RFI", "Jeune Afrique", "Slate Afrique", "Afrik.com", "Autre presse")
AGENCIES = ("AFP", "Xinhua", "APA")

_FIRST = words(
    "Aminata Moussa Fatoumata Ousmane Mariam Ibrahim Salif Awa Boubacar Kadidia "
    "Souleymane Adjoa Kossi Yao Brice Clémence Désiré Rokia Séni Hélène Théophile "
    "Noëlle Issouf Nana"
)
_LAST = words(
    "Traoré Coulibaly Diarra Ouédraogo Konaté Mensah Kouassi Sidibé Zongo Ndiaye Mba "
    "Issoufou Keïta Ouattara Agbo Doumbia Ngoma Sawadogo Camara Béavogui Lawson "
    "Sangaré"
)
_ROLES = (
    "le maire {de_town}",
    "la présidente du conseil régional",
    "le directeur de l’hôpital {de_town}",
    "le porte-parole du gouvernement",
    "la coordinatrice du projet",
    "le secrétaire général du syndicat",
    "la ministre de la Santé",
    "le chef du village",
    "l’entraîneur de l’équipe {de_town}",
    "la cheffe de l’œuvre de bienfaisance locale",
    "le proviseur du lycée {de_town}",
    "l’ambassadrice de l’Union européenne",
)
_BODIES = (
    "le conseil communal {de_town}",
    "la chambre de commerce",
    "l’association des femmes transformatrices",
    "la coopérative cotonnière",
    "le comité de pilotage",
    "la direction régionale de l’Élevage",
    "l’Office des routes",
    "la fédération de football",
    "le syndicat des transporteurs {de_town}",
    "la commission des finances",
    "l’université {de_town}",
    "la caisse d’épargne",
)
_SUBJECTS = (
    "le budget de l’année prochaine",
    "la réhabilitation du marché central",
    "la campagne agricole",
    "le prix de l’engrais",
    "la réforme des examens",
    "la sécurité des routes",
    "le chantier du deuxième pont",
    "l’accès à l’eau potable",
    "la rentrée scolaire",
    "le tournoi de la zone",
    "la vaccination des enfants",
    "l’électrification des quartiers nord",
    "le festival des masques",
    "la récolte de karité",
    "l’état civil",
    "le transport de l’or",
)
_VERBS = (
    "a examiné",
    "a adopté",
    "a remis à plat",
    "suit de près",
    "a inscrit à son ordre du jour",
    "défend depuis des mois",
    "a chiffré avec précision",
    "veut accélérer",
    "a passé en revue",
    "soutient sans réserve",
)
_QUOTES = (
    "Nous n’avons rien à cacher, les comptes sont ouverts à tous",
    "Il faut que chacun prenne sa part du travail",
    "C’est une étape, ce n’est pas encore l’arrivée",
    "Les enfants d’aujourd’hui sont les maçons de demain",
    "L’eau ne choisit pas sa maison",
    "On nous avait promis trois mois, nous en sommes à la deuxième année",
    "Le cœur y est, les moyens suivront",
    "Celui qui sème tôt mange à l’heure",
    "J’ai compté moi-même les sacs, il n’en manquait aucun",
    "Ce résultat, nous l’avons construit match après match",
)
_OPENERS = (
    "Selon les organisateurs, ",
    "À l’issue de la rencontre, ",
    "De source proche du dossier, ",
    "Comme l’an dernier, ",
    "Sans attendre la saison des pluies, ",
    "Malgré la chaleur, ",
    "À en croire plusieurs témoins, ",
    "Au cours des échanges, ",
)
_ENDINGS = (
    "en présence de nombreux invités",
    "après deux heures de débat",
    "au grand soulagement des riverains",
    "sous les applaudissements du public",
    "à l’unanimité des membres présents",
    "contre l’avis de l’opposition",
    "dans le calme",
    "avec l’appui de plusieurs partenaires",
)
_NEEDS = (
    "des forages",
    "des salles de classe",
    "des lampadaires solaires",
    "des moulins à grains",
    "des ambulances",
    "des terrains de jeu",
    "des magasins de stockage",
    "des ponceaux",
)
_TITLES = (
    "{Body} mise sur {subject}",
    "{Town} : {subject} au cœur des débats",
    "{Subject} : ce qui change à {town}",
    "{Subject} : «{quote}», dit {person}",
    "{n} {needs} pour {town}",
    "{Town} : {body} tire la sonnette d’alarme",
    "{person}, {role} : «{quote}»",
    "{Body} et {body2} accordent leurs violons sur {subject}",
    "Après {n} jours d’attente, {town} reprend {subject}",
    "{Subject} : {n} millions F CFA mobilisés {de_town} à {town2}",
    "Qui veut encore de {subject_bare} ?",
    "{Town} – {town2} : {subject} fait débat",
)
_SENTENCES = (
    "{opener}{body} {verb} {subject} {ending}.",
    "{Body} {verb} {subject} {ending}.",
    "«{quote}», a déclaré {person}, {role}.",
    "Pour {person}, {role}, «{quote_low}».",
    "{opener}{n} {needs_plain} seront construits d’ici à {month} {year} à {town}.",
    "Le {weekday} {day} {month} {year}, {body} avait déjà reçu {person} à {town}.",
    "Les travaux, d’un coût de {money} F CFA, concernent {n} villages autour {de_town}.",
    "{person} rappelle que {subject} reste la priorité, et que rien n’est joué.",
    "Il s’agit, a-t-il précisé, de livrer {needs} avant la fin {of_month}.",
    "À {town}, {percent} % des ménages interrogés disent attendre {needs}.",
    "{Subject} revient ainsi sur la table, {n} ans après les premières promesses.",
    "Dans la foulée, {body} et {body2} ont signé un protocole d’accord {ending}.",
    "« {quote} », lit-on dans le document remis à la presse le {day} {month} {year}.",
    "La rencontre s’est achevée sur le score de {goals} à {goals2}, {ending}.",
    "Reste à savoir qui paiera : ni {body}, ni {body2} ne s’y engagent pour l’instant…",
    "Né à {town}, {person} dirige la manœuvre depuis {year} avec un sang-froid que l’on salue.",
    "Les sœurs de la mission ont, elles, offert des œufs et du mil aux {n} familles sinistrées.",
    "Prochain rendez-vous : le {day2} {month}, à 9 heures, au siège de {body_bare}.",
)
_COMMENTS = (
    "Bravo pour cet article, mais qui va payer ?",
    "Toujours les mêmes promesses, on attend de voir.",
    "Merci à la rédaction, c’est bien expliqué.",
    "Moi j’habite le quartier et je n’ai rien vu venir.",
    "Courage au comité, le pays a besoin de vous !",
    "Il y a une erreur dans les chiffres, vérifiez svp.",
)
_CAPTIONS = (
    "{person} lors de la cérémonie",
    "La foule devant le siège de {body_bare}",
    "Une vue {de_town}",
    "{person} et {person2} à {town}",
    "Les responsables de {body_bare} en réunion",
)
_PHOTO_HOUSES = ("Autre presse", "{site}", "Présidence", "AFP")
_PHOTOGRAPHERS = ("DR", "Momo", "AHMED OUOBA", "Séni Dabo", "A. Kaboré")


def capital(text: str) -> str:
    """First letter in capitals, the rest untouched."""
    return text[:1].upper() + text[1:]


def of(name: str) -> str:
    """«de» with its elision: `of("Abidjan")` is «d’Abidjan»."""
    return f"d’{name}" if name[0] in "AEIOUÉÈÊÂÎÔaoé" else f"de {name}"


def french_date(day: date, *, weekday: bool = True, accents: bool = True) -> str:
    """«vendredi 29 mars 2024»; the first of a month is «1er»."""
    number = "1er" if day.day == 1 else str(day.day)
    month = MONTHS[day.month - 1]
    if not accents:
        month = month.replace("é", "e").replace("û", "u")
    text = f"{number} {month} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {text}" if weekday else text


class Writer:
    """Writes the words of one article. Same `rng` state, same words."""

    def __init__(self, rng: Random, portal: str, day: date) -> None:
        self.rng = rng
        self.towns = TOWNS.get(portal, TOWNS["abamako"])
        self.papers = NEWSPAPERS.get(portal, NEWSPAPERS["abamako"])
        self.day = day

    def pick(self, choices: Sequence[str]) -> str:
        """One of `choices`."""
        return choices[int(self.rng.random() * len(choices))]

    def person(self) -> str:
        """«Aminata Traoré»."""
        return f"{self.pick(_FIRST)} {self.pick(_LAST)}"

    def _fill(self, pattern: str) -> str:
        return pattern.replace("{de_town}", of(self.pick(self.towns)))

    def _slots(self) -> dict[str, object]:
        number = self.rng.randrange
        body, body2 = self._fill(self.pick(_BODIES)), self._fill(self.pick(_BODIES))
        subject, town, quote = self.pick(_SUBJECTS), self.pick(self.towns), self.pick(_QUOTES)
        needs = self.pick(_NEEDS)
        past = self.day - timedelta(days=number(3, 900))
        return {
            "body": body,
            "Body": capital(body),
            "body2": body2,
            "body_bare": f"l’institution {of(town)}",
            "subject": subject,
            "Subject": capital(subject),
            "subject_bare": "ce chantier",
            "verb": self.pick(_VERBS),
            "ending": self.pick(_ENDINGS),
            "opener": self.pick(_OPENERS),
            "quote": quote,
            "quote_low": quote[:1].lower() + quote[1:],
            "person": self.person(),
            "person2": self.person(),
            "role": self._fill(self.pick(_ROLES)),
            "town": town,
            "Town": town,
            "town2": self.pick(self.towns),
            "de_town": of(town),
            "needs": needs,
            "needs_plain": needs.removeprefix("des "),
            "n": number(3, 90),
            "percent": number(11, 97),
            "money": f"{number(2, 900)} {number(100, 999)} 000",
            "goals": number(1, 5),
            "goals2": number(0, 4),
            "weekday": WEEKDAYS[past.weekday()],
            "day": "1er" if past.day == 1 else past.day,
            "day2": number(2, 28),
            "month": MONTHS[past.month - 1],
            "of_month": of(MONTHS[past.month - 1]),
            "year": past.year,
        }

    def sentence(self) -> str:
        """One sentence, ended by its own punctuation."""
        return capital(self.pick(_SENTENCES).format_map(self._slots()))

    def paragraph(self, sentences: int) -> str:
        """`sentences` sentences with one space between."""
        return " ".join(self.sentence() for _ in range(sentences))

    def title(self) -> str:
        """A headline without a final stop."""
        slots = self._slots()
        pattern = self.pick(_TITLES)
        if "{n} {needs}" in pattern:
            slots["needs"] = slots["needs_plain"]
        return capital(pattern.format_map(slots))

    def caption(self, *, long: bool = False, dated: bool = False) -> str:
        """A photo caption; the long one is a sentence, the dated one opens with a day of its own
        that is not the article's."""
        short = capital(self.pick(_CAPTIONS).format_map(self._slots()))
        if not long:
            return short
        if not dated:
            return f"{short}. {self.sentence()}"
        day = self.day - timedelta(days=self.rng.randrange(40, 2000))
        return f"{self.pick(self.towns)}, le {french_date(day)}. {short}. {self.sentence()}"

    def credit(self, site_name: str) -> str:
        """«Autre presse par DR», without the ©."""
        house = self.pick(_PHOTO_HOUSES).replace("{site}", site_name)
        return f"{house} par {self.pick(_PHOTOGRAPHERS)}"

    def author(self) -> str | None:
        """The signature line as it stands, or None for about a quarter of the articles."""
        draw = self.rng.random()
        first, last = self.pick(_FIRST), self.pick(_LAST)
        if draw < 0.25:
            return None
        if draw < 0.65:
            return f"{first} {_bare(last).upper()}"
        if draw < 0.75:
            return f"{first[0]}. {last[0]}."
        if draw < 0.83:
            return "La Rédaction"
        if draw < 0.91:
            return f"{first} {_bare(last).upper()} (stagiaire)"
        return f"{first} {last}"

    def source(self, section: str) -> str:
        """The newspaper; an agency for Dépêches, a foreign title for the international press."""
        if section == "Dépêches":
            return self.pick(AGENCIES)
        if section == "Presse internationale":
            return self.pick(FOREIGN)
        return self.pick((*self.papers, *self.papers, "Autre presse"))

    def comment(self) -> str:
        """What a reader wrote."""
        return self.pick(_COMMENTS)


def _bare(name: str) -> str:
    return name.translate(str.maketrans("éèêëïîôöâàùûçÉ", "eeeeiiooaauucE"))
