"""Cases about health cover: C2S, carte Vitale, daily allowances, accounts, journeys to care."""

from __future__ import annotations

from app.demo.stories.voices import (
    ADAM,
    ALINE,
    ASK,
    BASILE,
    BERTILLE,
    CHLOE,
    CLOSE,
    FLAG_PROCEDURE,
    NOTE,
    READ,
    REPLY,
    RESOLVE,
    TAKE,
)
from app.demo.story import Step, Story

HEALTH: tuple[Story, ...] = (
    Story(
        ALINE, "sante", "refus", "c2s", "mme", "Samira", "Kaci", "1987-05-14",
        "Vervins", "Droits C2S refusés sans explication",
        "Madame K. a reçu au début du mois un refus de C2S, sans motif. Elle vit avec 812 € par mois et "
        "deux enfants ; le dossier déposé il y a deux mois était complet, récépissé à l’appui. Elle a "
        "appelé deux fois, on lui conseille de refaire une demande. Nous demandons le motif du refus et le "
        "réexamen du dossier.",
        ("cpam",), 0, "09:12",
        steps=(
            Step(0.47, BASILE, TAKE),
            Step(0.58, BASILE, REPLY, "Bonjour, merci pour le récépissé. Le dernier avis d’imposition n’a "
                 "pas été rattaché au bon dossier. Je demande la correction aujourd’hui."),
            Step(0.62, BASILE, NOTE, "Anomalie de rattachement, même cause que la semaine dernière : je "
                 "préviens le pôle C2S."),
            Step(0.65, ALINE, READ),
            Step(0.83, ADAM, READ),
            Step(1.32, BASILE, REPLY, "C’est corrigé : les droits C2S sont ouverts à partir du premier de "
                 "ce mois, pour Madame K. et ses deux enfants. L’attestation part ce soir par courrier et "
                 "sur son compte ameli."),
        ),
    ),
    Story(
        ALINE, "sante", "dossier", "vitale", "m", "Lucas", "Tourneur", "2001-08-25",
        "Guise", "Carte Vitale bloquée après changement de nom",
        "Monsieur T. a pris le nom de sa mère par décision de la mairie. Depuis, sa carte Vitale est "
        "refusée partout et la pharmacie lui fait payer son traitement, 96,40 € par mois. Il a envoyé "
        "l’acte de naissance à jour il y a deux mois et reçu une carte à l’ancien nom.",
        ("cpam",), 1, "09:05",
        steps=(
            Step(0.78, BASILE, TAKE),
            Step(1.02, BASILE, REPLY, "Bonjour Aline. L’état civil est bon dans le répertoire national, "
                 "mais la demande de carte est partie la veille de la mise à jour. Je fais annuler la "
                 "carte en circulation et je relance la fabrication."),
            Step(1.42, ALINE, REPLY, "Merci ! Et pour les soins d’ici là : une attestation suffira-t-elle "
                 "à la pharmacie ?"),
            Step(7.12, BASILE, RESOLVE, "Oui : l’attestation au bon nom est sur son compte ameli, valable "
                 "tout de suite avec le tiers payant. La nouvelle carte arrive sous trois semaines. "
                 "Monsieur T. peut nous envoyer ses trois tickets de pharmacie, je les ferai rembourser en "
                 "priorité."),
            Step(7.58, ALINE, READ),
        ),
    ),
    Story(
        ALINE, "sante", "absence", "maladie", "m", "Franck", "Beaurain", "1975-03-07",
        "Hirson", "Indemnités journalières non versées depuis sept semaines",
        "Monsieur B., maçon, est en arrêt depuis neuf semaines après une chute. Il a reçu un seul "
        "versement. L’employeur a envoyé l’attestation de salaire deux fois ; le compte ameli affiche « en "
        "attente de l’employeur ». Le découvert atteint 1 310,75 € et la banque menace de bloquer la carte.",
        ("cpam",), 1, "10:20",
        urgent="Compte à découvert de 1 310,75 €, carte bancaire bloquée à la fin de la semaine.",
        steps=(
            Step(0.4, BASILE, TAKE),
            Step(1.2, BASILE, REPLY, "Bonjour Aline, je comprends l’urgence. L’attestation est là en "
                 "double, et c’est justement le doublon qui arrête le calcul. Je l’écarte et je transmets "
                 "au paiement."),
            Step(1.27, BASILE, NOTE, "Bertille, peux-tu forcer le paiement de cet après-midi ? Arrêt de "
                 "travail classique, aucun litige sur la nature de l’accident."),
            Step(3.75, ALINE, REPLY, "Merci Basile. Je rappelle sa banque avec cette réponse ; pouvez-vous "
                 "me donner un montant, même approché ?"),
            Step(6.02, BERTILLE, REPLY, "Bonjour, je reprends avec Basile. Sept semaines à 41,86 € par "
                 "jour, soit environ 2 051 €. Le virement est programmé, il faut compter deux à trois "
                 "jours ouvrés. Nous gardons le dossier ouvert jusqu’à ce qu’il soit arrivé."),
            Step(6.5, BASILE, READ),
        ),
    ),
    Story(
        ADAM, "sante", "courrier", "attestation", "mme", "Marie-Thérèse", "Noiret", "1947-10-31",
        "Guise", "Attestation de droits demandée trois fois, jamais reçue",
        "L’hôpital de Saint-Quentin réclame une attestation de droits à jour avant l’opération de "
        "Madame N., prévue dans huit jours. Elle l’a demandée trois fois à la borne et par téléphone. Elle "
        "n’a ni ordinateur ni compte ameli, et le courrier n’arrive pas.",
        ("cpam",), 0, "09:25",
        steps=(
            Step(0.17, BERTILLE, TAKE),
            Step(0.22, BERTILLE, FLAG_PROCEDURE),
            Step(0.48, BERTILLE, RESOLVE, "Bonjour Adam, l’attestation est disponible dès maintenant "
                 "depuis le compte professionnel de votre maison, vous pouvez l’imprimer. Les trois "
                 "courriers sont partis à une adresse d’il y a deux ans, que j’ai corrigée. Pour ce genre "
                 "de document, le même écran suffit : deux minutes, sans passer par nous. Je peux vous le "
                 "montrer au téléphone si vous voulez."),
            Step(0.75, ADAM, REPLY, "Imprimée et remise à Madame N., elle repart avec le sourire. Je veux "
                 "bien la démonstration, merci Bertille."),
        ),
    ),
    Story(
        CHLOE, "sante", "dossier", "maladie", "couple", "Peter et Joan", "Whitfield", "1956-02-18",
        "Laon", "Retraités venus de l’étranger : affiliation sans numéro depuis huit mois",
        "Le couple perçoit une retraite britannique et vit à Laon depuis un an. Les formulaires S1 ont été "
        "déposés il y a huit mois. Ils n’ont toujours qu’un récépissé et avancent tous leurs soins, 640 € à "
        "ce jour. Deux passages à l’accueil et un recommandé n’ont rien donné.",
        ("cpam",), 9, "14:10",
        steps=(
            Step(20.23, BERTILLE, TAKE),
            Step(67.43, BERTILLE, ASK, "Bonjour Chloé. Les S1 sont enregistrés, mais les actes de "
                 "naissance fournis n’ont pas de filiation. Il nous faut la version longue (« full "
                 "certificate »). Une copie suffit et la traduction n’est pas nécessaire."),
            Step(68, BASILE, READ),
            Step(72.25, CHLOE, READ),
        ),
    ),
    Story(
        ADAM, "sante", "messagerie", "acces", "m", "Gérard", "Maillot", "1954-11-22",
        "La Capelle", "Compte ameli verrouillé, ancienne messagerie perdue",
        "Monsieur M. n’a plus accès à la messagerie qui sert à son compte ameli. La récupération envoie un "
        "code à cette adresse. Il a écrit par le formulaire de contact, la réponse est partie… à la même "
        "adresse. Il attend des décomptes pour sa mutuelle.",
        ("cpam",), 25, "11:35",
        steps=(
            Step(3.25, BASILE, TAKE),
            Step(3.33, BASILE, FLAG_PROCEDURE),
            Step(69.88, BASILE, RESOLVE, "Bonjour Adam. L’adresse est changée pour celle que vous indiquez "
                 "et un code provisoire part par courrier. Les quatre décomptes partent directement à sa "
                 "mutuelle. À noter : avec la pièce d’identité de la personne, l’accueil peut faire ce "
                 "changement sans passer par nous."),
            Step(94.67, ADAM, REPLY, "Bien noté, je l’affiche à l’accueil. Merci pour les décomptes."),
            Step(166.08, ALINE, CLOSE, "", "solved/somewhat"),
        ),
    ),
    Story(
        ALINE, "sante", "refus", "maladie", "mme", "Ginette", "Quenneson", "1944-06-16",
        "Wassigny", "Transport vers le CHU de Reims : prise en charge refusée",
        "Madame Q. est suivie à Reims tous les mois pour un traitement que Saint-Quentin ne fait pas. Le "
        "transport était pris en charge depuis deux ans ; les trois derniers trajets sont refusés au motif "
        "qu’un hôpital plus proche existe. L’ambulancier réclame 486,00 €. Elle a un courrier du "
        "spécialiste.",
        ("cpam",), 6, "09:15",
        steps=(
            Step(1.87, BERTILLE, TAKE),
            Step(72.48, BERTILLE, NOTE, "Basile, l’accord préalable est arrivé à échéance et personne ne "
                 "l’a renouvelé. Le refus est automatique, mais la situation médicale n’a pas changé."),
            Step(72.78, BASILE, NOTE, "D’accord avec toi. Avec le courrier du spécialiste, le service "
                 "médical devrait pouvoir régulariser à la date d’échéance."),
            Step(97.25, BERTILLE, REPLY, "Bonjour Aline, l’accord préalable avait expiré sans alerte. J’ai "
                 "transmis le courrier du spécialiste au service médical, qui se prononce sous huit jours. "
                 "Que Madame Q. ne paie rien à l’ambulancier d’ici là."),
            Step(97.95, ALINE, REPLY, "Merci Bertille, je préviens l’ambulancier avec son accord. Son "
                 "prochain rendez-vous est dans deux semaines : faut-il un nouvel imprimé ?"),
            Step(119.83, BERTILLE, REPLY, "Oui, une nouvelle prescription cochée « trajet répété ». Le "
                 "secrétariat de Reims peut l’envoyer directement en ligne, c’est le plus rapide."),
        ),
    ),
)  # fmt: skip
