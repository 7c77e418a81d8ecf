"""Cases about papers: residence permits, licences, and letters nobody answers."""

from __future__ import annotations

from app.demo.stories.voices import (
    ADAM,
    ALINE,
    ASK,
    CHLOE,
    CLOSE,
    FATOU,
    NOT_COMPETENT,
    NOTE,
    PASCAL,
    READ,
    REPLY,
    TAKE,
)
from app.demo.story import Step, Story

PAPERS: tuple[Story, ...] = (
    Story(
        CHLOE, "papiers", "absence", "titre", "mme", "Nour", "Haddad", "1993-08-06",
        "Laon", "Récépissé expiré : contrat de travail menacé",
        "Madame H. a demandé le renouvellement de sa carte de séjour il y a cinq mois. Son récépissé a "
        "expiré et le site ne propose aucune prolongation. Son employeur, une maison de retraite, suspendra "
        "le contrat faute de document. France Travail a déjà demandé un justificatif. Trois messages par le "
        "site sont restés sans réponse.",
        ("prefecture", "france_travail"), 5, "09:10",
        urgent="Suspension du contrat de travail annoncée sous dix jours faute de récépissé.",
        steps=(
            Step(1.25, PASCAL, TAKE),
            Step(2.67, FATOU, REPLY, "Bonjour Chloé. De notre côté aucune radiation ne sera prononcée tant "
                 "que la préfecture instruit : une note est au dossier, Madame H. peut être tranquille sur "
                 "ce point."),
            Step(24.33, PASCAL, ASK, "Bonjour. Le dossier est complet sauf la photo, rejetée par le site "
                 "sans que l’usagère soit prévenue. Madame H. peut-elle refaire une photo et enregistrer "
                 "le nouveau code ?"),
            Step(26.17, CHLOE, REPLY, "Photo refaite ce matin chez le photographe, et le nouveau code est "
                 "enregistré sur le site. Son employeur patiente encore une semaine."),
            Step(53, PASCAL, NOTE, "Fatou, la décision est favorable, il ne reste que l’édition. Je te "
                 "préviens dès que le récépissé de prolongation est signé."),
            Step(167.52, PASCAL, REPLY, "Bonjour Chloé, le récépissé prolongé de six mois est signé et "
                 "peut être retiré à l’accueil de Laon dès aujourd’hui, sans rendez-vous. La carte "
                 "définitive est en fabrication : je garde la demande ouverte jusqu’à sa remise."),
        ),
    ),
    Story(
        ADAM, "papiers", "courrier", "titre", "m", "Quentin", "Flament", "2003-03-21",
        "Guise", "Permis de conduire fabriqué, jamais reçu",
        "Monsieur F. a réussi le permis il y a cinq mois. Le site indique « titre produit et expédié » "
        "depuis trois mois, mais rien n’est arrivé. Son attestation provisoire vient d’expirer et il "
        "commence un emploi de livreur. La Poste n’a pas de trace de l’envoi.",
        ("prefecture",), 5, "14:30",
        steps=(
            Step(19.58, PASCAL, NOT_COMPETENT, "Bonjour Adam. La préfecture ne fabrique ni "
                 "n’expédie plus les permis : c’est France Titres qui peut constater le retour du "
                 "pli et le réexpédier. Le motif exact du retour est « boîte non identifiée », "
                 "cela leur fera gagner du temps.", "ants"),
            Step(21.03, ADAM, REPLY, "Merci Pascal, cette précision nous aide beaucoup. Je vois avec "
                 "Monsieur F. pour le nom sur sa boîte et un nouvel envoi."),
            Step(23.5, ALINE, READ),
        ),
    ),
    Story(
        ALINE, "papiers", "absence", "titre", "mme", "Tatiana", "Morozova", "1979-12-07",
        "Vervins", "Duplicata de titre de séjour demandé il y a sept mois",
        "Le titre de Madame M. a été volé avec son sac. Le duplicata a été demandé il y a sept mois, "
        "déclaration de vol à l’appui. Elle ne peut ni ouvrir un compte, ni se rendre au chevet de sa mère "
        "à l’étranger. Deux rendez-vous ont été annulés par le site la veille.",
        ("prefecture",), 24, "10:15",
        steps=(
            Step(23.17, PASCAL, TAKE),
            Step(48.92, PASCAL, REPLY, "Bonjour Aline. La demande est bien enregistrée. L’identité doit "
                 "être vérifiée auprès du service qui a délivré le premier titre, en Moselle : je leur "
                 "écris aujourd’hui et vous tiens informée."),
            Step(52.33, ALINE, REPLY, "Merci Pascal. Si un document de voyage provisoire était possible, "
                 "même pour deux semaines, Madame M. pourrait revoir sa mère."),
            Step(215.58, ALINE, REPLY, "Bonjour, avez-vous pu joindre la Moselle ? La santé de sa maman se "
                 "dégrade, Madame M. passe nous voir presque chaque jour."),
        ),
    ),
    Story(
        CHLOE, "papiers", "courrier", "titre", "m", "Ousmane", "Traoré", "1984-02-14",
        "Soissons", "Regroupement familial : aucune nouvelle depuis un an",
        "Monsieur T. a déposé une demande de regroupement familial il y a un an. L’enquête logement a été "
        "faite, puis plus rien. Les courriels au service restent sans réponse. Il souhaite savoir si une "
        "décision a été prise et si une pièce manque.",
        ("prefecture",), 42, "15:00",
        steps=(
            Step(19.67, PASCAL, TAKE),
            Step(42.37, PASCAL, REPLY, "Bonjour Chloé. Le dossier est en attente d’une actualisation des "
                 "revenus. Il faudrait les trois derniers bulletins, sur son espace ou ici."),
            Step(212.5, CHLOE, REPLY, "Bonjour Pascal. Monsieur T. vient de s’installer dans l’Oise pour "
                 "son travail : il va reprendre la démarche là-bas avec l’aide d’une association. Merci "
                 "d’avoir regardé."),
            Step(212.67, CHLOE, CLOSE, "", "dropped/not"),
        ),
    ),
    Story(
        ALINE, "papiers", "panne", "titre", "m", "Joël", "Hubert", "1961-10-10",
        "Hirson", "Changement d’adresse du certificat d’immatriculation refusé",
        "Le téléservice refuse la nouvelle adresse de Monsieur H. depuis que sa rue a été renommée par la "
        "commune. Il a reçu une amende pour adresse non à jour. À compléter : l’arrêté de la mairie et la "
        "date du premier essai.",
        ("prefecture",), 0, "09:15", draft=True,
    ),
)  # fmt: skip
