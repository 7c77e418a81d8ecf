"""Ready answers of the demonstration: by whom, for whom (their group, or themselves), title, text."""

from __future__ import annotations

ANSWERS: tuple[tuple[str, bool, str, str], ...] = (
    (
        "bruno@demo.example", True, "Pièces manquantes",
        "Bonjour {aidant},\n\nPour avancer sur «\u00a0{objet}\u00a0», il nous manque une pièce. "
        "Pouvez-vous la joindre avant le {échéance}\u00a0?\n\n{moi}, {mon groupe}",
    ),
    (
        "bruno@demo.example", True, "Versement repris",
        "Bonjour {aidant},\n\nLe droit de {usager} est rétabli. Le versement reprend le mois prochain, "
        "rappel compris.\n\n{moi}, {mon groupe}",
    ),
    ("bruno@demo.example", False, "Je regarde", "Bonjour {aidant}, je regarde et je reviens vers vous."),
    (
        "basile@demo.example", True, "Attestation envoyée",
        "Bonjour {aidant},\n\nL’attestation de {usager} est partie ce jour, {date}.\n\n{moi}, {mon groupe}",
    ),
    (
        "aline@demo.example", True, "Relance",
        "Bonjour,\n\n{usager} n’a toujours rien reçu. Une réponse était attendue le {échéance}\u00a0: "
        "où en est {organisme}\u00a0?\n\n{moi}, {structure}",
    ),
    ("aline@demo.example", False, "Merci", "Merci beaucoup, {usager} est prévenue.\n\n{moi}"),
)  # fmt: skip
