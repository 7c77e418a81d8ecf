"""Cases about family and minimum income: RSA, allowances, support payments, changes of fund."""

from __future__ import annotations

from app.demo.stories.voices import (
    ADAM,
    ALINE,
    ASK,
    BERTILLE,
    BRUNO,
    CHLOE,
    CLOSE,
    DIDIER,
    FATOU,
    FLAG_PROCEDURE,
    INVITE,
    MARC,
    MATHILDE,
    NOTE,
    PASS,
    READ,
    REPLY,
    RESOLVE,
    TAKE,
    WITHDRAW,
)
from app.demo.story import Step, Story

FAMILY: tuple[Story, ...] = (
    Story(
        CHLOE, "famille", "absence", "rsa", "mme", "Jessica", "Thuillier", "1990-03-19",
        "Laon", "RSA suspendu après une déclaration envoyée en retard",
        "Madame T. était hospitalisée au moment de sa déclaration trimestrielle. Elle l’a faite dès sa "
        "sortie, avec douze jours de retard, mais le RSA n’a pas été rétabli et l’espace en ligne affiche "
        "« droit en cours d’étude ». Elle vit seule avec deux enfants et il lui reste 31 €. Nous demandons "
        "la reprise du versement ou, à défaut, un acompte.",
        ("caf",), 0, "08:25", also=("france_travail",),
        urgent="Plus de ressources, deux enfants à charge : aide alimentaire du CCAS accordée pour trois "
               "jours seulement.",
        steps=(
            Step(0.15, BRUNO, READ),
            Step(0.18, BRUNO, TAKE),
            Step(0.38, BRUNO, REPLY, "Bonjour Chloé, je traite tout de suite. La déclaration est bien "
                 "arrivée, mais elle est bloquée par un contrôle : une ligne « formation » non rémunérée y "
                 "est lue comme un salaire. Madame T. suit-elle une formation en ce moment ?"),
            Step(0.57, CHLOE, REPLY, "Oui, une remise à niveau prescrite par France Travail, sans "
                 "rémunération, interrompue par l’hospitalisation. Elle n’a que la convocation sous la "
                 "main."),
            Step(0.77, BRUNO, INVITE, "", FATOU),
            Step(1.03, FATOU, REPLY, "Bonjour à vous deux. Je confirme : formation non rémunérée, "
                 "interrompue le mois dernier. Je viens de l’inscrire dans notre échange de données avec "
                 "la CAF, cela devrait suffire."),
            Step(1.27, BRUNO, NOTE, "Fatou, merci, c’est exactement ce qu’il me fallait. Je lève le "
                 "contrôle et je demande un acompte pour ce soir."),
        ),
    ),
    Story(
        ADAM, "famille", "numerique", "rsa", "m", "Jean-Claude", "Druart", "1966-08-14",
        "Hirson", "Déclaration trimestrielle de RSA impossible à valider",
        "Monsieur D. vient chaque trimestre faire sa déclaration avec nous. Cette fois la dernière page "
        "tourne sans fin, sur trois ordinateurs et deux jours différents. Le numéro d’assistance renvoie "
        "vers le site. La date limite est dans quatre jours : comment valider autrement ?",
        ("caf",), 2, "14:20",
        steps=(
            Step(0.63, MARC, TAKE),
            Step(0.73, MARC, FLAG_PROCEDURE),
            Step(0.87, MARC, REPLY, "Bonjour Adam. Pour la prochaine fois, il existe un formulaire papier "
                 "que l’accueil de Saint-Quentin prend dans la journée. Mais puisque vous avez écrit, je "
                 "regarde : un second dossier au même nom gêne la validation."),
            Step(2.4, MARC, RESOLVE, "Le doublon est fusionné et j’ai saisi la déclaration avec les "
                 "montants que vous aviez notés : zéro revenu sur les trois mois. Rien à refaire, le "
                 "paiement tombera à la date habituelle."),
            Step(2.53, BRUNO, READ),
            Step(2.83, ALINE, READ),
        ),
    ),
    Story(
        ALINE, "famille", "absence", "autre", "mme", "Laëtitia", "Fontaine", "1986-05-28",
        "Guise", "Pension alimentaire : intermédiation accordée, rien n’est versé",
        "L’intermédiation de la pension a été accordée il y a quatre mois : 180 € par mois pour un enfant. "
        "Le père dit être prélevé, Madame F. ne reçoit rien. Elle a rappelé l’agence de recouvrement deux "
        "fois, on lui répond que « tout est en ordre ». Nous demandons où sont les quatre mois prélevés.",
        ("caf",), 9, "11:00",
        steps=(
            Step(22.42, BRUNO, TAKE),
            Step(22.67, BRUNO, NOTE, "Marc, le dossier est géré par l’agence d’Amiens mais le compte de "
                 "paiement est chez nous. Je crois à une erreur sur le RIB de la mère, je vérifie avant de "
                 "répondre."),
            Step(71.27, BRUNO, ASK, "Bonjour Aline. Les prélèvements du père sont réels et l’argent est en "
                 "attente : le virement a été rejeté quatre fois, compte clos. Madame F. peut-elle vous "
                 "remettre un RIB à son seul nom ? Dès réception je fais repartir les 720,00 €."),
            Step(72.75, ALINE, READ),
        ),
    ),
    Story(
        ADAM, "famille", "dette", "paiement", "m", "Kévin", "Lalaux", "1993-10-09",
        "Saint-Quentin", "Dette de prime d’activité sans explication",
        "La CAF réclame 1 842,60 € de prime d’activité à Monsieur L., sur onze mois. Le courrier ne dit pas "
        "quels revenus sont en cause. Il pense que les frais réels déclarés aux impôts ont été pris pour du "
        "salaire. Il a demandé le détail en ligne, sans réponse, et les retenues ont commencé.",
        ("caf", "ddfip"), 35, "10:40",
        steps=(
            Step(70.5, MARC, TAKE),
            Step(71.13, MARC, REPLY, "Bonjour Adam, je suspends les retenues pendant l’étude. L’écart "
                 "vient de deux mois d’heures supplémentaires non déclarées, mais aussi d’une somme de "
                 "4 100 € que je ne m’explique pas."),
            Step(99.7, DIDIER, REPLY, "Bonjour, côté impôts les 4 100 € sont des frais réels, pas un "
                 "revenu. L’avis est juste ; la reprise automatique les a mal lus. Je donne le détail à "
                 "Marc par téléphone ; nous n’avons rien d’autre à corriger."),
            Step(118.83, ADAM, WITHDRAW, "", "ddfip"),
            Step(118.93, ADAM, REPLY, "Merci à tous les deux. La DDFIP ayant répondu, je lui retire la "
                 "demande : reste le recalcul à la CAF."),
            Step(264.42, MARC, RESOLVE, "Recalcul fait : la dette passe de 1 842,60 € à 412,30 €, due pour "
                 "les heures supplémentaires. J’ai mis en place dix retenues de 41,23 €. Monsieur L. garde "
                 "deux mois pour contester s’il le souhaite."),
            Step(286.42, ADAM, REPLY, "Il préfère payer et tourner la page. Merci pour le détail, il a "
                 "enfin compris."),
            Step(311.67, ALINE, CLOSE, "", "partly/very"),
        ),
    ),
    Story(
        ALINE, "famille", "dossier", "mise_a_jour", "mme", "Aurore", "Sueur", "1988-02-21",
        "Vervins", "Dossier bloqué entre deux CAF après un changement de département",
        "Madame S. a quitté le Nord pour l’Aisne il y a cinq mois avec ses trois enfants. La CAF du Nord "
        "dit avoir transféré le dossier, celle de l’Aisne ne l’a pas. Les allocations familiales et le "
        "complément familial sont arrêtés depuis. Elle a rappelé les deux caisses six fois au total.",
        ("caf",), 10, "09:30",
        steps=(
            Step(1.33, BRUNO, TAKE),
            Step(71.8, BRUNO, REPLY, "Bonjour Aline, le transfert est bien parti du Nord mais il est tombé "
                 "en anomalie : un des enfants porte deux dates de naissance différentes. Je demande au "
                 "Nord de corriger à la source."),
            Step(96.53, ALINE, REPLY, "J’ai le livret de famille sous les yeux : la bonne date est celle "
                 "de l’acte, l’autre est une coquille vieille de trois ans que Madame S. avait déjà "
                 "signalée."),
            Step(143.33, BRUNO, NOTE, "Le collègue du Nord est d’accord mais n’a pas la main. Marc, tu "
                 "connais le référent transferts de la région, je te confie la suite."),
            Step(143.42, BRUNO, PASS, "", MARC),
            Step(335.33, MARC, REPLY, "Bonjour Aline. Le dossier vient d’arriver complet chez nous. Je "
                 "calcule les cinq mois de rappel aujourd’hui, plus de 2 000 € à première vue ; je vous "
                 "donne le montant exact avant de débloquer."),
        ),
    ),
    Story(
        ALINE, "famille", "versement", "mise_a_jour", "mme", "Pauline", "Gosset", "1992-12-13",
        "Wassigny", "Passage de la MSA à la CAF : plus aucune prestation",
        "Le conjoint de Madame G. a quitté son emploi agricole il y a trois mois. La MSA a arrêté les "
        "prestations familiales, la CAF n’a rien ouvert. Le certificat de radiation a été déposé sur "
        "l’espace CAF et envoyé en recommandé. La famille, trois enfants, vit sur un seul salaire : nous "
        "demandons l’ouverture rétroactive.",
        ("caf", "msa"), 11, "10:10",
        steps=(
            Step(4.43, MATHILDE, TAKE),
            Step(23.2, MATHILDE, RESOLVE, "Bonjour Aline. Tout est clos chez nous à la bonne date et je "
                 "viens de renvoyer le certificat à la CAF par la messagerie entre caisses, avec le détail "
                 "des derniers mois payés. Notre part est faite, le reste est entre leurs mains."),
            Step(23.92, ALINE, REPLY, "Merci Mathilde, c’est parfait. La CAF peut-elle nous dire si elle "
                 "l’a bien reçu cette fois ?"),
            Step(167.5, ALINE, REPLY, "Bonjour, nous restons sans nouvelle de la CAF. Madame G. a dû "
                 "demander une aide à l’épicerie solidaire. Quelqu’un peut-il prendre le dossier, même "
                 "pour dire ce qui manque ?"),
        ),
    ),
    Story(
        CHLOE, "famille", "absence", "autre", "mme", "Élodie", "Mahieux", "1995-06-03",
        "Laon", "Prime à la naissance non versée, déclaration de grossesse introuvable",
        "Madame M. accouche dans sept semaines et n’a pas reçu la prime à la naissance. La CAF dit n’avoir "
        "jamais eu la déclaration de grossesse ; le médecin l’a faite en ligne et l’Assurance maladie la "
        "voit. Elle a envoyé le volet papier, revenu avec la mention « non exploitable ».",
        ("caf", "cpam"), 8, "09:45",
        steps=(
            Step(5.35, BERTILLE, TAKE),
            Step(47.45, BERTILLE, RESOLVE, "Bonjour Chloé, la déclaration est bien chez nous. L’envoi à la "
                 "CAF avait échoué à cause du nom d’usage. Je l’ai relancé ce matin et la CAF l’a acquitté "
                 "à 9 h 05."),
            Step(48.8, BRUNO, TAKE),
            Step(48.93, BRUNO, REPLY, "Je confirme, la déclaration est arrivée. Il reste à vérifier les "
                 "ressources du couple, je m’en occupe avant la fin de semaine prochaine."),
            Step(169.72, BRUNO, RESOLVE, "C’est fait : la prime sera virée dans les quatre jours ouvrés. "
                 "Bonne fin de grossesse à Madame M., et merci à Bertille pour la réactivité."),
            Step(191.5, CHLOE, READ),
        ),
    ),
    Story(
        ALINE, "famille", "versement", "autre", "mme", "Sandrine", "Oger", "1984-01-15",
        "Guise", "Complément de garde versé sur la base d’un salaire faux",
        "Madame O. emploie une assistante maternelle. Une erreur de saisie, corrigée le lendemain sur "
        "Pajemploi, a fait baisser son complément de garde de 214 € par mois. La CAF dit attendre "
        "Pajemploi, Pajemploi dit avoir transmis. Elle a gardé une capture des deux écrans.",
        ("caf",), 45, "15:10",
        steps=(
            Step(66.92, BRUNO, TAKE),
            Step(67.17, BRUNO, ASK, "Bonjour Aline. Je vois deux salaires pour le même mois. Pouvez-vous "
                 "me confirmer par écrit que le bon est celui de 611,40 €, bulletin à l’appui ?"),
            Step(90.08, ALINE, REPLY, "Oui, 611,40 €, bulletin signé des deux parties, que Madame O. vient "
                 "de déposer sur son espace."),
            Step(239.5, BRUNO, RESOLVE, "Merci. Le mauvais salaire est annulé, le complément est rétabli "
                 "et 642,00 € de rappel partent demain. J’ai laissé une alerte au dossier pour que la "
                 "prochaine correction passe seule."),
            Step(258.67, ALINE, CLOSE, "", "solved/very"),
        ),
    ),
    Story(
        CHLOE, "famille", "refus", "rsa", "m", "Bernard", "Lecat", "1964-09-27",
        "Soissons", "RSA refusé à cause de la vente d’une voiture",
        "Monsieur L. a vendu sa voiture 3 200 € pour payer une dette de loyer. La somme a été comptée comme "
        "un revenu et le RSA lui est refusé pour trois mois. Le recours envoyé il y a six semaines n’a pas "
        "reçu d’accusé de réception. Il n’a plus de ressources depuis le début du mois.",
        ("caf",), 1, "15:35",
        steps=(
            Step(1.22, MARC, READ),
        ),
    ),
    Story(
        CHLOE, "famille", "refus", "autre", "mme", "Aminata", "Sow", "1998-04-11",
        "Laon", "Allocation de soutien familial refusée, père non retrouvé",
        "L’allocation est refusée car le jugement fixe une pension. Le père n’a plus d’adresse connue et "
        "l’huissier a rendu un procès-verbal de recherches, à joindre. Vérifier la date du jugement avant "
        "d’envoyer.",
        ("caf",), 0, "09:20", draft=True,
    ),
)  # fmt: skip
