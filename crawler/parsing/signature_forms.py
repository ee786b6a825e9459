"""The forms of a line that signs: words before a name, functions and addresses behind it. Data for
`signature`; all patterns are linear and asked about lines of bounded length."""

from __future__ import annotations

import re

from crawler.parsing.wording import words

# What the page shows stays, save marks that stand for an apostrophe and are none.
ODD_APOSTROPHES = str.maketrans(dict.fromkeys("`´‘ʼ′‛", "’"))
DIGIT = re.compile(r"\d")
STOP = re.compile(r"[:;!?\"“”]")
CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")
CONTACT = re.compile(
    r"\s*[,/;:(|–-]?\s*(?:(?:e-?mails?|courriels?|t[ée]l(?:[ée]phone)?|cel|contacts?|twitter|x|"
    r"facebook|whatsapp)\s*[.:]*\s*)?"
    r"(?:[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20}){1,3}|@\w{2,30}|"
    r"\+?\(?\d[\d ./()-]{6,24}\d)\s*\)?",
    re.IGNORECASE,
)
DONE = (
    r"r[ée]alis[ée]e?s?|r[ée]dig[ée]e?s?|recueillis?|receuillis|transcrits?|traduits?|"
    r"rassembl[ée]s?|coordonn[ée]e?s?|sign[ée]e?|pr[ée]par[ée]e?s?|[ée]crite?s?|post[ée]e?|"
    r"publi[ée]e?|propos[ée]e?"
)
AT = r"(?:\s+(?:[àa]\s+[\w'’-]{2,30}|au t[ée]l[ée]phone|en ligne))?"
WORK = (
    r"synth[èe]se|entretien|interview|dossier|enqu[êe]te|reportage|propos|article|texte|"
    r"compte[- ]rendu|correspondance|chronique|analyse|page"
)
BY = re.compile(
    rf"^(?:(?:(?:une?|l[ea'’])\s*)?(?:{WORK})\s+(?:{DONE})(?:\s+et\s+(?:{DONE}))?{AT}\s+par|"
    rf"(?:{DONE})(?:\s+et\s+(?:{DONE}))?{AT}\s+par|(?:une?\s+)?(?:{WORK})"
    r"(?:\s+particuli[èe]re)?\s*(?:de|par|:)|"
    r"auteure?s?\s*:?|par)\s*:?\s+|"
    rf"^(?:une?\s+)?(?:{WORK})(?:\s+particuli[èe]re)?\s+d['’](?=\w)",
    re.IGNORECASE,
)
OUR = re.compile(
    r"^(?:de\s+)?(?:notre|nos|l['’])\s*(?:envoy[ée]e?s?|correspondante?s?|reporters?)"
    r"(?:\s+(?:sp[ée]cia(?:le?s?|ux)|particuli(?:er|[èe]re)s?|r[ée]gional?e?|permanente?))?"
    r"(?:\s+[àa]\s+[\w'’-]{2,30})?\s*[,:]?\s+(?=\S)",
    re.IGNORECASE,
)
SOURCE = re.compile(
    r"^(?:sources?\s*:?|in|tir[ée] d[eu]|extrait d[eu]|paru dans|publi[ée] (?:dans|sur)|"
    r"repris d[eu]|lu dans)\s*:?\s+",
    re.IGNORECASE,
)
ISSUE = re.compile(
    r"[\s,]*(?:(?:du|de ce|en date du|paru le|n\s?[°ºo˚]\.?)\s*)?(?:\w{3,9}\s)?\d[\w\s/.°-]*$",
    re.IGNORECASE,
)
WIRE = re.compile(
    r"^(?:(?:avec|par|et|d['’]apr[èe]s|d[ée]p[êe]ches?|©|\(c\)|copyright)\s*:?\s*(?:\d{4}\s*)?)+",
    re.IGNORECASE,
)
PLACE = re.compile(r"^(?:[àa]|depuis|de|en)\s+[A-ZÀ-Ý][\w'’-]{2,30}(?:\s[A-ZÀ-Ý][\w'’-]{2,20})?$")
WHERE = re.compile(r"\s+(?:[àa]|depuis)\s+[A-ZÀ-Ý][\w'’-]{2,30}(?:\s[A-ZÀ-Ý][\w'’-]{2,20})?$")
ROLE = re.compile(
    r"^(?:et\s+|notre\s+|nos\s+)?(?:"
    r"(?:stagiaires?|stg|stag|texte|photos?|cp|corr|cor)\b[.]?(?:\s+[\w.]{2,12}){0,3}|"
    r"(?:envoy[ée]e?s?\s+sp[ée]cia|correspondan|journalistes?|reporters?|collabora|r[ée]dact|"
    r"chroniqueu|[ée]ditorialiste|enseignant|chercheu|consultant|professeure?|[ée]conomistes?|"
    r"juristes?|politologues?|sociologues?|historien|philosophe|anthropologue|[ée]crivain|"
    r"[ée]tudiant|docteure?\s+en|analyste|essayiste|citoyen|directeur de (?:la )?publication|"
    r"corr?\.\s|traduction)[^?!«»]{0,60})$",
    re.IGNORECASE,
)
TRAINEE = re.compile(r"\s+(?:stagiaires?|stg\.?)$", re.IGNORECASE)
DESK = re.compile(
    r"^(?:la |le )?(?:r[ée]daction(?: (?:centrale|web|en ligne|"
    r"d[eu'’] ?(?-i:[A-ZÀ-Ý])[\w'’ .-]{2,40}"
    r"|(?-i:[A-ZÀ-Ý])[\w'’ .-]{2,40}))?|desk(?: [\w-]{2,20})?|service (?:politique|sports?|"
    r"soci[ée]t[ée]|[ée]conomi\w+|culture|web))$",
    re.IGNORECASE,
)
PARTS = re.compile(
    r"\s*\(\s*|\s*\)\s*|\s*[,/|&]\s*|\s+[-–—]\s+|\s*[–—]\s*|\s+(?:et|ET|Et|in)\s+|\s*\b(?:avec|AVEC)\s+(?:l[’'])?"
)
GLUE = {",": ", ", "et": " et ", "&": " et ", "/": " et ", "-": " et ", "–": " et ", "—": " et ",
         "avec": " avec ", "": ""}  # fmt: skip
ARTICLE = re.compile(r"^(?:le\s+|l['’])")
PHOTOGRAPHER = re.compile(r"\s*(?:,|/|-|\bet\b)\s*[^,()/]{2,40}\(\s*(?:photos?|ph)\s*\)$")
LAST = re.compile(r"\s*(?:\b(?:et|avec)\b|[,/&])\s*(?:l['’])?([^\s,/&]+)$")
DESK_INITIALS = re.compile(r"^(?:[A-Z]{2,3}|[a-z]{2,3})(?:/(?:[A-Z]{2,3}|[a-z]{2,3}))*$")
TIGHT = re.compile(r"^(.{2,60}?)-([A-Za-z]{2,8})$")
HEAD_PLACE = re.compile(r"^[A-ZÀ-Ý][\w'’-]{2,20}\s*:\s*(?=\S)")
GENERIC = words("agences agence lesagences correspondance diverses sourcesdiverses")
NO_END = ("!", "?", ":", ";", "»", "…")
# One word that is a newspaper and more often the word.
MOTTOS = words("liberte fraternite liberation option mutations stades challenger aujourdhui")
