"""What the demo shop says in German, Dutch and French; the English is in the XML files."""

#: Languages of the demo shop besides English, in the order of the columns below.
LANGUAGES = ("de_DE", "nl_NL", "fr_FR")

CATALOGUE = {
    "demo_category_packages": {
        "name": ("Supportpakete", "Supportpakketten", "Forfaits d'assistance"),
    },
    "demo_plan_base": {
        "name": (
            "Basis-Support, jährlich",
            "Basissupport, per jaar",
            "Assistance de base, annuelle",
        ),
        "description": (
            "<ul><li>Hilfe per Telefon und Fernwartung, Montag bis Samstag von 8 bis 20 Uhr</li>"
            "<li>Fünf Stunden Hilfe im Jahr</li>"
            "<li>Ein Computer mit Drucker, Router und Telefon</li>"
            "<li>Jährliche Prüfung von Updates, Datensicherung und Virenschutz</li></ul>",
            "<ul><li>Hulp per telefoon en op afstand, maandag tot en met zaterdag van 8 tot 20 uur</li>"
            "<li>Vijf uur hulp per jaar</li>"
            "<li>Eén computer met printer, router en telefoon</li>"
            "<li>Jaarlijkse controle van updates, back-up en virusbescherming</li></ul>",
            "<ul><li>Aide par téléphone et à distance, du lundi au samedi de 8 h à 20 h</li>"
            "<li>Cinq heures d'aide par an</li>"
            "<li>Un ordinateur avec imprimante, routeur et téléphone</li>"
            "<li>Contrôle annuel des mises à jour, de la sauvegarde et de l'antivirus</li></ul>",
        ),
    },
    "demo_plan_incident": {
        "name": ("Einzelfall", "Eén probleem", "Intervention unique"),
        "description": (
            "<ul><li>Ein Problem, gemeinsam gelöst per Telefon oder Fernwartung</li>"
            "<li>Bis zu einer Stunde Hilfe</li>"
            "<li>Zwei Wochen lang Rückfragen zum selben Problem inbegriffen</li></ul>",
            "<ul><li>Eén probleem, samen opgelost per telefoon of op afstand</li>"
            "<li>Tot één uur hulp</li>"
            "<li>Twee weken lang vragen over hetzelfde probleem inbegrepen</li></ul>",
            "<ul><li>Un problème, résolu ensemble par téléphone ou à distance</li>"
            "<li>Jusqu'à une heure d'aide</li>"
            "<li>Deux semaines de questions sur le même problème incluses</li></ul>",
        ),
    },
    "demo_plan_hour": {
        "name": ("Zusatzstunde", "Extra uur", "Heure supplémentaire"),
        "description": (
            "<ul><li>Sechzig weitere Minuten Hilfe, einlösbar innerhalb eines Jahres</li>"
            "<li>Minutengenau abgerechnet</li></ul>",
            "<ul><li>Zestig extra minuten hulp, te gebruiken binnen een jaar</li>"
            "<li>Per minuut gerekend</li></ul>",
            "<ul><li>Soixante minutes d'aide en plus, à utiliser dans l'année</li>"
            "<li>Décomptées à la minute</li></ul>",
        ),
    },
    "demo_plan_premium": {
        "name": (
            "Premium-Upgrade, jährlich",
            "Premium-upgrade, per jaar",
            "Option Premium, annuelle",
        ),
        "description": (
            "<ul><li>Zehn weitere Stunden Hilfe im Jahr</li>"
            "<li>Täglich von 7 bis 22 Uhr, ohne Wartezeit</li>"
            "<li>Bis zu drei Computer eines Haushalts</li></ul>",
            "<ul><li>Tien extra uren hulp per jaar</li>"
            "<li>Elke dag van 7 tot 22 uur, zonder wachttijd</li>"
            "<li>Tot drie computers van één huishouden</li></ul>",
            "<ul><li>Dix heures d'aide en plus par an</li>"
            "<li>Tous les jours de 7 h à 22 h, sans attente</li>"
            "<li>Jusqu'à trois ordinateurs d'un même foyer</li></ul>",
        ),
    },
    "demo_product_base": {
        "name": ("PC-Basis-Support", "PC-basissupport", "Assistance PC de base"),
        "description_sale": (
            "Ein Jahr lang Hilfe am Computer, per Telefon und Fernwartung.",
            "Een jaar lang hulp met uw computer, per telefoon en op afstand.",
            "Un an d'aide pour votre ordinateur, par téléphone et à distance.",
        ),
        "description_ecommerce": (
            "<p>Der Computer ist langsam, der Drucker druckt nicht, die E-Mails sind weg? Rufen Sie"
            " uns an. Wir sehen es uns mit Ihnen an und bleiben, bis es läuft: in klaren Worten"
            " und so oft, wie Ihre fünf Stunden reichen.</p>",
            "<p>De computer is traag, de printer doet niets, de e-mail is weg? Bel ons. We kijken"
            " samen en blijven tot het werkt: in gewone taal en zo vaak als uw vijf uur"
            " toelaten.</p>",
            "<p>L'ordinateur est lent, l'imprimante ne répond pas, les e-mails ont disparu ?"
            " Appelez-nous. Nous regardons avec vous et restons jusqu'à ce que tout fonctionne,"
            " en mots simples et dans la limite de vos cinq heures.</p>",
        ),
    },
    "demo_product_incident": {
        "name": ("Einzelfall-Hilfe", "Hulp bij één probleem", "Intervention unique"),
        "description_sale": (
            "Ein Problem, sofort gelöst, ohne Vertrag.",
            "Eén probleem, meteen opgelost, zonder contract.",
            "Un problème, résolu tout de suite, sans contrat.",
        ),
        "description_ecommerce": (
            "<p>Für den einen Tag, an dem nichts geht. Sie bestellen, Sie rufen an, wir lösen es."
            " Ein Preis, kein Vertrag, nichts zu kündigen.</p>",
            "<p>Voor die ene dag waarop niets werkt. U bestelt, u belt, wij lossen het op. Eén"
            " prijs, geen contract, niets op te zeggen.</p>",
            "<p>Pour le jour où plus rien ne marche. Vous commandez, vous appelez, nous réparons."
            " Un prix, pas de contrat, rien à résilier.</p>",
        ),
    },
    "demo_product_hour": {
        "name": ("Zusatzstunde", "Extra uur", "Heure supplémentaire"),
        "description_sale": (
            "Sechzig weitere Minuten Hilfe zu Ihrem Basis-Support.",
            "Zestig extra minuten hulp bij uw basissupport.",
            "Soixante minutes d'aide en plus de votre assistance de base.",
        ),
        "description_ecommerce": (
            "<p>Der neue Laptop soll eingerichtet werden, die Fotos sollen umziehen? Nehmen Sie"
            " eine Stunde zu Ihrem Basis-Support dazu und nutzen Sie sie innerhalb eines"
            " Jahres.</p>",
            "<p>Moet de nieuwe laptop worden ingesteld, moeten de foto's mee? Neem een uur extra"
            " bij uw basissupport en gebruik het binnen een jaar.</p>",
            "<p>Un nouvel ordinateur à configurer, des photos à transférer ? Ajoutez une heure à"
            " votre assistance de base et utilisez-la dans l'année.</p>",
        ),
    },
    "demo_product_premium": {
        "name": ("Premium-Upgrade", "Premium-upgrade", "Option Premium"),
        "description_sale": (
            "Mehr Stunden, längere Zeiten, bis zu drei Computer.",
            "Meer uren, langere tijden, tot drie computers.",
            "Plus d'heures, des horaires étendus, jusqu'à trois ordinateurs.",
        ),
        "description_ecommerce": (
            "<p>Macht Ihren Basis-Support größer: zehn weitere Stunden im Jahr, Hilfe täglich von 7"
            " bis 22 Uhr und Platz für die Computer des ganzen Haushalts.</p>",
            "<p>Maakt uw basissupport groter: tien extra uren per jaar, hulp elke dag van 7 tot 22"
            " uur en plaats voor de computers van het hele huishouden.</p>",
            "<p>Agrandit votre assistance de base : dix heures de plus par an, de l'aide tous les"
            " jours de 7 h à 22 h et de la place pour les ordinateurs de tout le foyer.</p>",
        ),
    },
}

#: Terms of the pages in demo/pages.
PAGES = {
    "Help with your computer, today": (
        "Hilfe am Computer, noch heute",
        "Hulp met uw computer, vandaag nog",
        "De l'aide pour votre ordinateur, dès aujourd'hui",
    ),
    "Order a package, call us, and we solve it together: by telephone and remote session,"
    " in plain words.": (
        "Paket bestellen, anrufen, gemeinsam lösen: per Telefon und Fernwartung, in klaren Worten.",
        "Bestel een pakket, bel ons en we lossen het samen op: per telefoon en op afstand, in"
        " gewone taal.",
        "Commandez un forfait, appelez-nous et nous trouvons la solution ensemble, par téléphone"
        " et à distance, en mots simples.",
    ),
    "See the packages": ("Zu den Paketen", "Bekijk de pakketten", "Voir les forfaits"),
    "Call us: +49 40 66969 120": (
        "Anrufen: +49 40 66969 120",
        "Bel ons: +49 40 66969 120",
        "Appelez-nous : +49 40 66969 120",
    ),
    "Support starts at once": (
        "Hilfe beginnt sofort",
        "De hulp begint meteen",
        "L'aide commence aussitôt",
    ),
    "As soon as you have ordered you may call. Nobody waits for a payment to arrive.": (
        "Sobald Sie bestellt haben, können Sie anrufen. Niemand wartet auf einen Zahlungseingang.",
        "Zodra u besteld hebt, kunt u bellen. Niemand wacht tot een betaling binnen is.",
        "Dès que vous avez commandé, vous pouvez appeler. Personne n'attend l'arrivée d'un"
        " paiement.",
    ),
    "One price for a year": (
        "Ein Preis für ein Jahr",
        "Eén prijs voor een jaar",
        "Un prix pour un an",
    ),
    "The base support costs 99.90 euro a year, all taxes included.": (
        "Der Basis-Support kostet 99,90 Euro im Jahr, inklusive Mehrwertsteuer.",
        "De basissupport kost 99,90 euro per jaar, inclusief btw.",
        "L'assistance de base coûte 99,90 euros par an, toutes taxes comprises.",
    ),
    "Safe direct debit": ("Sichere Lastschrift", "Veilige incasso", "Prélèvement en sécurité"),
    "We collect from your account on the day we told you. You can have it returned for eight"
    " weeks.": (
        "Wir ziehen an dem Tag ein, den wir angekündigt haben. Acht Wochen lang können Sie die"
        " Lastschrift zurückgeben.",
        "We schrijven af op de dag die we hebben aangekondigd. U kunt de incasso acht weken lang"
        " laten terugboeken.",
        "Nous prélevons le jour annoncé. Pendant huit semaines, vous pouvez demander le"
        " remboursement.",
    ),
    "Talk to us": ("Sprechen Sie mit uns", "Praat met ons", "Parlez-nous"),
    "Monday to Saturday from 8 to 20": (
        "Montag bis Samstag von 8 bis 20 Uhr",
        "Maandag tot en met zaterdag van 8 tot 20 uur",
        "Du lundi au samedi de 8 h à 20 h",
    ),
    "Find your way": ("Wegweiser", "Wegwijzer", "S'orienter"),
    "Packages": ("Pakete", "Pakketten", "Forfaits"),
    "Your account": ("Ihr Konto", "Uw account", "Votre compte"),
    "Contact us": ("Kontakt", "Contact", "Contact"),
    "A company made up for this demonstration. Creditor identifier DE98ZZZ09999999999,"
    " VAT DE123456788.": (
        "Eine für diese Vorführung erfundene Firma. Gläubiger-ID DE98ZZZ09999999999,"
        " USt-ID DE123456788.",
        "Een voor deze demonstratie verzonnen bedrijf. Incassant-ID DE98ZZZ09999999999,"
        " btw DE123456788.",
        "Une société inventée pour cette démonstration. Identifiant créancier"
        " DE98ZZZ09999999999, TVA DE123456788.",
    ),
}
