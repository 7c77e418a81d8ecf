"""What the people of the invented service are called, and what they say."""

# A word of one message in a hundred thousand, in a case that the measured group sees, among the oldest.
RARE, RARE_IN, RARE_AT = "kerguelen", 16_650, 50
COMMON, NOWHERE = "dossier", "introuvable"  # in two messages of three; in none
NAMES = ("kaddour guise", "lefort trop-perçu")  # one case in ninety, one in eighty
FIRST_NAMES = (
    "Samira", "Paul", "Nadia", "Jean", "Lucie", "Mehdi", "Odette", "Karim", "Ginette", "Thomas", "Aïcha",
)  # fmt: skip
LAST_NAMES = (
    "Kaddour", "Lefort", "Mercier", "Duval", "Benali", "Roche", "Caron", "Picard", "Delmas", "Hamidi",
)  # fmt: skip
COMMUNES = ("Guise", "Laon", "Hirson", "Vervins", "Soissons", "Chauny", "Tergnier", "Bohain", "La Capelle")
SUBJECTS = (
    "Aide au logement suspendue depuis le déménagement", "Pension de réversion sans réponse depuis six mois",
    "Carte Vitale jamais reçue, soins non remboursés", "RSA coupé après la déclaration trimestrielle",
    "Titre de séjour expiré, rendez-vous impossible", "Relevé de carrière incomplet avant le départ",
    "Trop-perçu contesté, retenue sur le versement", "Compte bloqué, code provisoire jamais arrivé",
)  # fmt: skip
SENTENCES = (
    "La personne a appelé trois fois le 3230 et s’est rendue deux fois à l’accueil, sans réponse écrite.",
    "Le dernier versement reçu date du mois de juin ; depuis, rien, et le loyer n’est plus payé.",
    "Nous avons retrouvé le dossier : il manquait l’attestation de l’employeur, que je joins à ce message.",
    "Pouvez-vous me dire si la pièce a bien été reçue, et sous quel délai le dossier sera repris ?",
    "Je viens de relancer le service concerné ; la régularisation partira avec la paie de la fin du mois.",
    "Merci beaucoup, je préviens la personne dès ce matin.",
    "Le compte a été rattaché à une ancienne adresse, ce qui explique les courriers revenus.",
    "La situation devient urgente : une procédure d’expulsion est engagée et l’audience a lieu le 14.",
    "Le calcul a été refait avec les ressources déclarées, un rappel de droits apparaîtra en ligne.",
    "Il faudrait nous transmettre une copie recto verso de la pièce d’identité, lisible, en PDF si possible.",
    "La demande a été déposée en ligne le 3 septembre, avec accusé de réception, puis par courrier suivi.",
    "Le dossier était en attente d’un contrôle qui vient d’être levé.",
)
