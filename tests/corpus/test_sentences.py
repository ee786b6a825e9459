"""Sentences: a table of what this press writes; `|` marks where a text has to be cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentences

CUT = [
    # Plain ends.
    "Le maire est venu. |Il a parlé.",
    "Qui est venu ? |Le maire.",
    "Quel succès ! |La foule applaudit.",
    "Est-ce possible ?! |Oui.",
    "Le maire est venu.  |Il a parlé.",
    "Le maire est venu.\u00a0|Il a parlé.",
    "Une seule phrase sans fin",
    "La séance est levée ; le public sort.",
    "Trois points : l’eau, la route, l’école.",
    # Titles and names.
    "M. Keïta est arrivé. |Mme Traoré aussi.",
    "MM. Diallo et Coulibaly se sont vus.",
    "Mme. Touré préside.",
    "Le Dr. Camara opère. |Le Pr. Sy enseigne.",
    "Mgr. Zerbo bénit la foule.",
    "Me. Konaté plaide. |Il gagne.",
    "Le Gén. Dembélé commande.",
    "Le Col. Sanogo est nommé.",
    "Il franchit le col. |Le convoi suit.",
    "A. Traoré signe.",
    "A. B. Traoré et O. Keïta signent.",
    "Signé par J.-P. Diarra.",
    "Le président I. B. K. Le public sait.",
    "La Cie. Malienne embauche.",
    "Le Prof. Ouattara répond. |Personne n’écoute.",
    # Abbreviations.
    "Le n° 5 gagne. |Le n°. 6 perd.",
    "Voir l’art. 12 du code.",
    "Voir l’art. XII du code.",
    "C’est une œuvre d’art. |Le musée l’achète.",
    "Il est accusé de vol. |La police enquête.",
    "Voir vol. 2, p. 14 et pp. 20 à 30.",
    "Du riz, du mil, etc. |Le marché est plein.",
    "Du riz, du mil, etc. Traoré n’y est pour rien.",
    "Av. Modibo Keïta, bd. du Peuple.",
    "Cf. Diallo sur ce point.",
    "En 300 av. J.-C. |Le site existait déjà.",
    "En 300 av. J.-C. Rome régnait.",
    "Il pèse 50 kg. |Le sac est lourd.",
    "Un siège de l’O.N.U. |Le bâtiment est vide.",
    "Un envoyé de l’O.N.U. Bamako l’attend.",
    "S.E.M. Sidibé reçoit.",
    "Le plan B. |Il reste à l’écrire.",
    "L’équipe est dans le groupe B. |Les Aigles s’entraînent.",
    # Figures.
    "Il coûte 3.000 F. |Le prix monte.",
    "Le taux est de 3.5 pour cent.",
    "Il est né en 1960. |Le pays aussi.",
    "La réunion dure jusqu’à 18 h. |Le public reste.",
    "À 12h30. |Le train part.",
    "Il y a eu 5 blessés. |12 maisons ont brûlé.",
    "1. Le premier point est l’eau.",
    "a. Le premier point est l’eau.",
    "Le bilan est lourd.\n|1. Le pont est coupé.\n|2. La route aussi.",
    # Quotes and brackets.
    "« Il viendra », dit-il. |Elle attend.",
    "« Il viendra. » |Le maire sourit.",
    "« Il viendra. |Nous l’attendons. » |Le maire sourit.",
    "« Partez ! » a-t-il lancé. |Personne ne bouge.",
    "« Pourquoi ? » demande-t-elle.",
    "Il a dit : « Nous viendrons. »",
    "“Il viendra.” |Le maire sourit.",
    '"Il viendra." |Le maire sourit.',
    "Le maire sourit. |« Il viendra. »",
    "Le maire sourit. |(La salle rit.) |Il reprend.",
    "La loi (art. 5) est claire.",
    # Ellipses.
    "Il hésite… |Le public attend.",
    "Il hésite… puis parle.",
    "Il hésite... |Le public attend.",
    "Il hésite... puis parle.",
    "Le texte dit (…) que tout va bien.",
    # Dialogues and lines.
    "– Vous venez ?\n|– Oui.\n|– Bien.",
    "Vous venez ? |– Oui. |– Bien.",
    "– Non, dit M. Ba. |– Si !",
    "Un titre sans point\n\n|Le texte commence.",
    "un paragraphe\n\n|qui continue en minuscules",
    "une ligne coupée\nau milieu",
    "Une ligne\n|Une autre ligne",
    "Fin de paragraphe.\n\n|M. Ba parle.",
    "M.\nKeïta est venu.",
    # Glued, as it is often printed.
    "La route est fermée.|Le maire proteste.",
    "Est-ce vrai?|Oui.",
    "La route est fermée.»|Le maire proteste.",
    "Voir maliweb.net et www.Abamako.Com pour la suite.",
    "Écrire à redaction@journal.Ml pour répondre.",
    # Odd ends.
    "Bravo !!! |Merci.",
    "Fin. 🙂",
    "  Le début est blanc. |La suite non.  ",
    "...",
    "   ",
]  # fmt: skip


@pytest.mark.parametrize("marked", CUT)
def test_text_is_cut_where_a_sentence_ends(marked):
    assert sentences(marked.replace("|", "")) == marked.split("|")


def test_table_is_as_large_as_it_says():
    assert len(set(CUT)) >= 60


def test_empty_text_has_no_sentence():
    assert sentences("") == []


french = st.lists(
    st.sampled_from([
        *("M.", "Mme", "n°", "art.", "O.N.U.", "3.000", "A.", "p.", "etc.", "le", "Le", "maire"),
        *("Keïta", "«", "»", "“", "”", "(", ")", "…", "...", ".", "!", "?", ",", "–", "-", "’"),
        *(" ", "\u00a0", "\n", "\n\n", "  ", "1", "12", "\t", "é", "É", "www.", "@", "\u2028"),
    ]),
    max_size=60,
).map("".join)  # fmt: skip


@given(st.one_of(french, st.text()))
def test_sentences_joined_give_the_text_back(text):
    found = sentences(text)
    assert "".join(found) == text
    assert all(found)
    # White space goes with what stands before it; only the text's own beginning has none.
    assert not any(piece[0].isspace() for piece in found[1:])


@given(french, french)
def test_paragraph_is_cut_alike_wherever_it_stands(first, second):
    alone = sentences(f"Un.{second}.")
    together = sentences(f"{first.rstrip()}X.\n\nUn.{second}.")
    assert [piece.strip() for piece in together[-len(alone) :]] == [p.strip() for p in alone]
