"""Cases about retirement: careers with holes, survivors, first payments, proofs of life."""

from __future__ import annotations

from app.demo.stories.voices import (
    ADAM,
    ALINE,
    ASK,
    ASSOCIATE,
    CAMILLE,
    CHLOE,
    CLOSE,
    DIDIER,
    MATHILDE,
    NOT_COMPETENT,
    NOTE,
    READ,
    REPLY,
    RESOLVE,
    TAKE,
)
from app.demo.story import Step, Story

RETIREMENT: tuple[Story, ...] = (
    Story(
        ALINE, "retraite", "dossier", "carriere", "mme", "Josiane", "Roger", "1963-03-29",
        "Hirson", "Retraite : six trimestres manquants après des emplois saisonniers",
        "Madame R. prépare son départ. Son relevé ignore six trimestres entre 1983 et 1986, faits en "
        "conserverie et dans une exploitation. Elle a gardé onze bulletins sur quatorze et a demandé la "
        "correction en ligne il y a cinq mois. La CARSAT renvoie vers la MSA, la MSA ne trouve rien.",
        ("carsat", "msa"), 5, "09:40",
        steps=(
            Step(4.6, MATHILDE, NOT_COMPETENT, "Bonjour Aline. J’ai cherché sous ses deux noms : "
                 "aucune cotisation agricole avant 1987. D’après les bulletins que vous "
                 "décrivez, l’exploitation déclarait au régime général, c’est donc bien la "
                 "CARSAT qui peut régulariser.", "carsat"),
            Step(24.67, CAMILLE, TAKE),
            Step(47.87, CAMILLE, REPLY, "Bonjour Aline, et merci à Mathilde. Avec les onze bulletins, "
                 "reçus ce matin par courrier, je peux déjà valider quatre trimestres. Pour les deux "
                 "derniers, une attestation sur l’honneur et le nom d’un témoin de l’époque peuvent "
                 "suffire."),
            Step(49.58, ALINE, REPLY, "Bonne nouvelle ! Une ancienne collègue d’atelier est d’accord pour "
                 "témoigner. Madame R. signe l’attestation avec nous cet après-midi, je la poste ce soir."),
            Step(167.1, CAMILLE, REPLY, "Attestation et témoignage bien reçus, tout est recevable. Je "
                 "saisis les six trimestres ce matin ; le relevé corrigé sera visible dans quelques jours "
                 "et je débloquerai à ce moment-là."),
            Step(167.38, ALINE, READ),
        ),
    ),
    Story(
        ADAM, "retraite", "courrier", "aspa", "m", "Marcel", "Watteau", "1956-10-06",
        "La Capelle", "Demande d’ASPA perdue deux fois",
        "Monsieur W. touche 614,00 € de retraite. Il a demandé l’ASPA deux fois en sept mois, la seconde "
        "fois en recommandé. La CARSAT ne retrouve aucun des deux dossiers. Il a aussi travaillé dix ans "
        "dans une ferme : nous avons nommé la MSA dans le mandat, par prudence.",
        ("carsat",), 30, "09:20", also=("msa",),
        steps=(
            Step(72.5, CAMILLE, TAKE),
            Step(72.87, CAMILLE, NOTE, "Les deux dossiers existent, numérisés sous un nom mal "
                 "orthographié. Pour calculer, il me manque la part agricole : j’associe Mathilde."),
            Step(72.92, CAMILLE, ASSOCIATE, "", "msa"),
            Step(124.8, MATHILDE, REPLY, "Bonjour, il perçoit bien 143,80 € de retraite agricole chez "
                 "nous, ce qui n’apparaissait pas dans la demande. J’envoie le détail à Camille."),
            Step(144.08, MATHILDE, RESOLVE, "Notre part est faite, l’attestation de paiement est partie à "
                 "la CARSAT. C’est elle qui versera l’ASPA, Monsieur W. n’a aucune démarche à faire chez "
                 "nous."),
            Step(289.25, CAMILLE, RESOLVE, "L’ASPA est accordée, à compter de la date de la première "
                 "demande : 276,21 € par mois et sept mois de rappel. Je suis désolée pour ces deux "
                 "dossiers égarés."),
            Step(311.75, ADAM, REPLY, "Monsieur W. a relu le montant trois fois avant d’y croire. Merci à "
                 "toutes les deux."),
            Step(457.67, ADAM, CLOSE, "", "solved/very"),
        ),
    ),
    Story(
        CHLOE, "retraite", "versement", "reversion", "mme", "Jeannine", "Fournier", "1949-08-08",
        "Laon", "Réversion : une caisse a payé, l’autre reste muette",
        "Madame F. a demandé la réversion de son mari, ouvrier puis salarié agricole. Le formulaire unique "
        "a été envoyé il y a sept mois. Les deux caisses annoncent des montants différents et aucune ne "
        "verse. Nous demandons que les périodes soient comparées et que le paiement commence.",
        ("carsat", "msa"), 19, "10:30",
        steps=(
            Step(4.73, CAMILLE, TAKE),
            Step(47.13, CAMILLE, RESOLVE, "Bonjour Chloé. Pour la part du régime général tout est en "
                 "ordre : 318,44 € par mois, rappel de sept mois versé à la fin de la semaine. Il reste la "
                 "part agricole, que la MSA doit confirmer."),
            Step(47.75, CHLOE, REPLY, "Merci Camille, c’est un vrai soulagement pour elle. La MSA "
                 "peut-elle nous dire où en est sa part ?"),
            Step(215, CHLOE, REPLY, "Bonjour, Madame F. est repassée ce matin : rien reçu de la MSA, ni "
                 "courrier ni versement. Une réponse, même provisoire, l’aiderait à tenir son budget."),
        ),
    ),
    Story(
        ALINE, "retraite", "versement", "retraite", "m", "Alain", "Cordier", "1962-07-15",
        "Guise", "Première retraite non versée après un changement de banque",
        "Monsieur C. est retraité depuis deux mois et n’a rien reçu. Il a changé de banque entre la demande "
        "et le départ, et transmis le nouveau RIB par courrier et en ligne. L’espace affiche « paiement "
        "émis » aux deux échéances. Il vit sur ses économies.",
        ("carsat",), 4, "10:05",
        steps=(
            Step(4.58, CAMILLE, TAKE),
            Step(4.88, CAMILLE, REPLY, "Bonjour Aline. Les deux paiements sont revenus de l’ancienne "
                 "banque, l’espace ne sait pas encore l’afficher. Le nouveau RIB attendait un contrôle, je "
                 "le valide."),
            Step(23.12, ALINE, REPLY, "Merci ! Je note donc « revenus » plutôt que « émis » pour la "
                 "prochaine fois. Peut-il compter dessus avant son loyer ?"),
            Step(48.35, CAMILLE, RESOLVE, "Oui : les deux mois partent ensemble, 2 296,18 €, sur son "
                 "compte sous trois jours ouvrés. Les suivants arriveront normalement le 9 de chaque mois."),
            Step(49, ALINE, READ),
        ),
    ),
    Story(
        CHLOE, "retraite", "dette", "retraite", "mme", "Monique", "Delvaux", "1957-02-24",
        "Chauny", "Impôt prélevé trop haut sur une petite retraite",
        "La CARSAT retient 14 % d’impôt sur la retraite de Madame D., non imposable depuis deux ans. Le "
        "centre des impôts dit avoir transmis un taux nul, la CARSAT applique celui qu’elle reçoit. Elle "
        "perd environ 130 € par mois. Son dernier avis et trois relevés de paiement le montrent.",
        ("carsat", "ddfip"), 6, "13:50",
        steps=(
            Step(1.7, DIDIER, TAKE),
            Step(67.42, CAMILLE, TAKE),
            Step(92.3, DIDIER, ASK, "Bonjour Chloé. Deux comptes fiscaux existent pour Madame D., l’un à "
                 "son nom de naissance, et c’est celui-là qui envoie 14 %. Avant de les fusionner, "
                 "pouvez-vous lui demander si elle a eu une activité sous ce nom ces trois dernières "
                 "années ?"),
            Step(115.87, CAMILLE, REPLY, "Côté CARSAT, je peux appliquer un taux nul dès que la DDFIP "
                 "l’aura renvoyé. J’ai mis une alerte pour ne pas attendre l’échéance suivante."),
        ),
    ),
    Story(
        ADAM, "retraite", "dossier", "carriere", "m", "Serge", "Boulanger", "1964-12-11",
        "Bohain-en-Vermandois", "Années d’apprentissage absentes du relevé de carrière",
        "Monsieur B. a été apprenti boucher de 1980 à 1982. Ces deux années n’apparaissent pas, alors "
        "qu’elles avancent son départ de dix mois. Le contrat visé par la chambre de métiers a été envoyé "
        "deux fois ; la seule réponse est « pièce illisible ». Nous joignons une numérisation nette.",
        ("carsat",), 5, "15:20",
        steps=(
            Step(1.17, ALINE, READ),
        ),
    ),
    Story(
        ALINE, "retraite", "refus", "retraite", "mme", "Bernadette", "Leroux", "1958-09-03",
        "Vervins", "Retraite de conjointe d’exploitant : quatre années non comptées",
        "Madame L. a travaillé dans la ferme familiale. Quatre années de conjointe participante ne lui "
        "donnent aucun point. Elle a demandé une révision il y a un an et reçu une lettre type. Le couple a "
        "gardé les appels de cotisations de l’époque, que nous avons numérisés.",
        ("msa",), 50, "09:45",
        steps=(
            Step(72.42, MATHILDE, TAKE),
            Step(72.83, MATHILDE, REPLY, "Bonjour Aline, quelle chance qu’elle ait gardé ces appels. Deux "
                 "années sont clairement payées à son nom ; pour les deux autres, je dois chercher dans "
                 "les archives papier de Laon."),
            Step(292.58, MATHILDE, ASK, "Les archives ne mentionnent que son mari pour 1989 et 1990. "
                 "Reste-t-il un document, même bancaire, à son nom pour ces années ?"),
            Step(311.75, ALINE, REPLY, "Elle a retourné toute la maison : hélas rien. Elle préfère avoir "
                 "une réponse sur les deux autres plutôt que d’attendre encore."),
            Step(457.5, MATHILDE, RESOLVE, "Deux années sont validées : 38,60 € de plus par mois, rappel "
                 "d’un an versé. Les deux autres pourront être reprises si un justificatif reparaît, sans "
                 "délai limite."),
            Step(480.25, ALINE, CLOSE, "", "partly/somewhat"),
        ),
    ),
    Story(
        ADAM, "retraite", "compte", "acces", "mme", "Simone", "Bacquet", "1952-04-05",
        "Saint-Quentin", "Espace retraite inaccessible après une erreur d’identité",
        "L’espace en ligne de Madame B. affiche la carrière d’une homonyme : autres employeurs, autres "
        "enfants. Elle n’ose plus s’y connecter. Deux signalements par le formulaire sont restés sans "
        "suite. Nous demandons la correction et l’assurance que l’autre personne ne voit pas son dossier.",
        ("carsat",), 1, "11:10",
    ),
    Story(
        ALINE, "retraite", "absence", "retraite", "m", "Manuel", "Ferreira", "1945-06-27",
        "Hirson", "Pension arrêtée : certificat d’existence non enregistré",
        "Monsieur F. partage l’année entre Hirson et le Portugal. Son certificat d’existence, visé par la "
        "mairie là-bas, a été envoyé dans les temps ; la pension est pourtant arrêtée depuis le mois "
        "dernier. Il a gardé l’accusé de réception du recommandé. Il est revenu en France et peut se "
        "présenter.",
        ("carsat",), 0, "09:35",
    ),
)  # fmt: skip
