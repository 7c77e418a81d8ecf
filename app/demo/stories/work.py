"""Cases about work: accounts, benefits not paid, removals from the list, sums claimed back."""

from __future__ import annotations

from app.demo.stories.voices import (
    ADAM,
    ALINE,
    ASK,
    BASILE,
    BERTILLE,
    CHLOE,
    CLOSE,
    FATOU,
    INVITE,
    MARC,
    NOTE,
    READ,
    REOPEN,
    REPLY,
    RESOLVE,
    TAKE,
)
from app.demo.story import Step, Story

WORK: tuple[Story, ...] = (
    Story(
        ALINE, "emploi", "compte", "acces", "m", "Anthony", "Allart", "1985-09-14",
        "Guise", "Accès au compte France Travail bloqué",
        "Monsieur A. ne peut plus ouvrir son espace depuis le changement de système : l’identifiant reçu "
        "n’est reconnu ni avec l’ancien mot de passe, ni avec le nouveau. L’agence lui a donné un code qui "
        "avait expiré. Son actualisation se termine dans deux jours.",
        ("france_travail",), 5, "13:40",
        steps=(
            Step(0.63, FATOU, TAKE),
            Step(0.85, FATOU, REPLY, "Bonjour Aline. Deux comptes ont été créés le même jour avec la même "
                 "adresse, ils se bloquent l’un l’autre. Je supprime le vide."),
            Step(3.4, FATOU, RESOLVE, "C’est réglé : l’ancien identifiant fonctionne, nouveau mot de passe "
                 "à choisir à la première connexion. J’ai enregistré son actualisation par sécurité, il "
                 "n’a rien à rattraper."),
            Step(19.5, ALINE, READ),
        ),
    ),
    Story(
        ADAM, "emploi", "versement", "paiement", "mme", "Gwendoline", "Tassart", "1994-02-27",
        "Saint-Quentin", "Allocation chômage bloquée : une attestation d’employeur introuvable",
        "Madame T. a fini un contrat de deux ans dans une boulangerie, fermée depuis. L’employeur dit avoir "
        "envoyé l’attestation, France Travail ne l’a pas et le liquidateur ne répond plus. Elle n’a aucun "
        "revenu depuis sept semaines. Elle a ses vingt-quatre bulletins, déposés sur son espace.",
        ("france_travail",), 3, "11:15", also=("cpam",),
        steps=(
            Step(2.83, FATOU, TAKE),
            Step(3.12, FATOU, ASK, "Bonjour Adam. Les bulletins peuvent remplacer l’attestation quand "
                 "l’entreprise est liquidée. Mais j’y vois six semaines sans salaire au printemps : "
                 "était-elle en arrêt ?"),
            Step(21.88, ADAM, REPLY, "Oui, en arrêt maladie, indemnisée par la CPAM. Elle n’a plus le "
                 "décompte sur elle."),
            Step(22.42, FATOU, INVITE, "", BERTILLE),
            Step(46.98, BERTILLE, REPLY, "Bonjour à tous, je confirme quarante-deux jours d’indemnités "
                 "journalières sur cette période. Il n’y a donc pas de trou, et le relevé est sur son "
                 "compte ameli."),
            Step(47.67, FATOU, REPLY, "Merci Bertille, c’est ce qu’il me fallait. Je reconstitue le "
                 "dossier et le passe en calcul ; premier versement espéré la semaine prochaine, je vous "
                 "confirme le montant."),
        ),
    ),
    Story(
        CHLOE, "emploi", "refus", "autre", "m", "Grégory", "Noblecourt", "1981-01-18",
        "Laon", "Radiation pour un rendez-vous manqué pendant une hospitalisation",
        "Monsieur N. a été radié pour deux mois parce qu’il n’est pas venu à un rendez-vous : il était "
        "hospitalisé. Le bulletin d’hospitalisation a été déposé sur son espace, le recours est resté sans "
        "réponse. La CPAM, elle, ne verse pas d’indemnités parce qu’il était inscrit comme chômeur.",
        ("france_travail", "cpam"), 9, "09:10",
        steps=(
            Step(2.23, FATOU, TAKE),
            Step(24.1, FATOU, RESOLVE, "Bonjour Chloé. La radiation est annulée : le bulletin avait été "
                 "classé sans être lu, et j’en suis désolée. L’inscription reprend sans interruption ; les "
                 "jours d’hospitalisation passent en maladie."),
            Step(25.47, BASILE, TAKE),
            Step(72.67, BASILE, ASK, "Bonjour. Maintenant que France Travail a rétabli les droits, nous "
                 "pouvons payer les dix-neuf jours d’arrêt. Il me manque le volet 1 de l’arrêt, signé par "
                 "l’hôpital : Monsieur N. l’a-t-il encore ?"),
            Step(95.92, CHLOE, READ),
        ),
    ),
    Story(
        ALINE, "emploi", "dette", "paiement", "mme", "Séverine", "Duflot", "1976-10-03",
        "Vervins", "Allocation à rembourser : missions d’intérim comptées deux fois",
        "France Travail réclame 1 467,30 € à Madame D. pour des missions d’intérim non déclarées. Elle les "
        "a déclarées chaque mois, captures à l’appui. L’agence d’intérim les a envoyées une seconde fois "
        "après un changement de logiciel. La médiation demandée n’a pas de suite depuis deux mois.",
        ("france_travail",), 38, "10:35",
        steps=(
            Step(23.15, FATOU, TAKE),
            Step(47.62, FATOU, REPLY, "Bonjour Aline. J’ai comparé ligne à ligne : huit missions sur neuf "
                 "sont bien en double. La neuvième, quatre jours d’août, n’a été déclarée qu’une fois, par "
                 "l’agence."),
            Step(47.75, FATOU, NOTE, "Même agence d’intérim que trois autres dossiers du mois : je fais "
                 "remonter au niveau régional pour une correction d’ensemble."),
            Step(51.67, ALINE, REPLY, "Madame D. reconnaît l’oubli d’août, c’était le mois du décès de son "
                 "père. Elle est prête à rembourser cette part-là."),
            Step(192.45, FATOU, RESOLVE, "Merci pour sa franchise. La dette est ramenée à 198,40 €, sans "
                 "pénalité, payable en quatre fois. Un courrier rectificatif part aujourd’hui."),
            Step(215, ALINE, CLOSE, "", "partly/very"),
        ),
    ),
    Story(
        ADAM, "emploi", "absence", "paiement", "m", "Jean-Luc", "Wargnier", "1963-05-16",
        "Hirson", "Allocation de solidarité non renouvelée, aide au logement coupée",
        "L’allocation de solidarité de Monsieur W. n’a pas été renouvelée : le formulaire, envoyé par la "
        "poste, n’est pas arrivé. La CAF, qui ne voit plus de ressources, a suspendu l’aide au logement. Il "
        "a renvoyé le formulaire en recommandé il y a un mois. Il lui reste deux ans avant la retraite.",
        ("france_travail", "caf"), 32, "09:50",
        steps=(
            Step(4.9, FATOU, TAKE),
            Step(24.27, FATOU, RESOLVE, "Bonjour Adam. Formulaire retrouvé et saisi : l’allocation est "
                 "renouvelée pour six mois, sans coupure. Paiement dans la semaine."),
            Step(47.67, MARC, RESOLVE, "Côté CAF, l’aide au logement reprend avec le rappel du mois "
                 "manquant, 241,00 €."),
            Step(121.42, ADAM, CLOSE, "", "solved/very"),
            Step(863.5, ADAM, REOPEN, "L’allocation s’est de nouveau arrêtée ce mois-ci, avec le même "
                 "motif de formulaire non reçu, et la CAF annonce une nouvelle suspension."),
            Step(865.3, FATOU, TAKE),
            Step(888.67, FATOU, REPLY, "Bonjour Adam, vous avez bien fait de rouvrir. Le renouvellement "
                 "n’avait été saisi que pour un mois au lieu de six. Je corrige et je demande qu’on "
                 "contrôle les dossiers saisis le même jour."),
            Step(892.17, ALINE, READ),
        ),
    ),
)  # fmt: skip
