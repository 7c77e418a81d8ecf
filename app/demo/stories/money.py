"""Cases about taxes and money: wrong names, seizures, rates, accounts that cannot be opened."""

from __future__ import annotations

from app.demo.stories.voices import (
    ADAM,
    ALINE,
    CHLOE,
    CLOSE,
    DIDIER,
    FLAG_PROCEDURE,
    NOT_COMPETENT,
    NOTE,
    READ,
    REPLY,
    RESOLVE,
    TAKE,
)
from app.demo.story import Step, Story

MONEY: tuple[Story, ...] = (
    Story(
        ADAM, "impots", "dossier", "mise_a_jour", "couple", "Hervé et Sylvie", "Prévost", "1967-09-19",
        "Wassigny", "Avis d’impôt au mauvais nom, sans réponse",
        "L’avis d’impôt du couple porte le prénom d’un frère décédé. La banque refuse le prêt tant que "
        "l’avis n’est pas rectifié. Deux messages dans la messagerie sécurisée et un passage au centre des "
        "finances publiques n’ont rien donné. La signature chez le notaire est prévue dans trois semaines.",
        ("ddfip",), 1, "16:05",
        steps=(
            Step(0.42, ALINE, READ),
        ),
    ),
    Story(
        ALINE, "impots", "dette", "autre", "m", "Brahim", "Cherfi", "1982-06-10",
        "Guise", "Compte bancaire saisi pour une amende déjà payée",
        "Le compte de Monsieur C. a été saisi de 375,00 € pour une amende qu’il a payée en ligne il y a "
        "cinq mois. La banque a ajouté 97 € de frais. Le justificatif de paiement a été envoyé deux fois à "
        "la trésorerie, sans réponse. Nous demandons la mainlevée et le remboursement des frais.",
        ("ddfip",), 0, "08:10",
        steps=(
            Step(0.35, DIDIER, TAKE),
            Step(0.58, DIDIER, REPLY, "Bonjour Aline. Le paiement est retrouvé : il a été porté sur une "
                 "autre amende, soldée depuis, d’où un excédent que personne n’a réclamé. Je demande "
                 "l’imputation correcte."),
            Step(0.8, ALINE, REPLY, "Merci Didier, c’est rapide ! La mainlevée peut-elle partir sans "
                 "attendre l’imputation ? Le loyer est prélevé dans trois jours."),
            Step(1.4, DIDIER, REPLY, "Oui, la mainlevée vient d’être envoyée à la banque. Pour les 97 € de "
                 "frais, une demande écrite de Monsieur C. suffit : deux lignes et le relevé, à l’adresse "
                 "de notre accueil."),
        ),
    ),
    Story(
        CHLOE, "impots", "refus", "autre", "mme", "Paulette", "Vermeersch", "1941-11-08",
        "Laon", "Taxe foncière : allègement refusé malgré l’âge et les revenus",
        "Madame V., née en 1941, perçoit l’ASPA et devrait être exonérée de taxe foncière. Elle a payé "
        "812,00 € l’an dernier par peur des poursuites et vient de recevoir un nouvel avis. Sa réclamation "
        "a été rejetée au motif qu’elle n’occuperait pas la maison, où elle vit depuis 1969.",
        ("ddfip",), 33, "14:15",
        steps=(
            Step(19.42, DIDIER, TAKE),
            Step(19.83, DIDIER, REPLY, "Bonjour Chloé. Le logement est noté « vacant » depuis le départ "
                 "d’un locataire de l’étage, par erreur. Avez-vous un justificatif d’occupation, une "
                 "facture d’énergie par exemple ?"),
            Step(43.08, CHLOE, REPLY, "Facture d’électricité, attestation d’assurance et un certificat de "
                 "la mairie : trois plutôt qu’une."),
            Step(213.25, DIDIER, RESOLVE, "Parfait. L’occupation est rétablie, l’avis de cette année est "
                 "annulé et les 812,00 € de l’an dernier seront remboursés sous un mois. L’exonération "
                 "sera désormais automatique."),
            Step(356.17, CHLOE, CLOSE, "", "solved/somewhat"),
        ),
    ),
    Story(
        ALINE, "impots", "courrier", "information", "mme", "Noëlla", "Risbourg", "1972-12-24",
        "La Capelle", "Chèque énergie non reçu depuis deux ans",
        "Madame R. recevait un chèque énergie chaque printemps. Rien depuis deux ans, alors que ses revenus "
        "n’ont pas changé. Le service téléphonique lui répond que son revenu fiscal n’est pas connu ; ses "
        "avis d’impôt sont pourtant à jour. Elle a 286,90 € de facture de gaz en retard.",
        ("ddfip",), 2, "09:20",
        steps=(
            Step(5.3, DIDIER, NOT_COMPETENT, "Bonjour Aline. J’ai vérifié : le foyer est "
                 "bien connu chez nous et les deux avis ont été transmis. L’envoi du "
                 "chèque lui-même dépend du service Chèque énergie, qui a sans doute "
                 "gardé l’ancien point de livraison. Ils demanderont les deux derniers "
                 "avis : pensez à les préparer.", "cheque_energie"),
            Step(6, ALINE, READ),
        ),
    ),
    Story(
        ADAM, "impots", "dossier", "mise_a_jour", "m", "Sébastien", "Hulin", "1980-04-02",
        "Bohain-en-Vermandois", "Taux de prélèvement resté celui du couple après un divorce",
        "Monsieur H. est divorcé depuis un an et l’a déclaré en ligne. Son salaire est toujours prélevé au "
        "taux du couple, 11,2 %, alors qu’il a deux enfants en garde alternée. Le changement fait avec nous "
        "sur le site est marqué « pris en compte », sans effet sur quatre bulletins.",
        ("ddfip",), 10, "10:55",
        steps=(
            Step(4.12, DIDIER, TAKE),
            Step(70.65, DIDIER, REPLY, "Bonjour Adam. La déclaration de divorce a créé un second foyer "
                 "sans fermer le premier, et l’employeur lit le plus ancien. Je corrige ; il verra le bon "
                 "taux à la prochaine paie."),
            Step(71.25, ADAM, REPLY, "Merci. Et pour les quatre mois déjà retenus ? Il est à 90 € près "
                 "chaque fin de mois."),
            Step(72.83, DIDIER, NOTE, "Pas besoin d’associer le service des particuliers : l’excédent se "
                 "rembourse depuis notre écran, je m’en occupe."),
            Step(167.42, DIDIER, RESOLVE, "C’est fait : taux ramené à 2,1 % et 736,00 € remboursés par "
                 "virement d’ici dix jours, sans attendre la déclaration du printemps. Le dossier des "
                 "enfants est bien partagé entre les deux foyers."),
            Step(171.17, ALINE, READ),
        ),
    ),
    Story(
        CHLOE, "impots", "compte", "acces", "m", "Ludovic", "Sauvage", "1988-07-20",
        "Chauny", "Espace des impôts bloqué après trop d’essais",
        "Monsieur S. a bloqué son espace en cherchant son mot de passe. Le déblocage passe par un numéro de "
        "téléphone qu’il n’a plus. Il s’est présenté au centre de Chauny un jour de fermeture. Il a besoin "
        "de son avis pour une demande de bourse.",
        ("ddfip",), 55, "11:05",
        steps=(
            Step(70.83, DIDIER, TAKE),
            Step(70.95, DIDIER, FLAG_PROCEDURE),
            Step(71.08, DIDIER, REPLY, "Bonjour Chloé. Un déblocage se fait au guichet avec la pièce "
                 "d’identité, sans rendez-vous le matin. S’il ne peut pas se déplacer, envoyez-m’en une "
                 "copie et je changerai le numéro."),
            Step(310.42, CHLOE, REPLY, "Bonjour Didier, Monsieur S. ne répond plus à nos appels ; d’après "
                 "sa sœur, il s’est débrouillé au guichet. Je clôture et rouvrirai au besoin."),
            Step(413.08, CHLOE, CLOSE, "", "dropped/little"),
        ),
    ),
)  # fmt: skip
