"""Cases about housing: allowances suspended, paid to the wrong landlord, or lost between two funds."""

from __future__ import annotations

from app.demo.stories.voices import (
    ADAM,
    ALINE,
    ASK,
    BRUNO,
    CHLOE,
    CLOSE,
    MARC,
    MATHILDE,
    NOT_COMPETENT,
    NOTE,
    PASS,
    READ,
    REPLY,
    RESOLVE,
    TAKE,
)
from app.demo.story import Step, Story

HOUSING: tuple[Story, ...] = (
    Story(
        ALINE, "logement", "absence", "apl", "m", "Didier", "Delattre", "1968-02-11",
        "Guise", "APL suspendue depuis deux mois",
        "Monsieur D. ne reçoit plus son APL depuis deux mois. La CAF lui répond que son dossier attend le "
        "montant de ses indemnités journalières ; la CPAM lui a dit au guichet que l’attestation était "
        "partie il y a cinq semaines. Il a laissé trois messages sur son espace, sans réponse. Nous "
        "demandons que les deux caisses s’accordent sur le montant et que le versement reprenne.",
        ("caf", "cpam"), 3, "08:30",
        urgent="Commandement de payer annoncé par le bailleur : deux loyers impayés, 1 148,00 €.",
    ),
    Story(
        ADAM, "logement", "versement", "apl", "mme", "Océane", "Vilain", "1996-07-23",
        "Bohain-en-Vermandois", "APL calculée sur le loyer de l’ancien logement",
        "Madame V. a déménagé il y a trois mois et l’a déclaré en ligne le jour même. Son APL reste "
        "calculée sur l’ancien loyer, 390 € au lieu de 515 €. L’attestation de loyer du nouveau bailleur a "
        "été déposée deux fois ; la seconde est marquée « traitée » mais rien ne change. Peut-on savoir ce "
        "qui manque et faire recalculer le droit ?",
        ("caf",), 0, "08:40",
        steps=(
            Step(0.18, BRUNO, READ),
            Step(0.22, BRUNO, TAKE),
            Step(0.47, BRUNO, REPLY, "Bonjour Adam, j’ai le dossier sous les yeux. Le changement d’adresse "
                 "est bien enregistré, mais l’attestation a été classée avec les pièces de l’ancien bail : "
                 "c’est pour cela que le calcul n’a pas bougé. Je la rattache ce matin."),
            Step(0.82, BRUNO, ASK, "Une seule chose me manque : le bail mentionne 515 € « charges "
                 "comprises ». Pouvez-vous demander à Madame V. la part des charges ? Une photo de la page "
                 "suffit."),
            Step(1.12, ADAM, REPLY, "Merci, c’est très clair. Madame V. est encore à l’accueil : 45 € de "
                 "charges, donc 470 € de loyer nu. Elle dépose la page du bail sur son espace, je l’aide."),
        ),
    ),
    Story(
        CHLOE, "logement", "versement", "apl", "mme", "Nadège", "Poulain", "1983-11-05",
        "Laon", "Allocation logement encore versée à l’ancien propriétaire",
        "La maison que loue Madame P. a été vendue l’été dernier. La CAF continue de verser l’allocation à "
        "l’ancien propriétaire, qui dit l’avoir rendue. La nouvelle propriétaire réclame 1 026,00 € "
        "d’arriéré. Madame P. a signalé le changement par courrier et au guichet ; nous demandons que le "
        "versement soit réorienté et le rappel calculé.",
        ("caf",), 6, "10:15",
        steps=(
            Step(4.28, MARC, TAKE),
            Step(71.08, MARC, ASK, "Bonjour Chloé. L’ancien propriétaire nous a bien remboursé, j’en ai la "
                 "trace. Pour verser à la nouvelle, il me faut l’attestation de vente ou l’avenant au "
                 "bail, et son RIB."),
            Step(72.82, CHLOE, REPLY, "L’attestation du notaire et le RIB viennent d’être déposés sur "
                 "l’espace de Madame P., avec mon aide. La propriétaire accepte d’attendre le rappel si on "
                 "lui donne une date."),
            Step(95.95, MARC, NOTE, "Bruno, pour mémoire : le remboursement de l’ancien bailleur était "
                 "resté en attente d’affectation. Je l’ai fait lever, à surveiller sur les autres ventes "
                 "de la même rue."),
            Step(125.43, MARC, RESOLVE, "C’est débloqué : rappel de 1 026,00 € mis en paiement "
                 "aujourd’hui, sous cinq jours sur le compte de la propriétaire, et versement mensuel à "
                 "elle directement ensuite. Madame P. peut lui montrer l’attestation, visible dès demain "
                 "sur son espace."),
            Step(126.08, BRUNO, READ),
            Step(142.78, CHLOE, READ),
        ),
    ),
    Story(
        ALINE, "logement", "dette", "apl", "couple", "Yves et Martine", "Lempereur", "1959-04-17",
        "Wassigny", "Trop-perçu d’APL retenu deux fois",
        "Le couple avait un trop-perçu d’APL de 684,20 €, remboursé en une fois par chèque au printemps. "
        "Depuis, la CAF retient tout de même 57 € chaque mois. Deux réclamations en ligne ont reçu la même "
        "réponse automatique. Le couple a gardé le talon du chèque et le relevé de banque : nous demandons "
        "l’arrêt des retenues et le remboursement.",
        ("caf",), 28, "14:05",
        steps=(
            Step(19.15, BRUNO, TAKE),
            Step(19.45, BRUNO, REPLY, "Bonjour Aline, le chèque a bien été encaissé mais pas affecté à la "
                 "créance : il manquait la référence au dos. Je passe la main à Marc, qui a accès à la "
                 "comptabilité."),
            Step(19.5, BRUNO, PASS, "", MARC),
            Step(44.72, MARC, NOTE, "Encaissement retrouvé en compte d’attente. J’ai demandé l’imputation "
                 "et l’arrêt des retenues, retour de l’agence comptable sous une semaine."),
            Step(189.28, MARC, RESOLVE, "Bonjour, tout est régularisé : la dette est soldée, les retenues "
                 "s’arrêtent dès ce mois et 342,00 € sont remboursés au couple par virement. Avec nos "
                 "excuses pour les deux réponses automatiques."),
            Step(192.08, ALINE, REPLY, "Merci Marc, Monsieur et Madame L. sont très soulagés. Je clôture "
                 "dès que le virement apparaît."),
            Step(332, ALINE, CLOSE, "", "solved/very"),
        ),
    ),
    Story(
        ADAM, "logement", "absence", "autre", "mme", "Cindy", "Hautefeuille", "1991-09-30",
        "La Capelle", "Prime de déménagement demandée il y a quatre mois, sans réponse",
        "Madame H. a déménagé pendant sa troisième grossesse et a demandé la prime de déménagement dans les "
        "délais. La demande figure sur son espace avec la mention « en cours » depuis quatre mois. Elle a "
        "téléphoné trois fois ; on lui conseille d’attendre. Elle a avancé 820 € de camion et souhaite au "
        "moins savoir si le dossier est complet.",
        ("caf",), 5, "09:50",
        steps=(
            Step(5.37, BRUNO, READ),
            Step(22.92, ALINE, READ),
        ),
    ),
    Story(
        CHLOE, "logement", "versement", "apl", "m", "Mickaël", "Bruyant", "1979-01-26",
        "Chauny", "Logement non décent : allocation bloquée malgré les travaux faits",
        "L’allocation de Monsieur B. est conservée par la CAF depuis un constat de non-décence. Les travaux "
        "(électricité, ventilation) ont été faits et la mairie a dressé un nouveau constat il y a deux "
        "mois. Le bailleur menace de ne pas renouveler le bail. Nous demandons la prise en compte du "
        "constat et le versement des sommes conservées.",
        ("caf",), 20, "11:20",
        steps=(
            Step(4.72, MARC, TAKE),
            Step(70.58, MARC, REPLY, "Bonjour Chloé, le second constat est bien arrivé. Il doit être "
                 "validé par l’opérateur qui avait fait la première visite ; je lui transmets aujourd’hui "
                 "et reviens vers vous dès son retour."),
            Step(71.17, CHLOE, REPLY, "Merci Marc. Je préviens Monsieur B. et son bailleur, qui accepte "
                 "d’attendre un peu si le dossier avance."),
            Step(93.33, BRUNO, READ),
            Step(95.92, MARC, READ),
        ),
    ),
    Story(
        ALINE, "logement", "refus", "apl", "m", "Florian", "Mascret", "1994-06-08",
        "Vervins", "Aide au logement : deux caisses se renvoient le dossier",
        "Monsieur M. alterne contrats agricoles et missions d’intérim. La CAF lui dit que sa demande d’aide "
        "au logement relève de la MSA, la MSA qu’il n’est plus affilié chez elle. Il a déposé le même "
        "dossier deux fois en trois mois et a en main les deux réponses écrites. Il demande quelle caisse "
        "doit le payer et à partir de quand.",
        ("caf", "msa"), 4, "09:05",
        steps=(
            Step(2.22, BRUNO, NOT_COMPETENT, "Bonjour Aline. Sa dernière activité déclarée est "
                 "agricole : tant qu’elle est ouverte dans les fichiers, nous ne pouvons pas "
                 "l’affilier. Cela relève de la MSA.", "msa"),
            Step(6.62, MATHILDE, NOTE, "Bruno, son contrat agricole est terminé depuis plus de quatre mois "
                 "chez nous. La fin d’affiliation n’est sans doute pas remontée au répertoire commun."),
            Step(25.02, MATHILDE, NOT_COMPETENT, "Bonjour, plus d’activité agricole depuis quatre "
                 "mois, donc plus de droits ouverts à la MSA. L’intérim est désormais son activité "
                 "principale : c’est la CAF qui doit l’affilier, et notre certificat de radiation "
                 "lui a déjà été adressé.", "caf"),
            Step(26.42, BRUNO, READ),
            Step(29.17, ALINE, READ),
        ),
    ),
    Story(
        ALINE, "logement", "numerique", "apl", "mme", "Yvette", "Carpentier", "1951-12-02",
        "Guise", "Attestation de loyer impossible à envoyer en ligne",
        "Madame C. doit renvoyer l’attestation de loyer remplie par son bailleur. La page refuse le "
        "fichier, photographié puis numérisé, avec le message « format non reconnu ». À compléter avec son "
        "numéro d’allocataire, qu’elle apporte demain.",
        ("caf",), 0, "08:55", draft=True,
    ),
)  # fmt: skip
