"""Cases about sick pay, invalidity, bereavement and cover, often between two funds."""

from __future__ import annotations

from app.demo.stories.voices import (
    ADAM,
    ALINE,
    ASK,
    ASSOCIATE,
    BASILE,
    BERTILLE,
    BRUNO,
    CAMILLE,
    CHLOE,
    CLOSE,
    MATHILDE,
    NOT_COMPETENT,
    NOTE,
    READ,
    REPLY,
    RESOLVE,
    REVOKE,
    TAKE,
)
from app.demo.story import Step, Story

SICKNESS: tuple[Story, ...] = (
    Story(
        CHLOE, "sante", "dossier", "mise_a_jour", "m", "Romain", "Delmotte", "1989-07-04",
        "Soissons", "Enfants rattachés à un seul parent malgré deux demandes",
        "Monsieur D. a la garde de ses deux enfants une semaine sur deux. Il a demandé deux fois leur "
        "rattachement à son dossier : la première demande est perdue, la seconde refusée sans motif. Il "
        "avance donc les soins de l’aîné, asthmatique, et attend 212,30 € de remboursements.",
        ("cpam",), 4, "14:45",
        steps=(
            Step(18.58, BASILE, READ),
        ),
    ),
    Story(
        ADAM, "sante", "refus", "maladie", "mme", "Coralie", "Vasseur", "1997-09-12",
        "Bohain-en-Vermandois", "Arrêt maladie d’une saisonnière : aucune caisse ne paie",
        "Madame V. enchaîne endives et conserverie. Son arrêt de cinq semaines tombe entre deux contrats : "
        "la CPAM répond « salariée agricole », la MSA « contrat terminé ». Elle a envoyé ses bulletins aux "
        "deux. Elle demande simplement qui doit calculer ses indemnités journalières.",
        ("cpam", "msa"), 22, "10:25",
        steps=(
            Step(3.78, BASILE, TAKE),
            Step(23.17, MATHILDE, NOT_COMPETENT, "Bonjour Adam. Son dernier contrat agricole s’est "
                 "arrêté onze jours avant l’arrêt de travail, et elle avait repris en conserverie, "
                 "donc au régime général. Le détail des périodes est transmis à Basile pour que la "
                 "CPAM puisse calculer.", "cpam"),
            Step(24.62, BASILE, NOTE, "Mathilde, merci pour les périodes. Il nous manque les heures de la "
                 "conserverie pour ouvrir le droit, je les demande à l’employeur."),
            Step(24.75, BASILE, REPLY, "Bonjour, nous gardons donc le dossier. J’ai écrit à la conserverie "
                 "pour obtenir l’attestation de salaire et je reviens vers vous dès que je l’ai."),
            Step(119.08, ADAM, REPLY, "Madame V. a relancé elle-même l’employeur, qui dit avoir répondu. "
                 "Pouvez-vous vérifier ?"),
            Step(143.58, ALINE, READ),
            Step(143.92, BASILE, READ),
        ),
    ),
    Story(
        CHLOE, "sante", "dette", "maladie", "m", "Patrice", "Legrand", "1969-12-20",
        "Chauny", "Pension d’invalidité : remboursement réclamé après une reprise d’emploi",
        "Monsieur L. a repris un mi-temps en l’ayant déclaré. La CPAM lui réclame 2 470,00 € de pension "
        "d’invalidité versée en trop sur neuf mois. Il conteste le mode de calcul et demande au moins un "
        "échéancier. Son courrier d’il y a deux mois est resté sans réponse.",
        ("cpam",), 40, "09:55",
        steps=(
            Step(72.78, BERTILLE, TAKE),
            Step(73.17, BERTILLE, ASK, "Bonjour Chloé. Pour vérifier le calcul, j’ai besoin des bulletins "
                 "des douze mois précédant l’invalidité ; ils ne sont plus dans le dossier numérisé."),
            Step(100.58, CHLOE, REPLY, "Tous les douze ont été remis ce matin à votre accueil : "
                 "Monsieur L. garde tout dans une boîte à chaussures, bien rangée."),
            Step(263.92, BERTILLE, REPLY, "Merci à lui ! J’ai tout repris : malheureusement le calcul est "
                 "exact, le cumul dépassait le plafond dès le troisième mois. Je peux en revanche accorder "
                 "vingt-quatre mensualités, et il garde la possibilité de saisir la commission de recours "
                 "amiable."),
            Step(288.42, CHLOE, REPLY, "C’est une déception, mais il apprécie d’avoir une vraie "
                 "explication. Il accepte l’échéancier et saisit la commission avec notre juriste."),
            Step(311.25, CHLOE, CLOSE, "", "unsolved/somewhat"),
        ),
    ),
    Story(
        ADAM, "sante", "absence", "autre", "mme", "Colette", "Hennequin", "1966-01-09",
        "Vervins", "Capital décès demandé il y a cinq mois, aucune nouvelle",
        "Le mari de Madame H., salarié, est décédé il y a six mois. Elle a demandé le capital décès dans le "
        "premier mois. Aucune réponse, sinon un accusé de réception. Elle voudrait aussi savoir si une "
        "réversion est possible et ne comprend pas à qui écrire.",
        ("cpam",), 7, "10:40", also=("carsat",),
        steps=(
            Step(3.63, BASILE, TAKE),
            Step(3.9, BASILE, REPLY, "Bonjour Adam, toutes nos condoléances à Madame H. Le dossier est "
                 "complet, il était dans une file que plus personne ne relevait. Je le calcule cette "
                 "semaine. Pour la réversion, j’associe la CARSAT puisque le mandat la nomme."),
            Step(22.42, BASILE, ASSOCIATE, "", "carsat"),
            Step(95.58, CAMILLE, TAKE),
            Step(96.13, BASILE, RESOLVE, "Capital décès accordé : 3 910,00 € versés sous dix jours sur le "
                 "compte de Madame H. La notification lui parvient par courrier, en une seule page, relue "
                 "pour qu’elle soit claire."),
            Step(144.67, CAMILLE, RESOLVE, "Bonjour, la réversion est possible dès maintenant. J’ai "
                 "préparé la demande avec les éléments du dossier : Madame H. n’a plus qu’à la signer au "
                 "rendez-vous que je lui propose à Hirson ; je l’appelle pour convenir de la date."),
            Step(166.5, ALINE, READ),
            Step(167, BASILE, READ),
        ),
    ),
    Story(
        CHLOE, "sante", "dette", "c2s", "m", "Abdel", "Rahmani", "1961-05-01",
        "Laon", "Participation C2S prélevée deux fois chaque mois",
        "Depuis le renouvellement de sa C2S, Monsieur R. est prélevé deux fois de 25 € : le même jour, avec "
        "deux références de mandat différentes. Il a appelé, on lui répond qu’un seul prélèvement est "
        "visible. Les trois derniers relevés de banque montrent les deux lignes.",
        ("cpam",), 0, "09:05",
        steps=(
            Step(0.43, BASILE, READ),
        ),
    ),
    Story(
        ADAM, "famille", "absence", "autre", "mme", "Mélissa", "Patin", "1999-11-17",
        "Guise", "Congé de maternité : indemnités et prestations arrêtées ensemble",
        "Madame P. est en congé de maternité depuis six semaines. Elle n’a reçu aucune indemnité "
        "journalière et la CAF a suspendu la prime d’activité en attendant. Elle a écrit aux deux caisses, "
        "chacune attend l’autre. Sa mère l’aide pour les courses.",
        ("caf", "cpam"), 6, "11:10",
        steps=(
            Step(4.25, BASILE, TAKE),
            Step(70.5, BRUNO, REPLY, "Bonjour Adam. Nous n’attendons que le montant des indemnités. Si la "
                 "CPAM nous le donne dans le fil, je recalcule sans autre justificatif."),
            Step(71.2, BASILE, REPLY, "L’employeur a coché « arrêt maladie » au lieu de « maternité ». Je "
                 "lui fais corriger l’attestation, le montant suivra."),
            Step(98.87, ADAM, REPLY, "Merci à tous les deux, je l’explique à Madame P."),
            Step(119.33, ADAM, REVOKE, "Madame P. a trouvé un accompagnement auprès de l’assistante "
                 "sociale de sa maternité et préfère que celle-ci s’occupe seule du dossier."),
        ),
    ),
)  # fmt: skip
