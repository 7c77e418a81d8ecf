"""Cases about disability: AAH, cards and children, between the MDPH and those who pay."""

from __future__ import annotations

from app.demo.stories.voices import (
    ADAM,
    ALINE,
    ASK,
    ASSOCIATE,
    BASILE,
    BRUNO,
    CHLOE,
    CLOSE,
    FATOU,
    MARC,
    MELANIE,
    NOT_COMPETENT,
    NOTE,
    READ,
    REPLY,
    RESOLVE,
    TAKE,
)
from app.demo.story import Step, Story

DISABILITY: tuple[Story, ...] = (
    Story(
        ALINE, "sante", "versement", "aah", "mme", "Corinne", "Olivier", "1978-10-18",
        "La Capelle", "AAH : versement interrompu après déménagement",
        "Madame O. a quitté l’Oise pour La Capelle il y a deux mois. Son AAH, accordée pour cinq ans, s’est "
        "arrêtée avec le transfert. La CAF de l’Aisne dit attendre la décision de la MDPH, la MDPH dit que "
        "celle de l’Oise reste valable. Elle vit seule, avec un loyer de 430 €.",
        ("caf", "mdph"), 1, "08:20",
        steps=(
            Step(0.83, BRUNO, TAKE),
            Step(1.1, BRUNO, REPLY, "Bonjour Aline. Le dossier est bien chez nous, mais sans la "
                 "notification d’origine je ne peux pas ouvrir le droit. Si la MDPH me l’envoie, je la "
                 "saisis dans la journée."),
            Step(3.17, MELANIE, TAKE),
            Step(3.45, MELANIE, REPLY, "Bonjour à tous. La décision de l’Oise vaut aussi dans l’Aisne "
                 "jusqu’à son terme. J’ai demandé copie de la notification à mes collègues de Beauvais, "
                 "ils me la promettent pour demain matin."),
            Step(5.92, ALINE, REPLY, "Merci à vous deux, c’est la première fois qu’on se parle tous "
                 "ensemble sur ce dossier. J’ai prévenu Madame O., elle respire un peu mieux."),
            Step(8.2, BRUNO, NOTE, "Mélanie, dès que tu as la notification, préviens-moi dans le fil : je "
                 "garde une place demain pour le calcul du rappel."),
        ),
    ),
    Story(
        CHLOE, "sante", "dossier", "aah", "m", "Steeve", "Marlier", "1987-08-30",
        "Laon", "Renouvellement d’AAH : dossier dit incomplet, sans dire ce qui manque",
        "Monsieur M. a déposé son renouvellement six mois avant la fin de ses droits. Un courrier lui dit "
        "que le dossier est incomplet, sans liste. Il a redéposé tout le dossier à l’accueil ; nouveau "
        "courrier, identique. Ses droits s’arrêtent à la fin du mois prochain.",
        ("mdph",), 8, "10:50",
        steps=(
            Step(5.23, MELANIE, TAKE),
            Step(46.83, MELANIE, ASK, "Bonjour Chloé, je comprends son agacement : la liste devait être au "
                 "verso et n’a pas été imprimée. Il manque une seule pièce, le certificat médical, qui a "
                 "plus d’un an. Son médecin peut-il le refaire ? Je bloque une place à la commission en "
                 "attendant."),
            Step(70.08, CHLOE, READ),
        ),
    ),
    Story(
        ADAM, "sante", "courrier", "autre", "m", "Raymond", "Petitjean", "1943-02-03",
        "Wassigny", "Carte mobilité inclusion accordée, jamais reçue",
        "La carte de stationnement de Monsieur P. a été accordée il y a cinq mois. L’imprimeur dit l’avoir "
        "postée, il n’a rien reçu. Il se déplace en fauteuil et a déjà eu deux contraventions. Il a rempli "
        "la déclaration de perte en ligne, qui lui demande un numéro figurant… sur la carte.",
        ("mdph",), 27, "11:25",
        steps=(
            Step(21.92, MELANIE, TAKE),
            Step(46.75, MELANIE, REPLY, "Bonjour Adam. La photo avait été refusée par l’imprimeur et le "
                 "courrier de relance est parti à l’ancienne adresse. Si vous me déposez une photo "
                 "récente, je relance la fabrication sans repasser par le site."),
            Step(48.25, ADAM, REPLY, "Photo faite ici même et envoyée à votre adresse de service. "
                 "Existe-t-il un document provisoire pour éviter une troisième contravention ?"),
            Step(190.17, MELANIE, RESOLVE, "La carte est fabriquée et part aujourd’hui en courrier suivi. "
                 "La copie de la décision, sur le pare-brise, vaut justificatif d’ici là ; elle peut aussi "
                 "accompagner la contestation des deux contraventions."),
            Step(335.08, ALINE, REPLY, "Adam est en formation cette semaine : je confirme que la carte est "
                 "arrivée. Merci Mélanie."),
            Step(335.17, ALINE, CLOSE, "", "solved/very"),
        ),
    ),
    Story(
        CHLOE, "sante", "absence", "autre", "mme", "Virginie", "Laurent", "1985-05-22",
        "Laon", "Allocation pour enfant handicapé accordée mais non payée",
        "La MDPH a accordé l’allocation d’éducation de l’enfant handicapé et un complément il y a trois "
        "mois. La CAF affirme n’avoir rien reçu. Madame L. a apporté elle-même la notification à l’accueil "
        "de la CAF, qui ne peut saisir qu’un envoi de la MDPH. Elle a réduit son temps de travail.",
        ("mdph", "caf"), 11, "09:25",
        steps=(
            Step(1.82, MELANIE, TAKE),
            Step(24.38, MELANIE, RESOLVE, "Bonjour Chloé. Notre flux vers la CAF avait rejeté la "
                 "décision : deux enfants portent le même prénom dans la fratrie recomposée. Je l’ai "
                 "renvoyée avec la date de naissance, la CAF l’a acceptée."),
            Step(95.83, BRUNO, TAKE),
            Step(96.05, BRUNO, NOTE, "Mélanie, bien reçu, merci. J’ai deux autres rejets du même type "
                 "cette semaine, je te les envoie à part."),
            Step(122.18, BRUNO, RESOLVE, "Bonjour, l’allocation et le complément sont ouverts depuis la "
                 "date de la décision. Rappel de 1 032,60 € viré dans la semaine, puis versement chaque "
                 "mois avec les allocations familiales."),
            Step(124.92, CHLOE, REPLY, "Merci à vous deux. Madame L. vous remercie aussi, elle a pu "
                 "confirmer son mi-temps à son employeur."),
            Step(125.33, BRUNO, READ),
        ),
    ),
    Story(
        ADAM, "sante", "dette", "aah", "m", "Thierry", "Grandin", "1970-11-29",
        "Guise", "AAH réduite à cause d’une rente comptée deux fois",
        "Monsieur G. touche une rente d’accident du travail. La CAF la déduit de son AAH sur la base du "
        "trimestre comme s’il s’agissait d’un mois. Il a perdu 355 € par mois depuis le printemps. Deux "
        "réclamations, puis un rendez-vous annulé par la caisse.",
        ("caf",), 48, "10:00", also=("cpam",),
        steps=(
            Step(4.42, MARC, TAKE),
            Step(23.5, MARC, REPLY, "Bonjour Adam, votre lecture est sans doute la bonne. Pour corriger, "
                 "il me faut le montant mensuel certifié par la CPAM : je l’associe, le mandat le permet."),
            Step(23.55, MARC, ASSOCIATE, "", "cpam"),
            Step(48.67, BASILE, TAKE),
            Step(143.3, BASILE, RESOLVE, "Bonjour, la rente est de 532,50 € par trimestre, soit 177,50 € "
                 "par mois. L’attestation vient de partir à la CAF, au format attendu."),
            Step(193.17, MARC, RESOLVE, "Merci Basile. L’AAH est recalculée depuis le printemps : "
                 "1 775,00 € de rappel, versés sous une semaine. J’ai verrouillé la périodicité pour que "
                 "l’erreur ne revienne pas."),
            Step(215.42, ADAM, REPLY, "Un grand merci. Monsieur G. n’osait plus ouvrir son courrier ; il "
                 "est venu nous montrer la notification."),
            Step(360.17, ADAM, CLOSE, "", "solved/very"),
        ),
    ),
    Story(
        ADAM, "sante", "absence", "autre", "mme", "Huguette", "Baudry", "1960-01-31",
        "Hirson", "Prestation de compensation : aide à domicile impayée depuis deux mois",
        "Madame B. emploie une auxiliaire de vie grâce à la prestation de compensation. Le plan a été "
        "renouvelé, mais plus rien n’est versé depuis deux mois. L’auxiliaire n’est plus payée et parle "
        "d’arrêter. La MDPH a été appelée quatre fois, avec chaque fois un interlocuteur différent.",
        ("mdph",), 3, "10:30",
        steps=(
            Step(4.8, MELANIE, READ),
            Step(23.37, MELANIE, NOT_COMPETENT, "Bonjour Adam. La décision de "
                 "renouvellement est bien prise et transmise : le paiement, lui, est fait "
                 "par le Département, service des prestations. La notification leur a été "
                 "renvoyée ce matin. Vu la situation, écrivez-leur dès aujourd’hui.", "departement"),
        ),
    ),
    Story(
        CHLOE, "emploi", "refus", "information", "m", "Jordan", "Caudron", "1992-03-12",
        "Soissons", "Reconnaissance de travailleur handicapé non prise en compte",
        "La reconnaissance de travailleur handicapé de Monsieur C. a été renouvelée il y a quatre mois. "
        "France Travail n’en tient pas compte et lui refuse l’accompagnement adapté ; la MDPH dit avoir "
        "tout transmis. Une formation de soudeur commence dans cinq semaines et l’inscription passe par cet "
        "accompagnement.",
        ("mdph", "france_travail"), 6, "09:35",
        steps=(
            Step(2.25, FATOU, READ),
            Step(71.42, CHLOE, READ),
        ),
    ),
)  # fmt: skip
