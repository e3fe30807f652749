"""Names of Danish municipalities and of the larger post towns, as they stand behind a postcode. Public data."""

_NAMES = (
    "Aabenraa|Aabybro|Aalborg|Aalborg SV|Aarhus|Aarhus C|Aarhus N|Aarhus V|Aars|Albertslund|Allerød|Allinge|"
    "Arden|Assens|Augustenborg|Aulum|Auning|Bagsværd|Ballerup|Beder|Billund|Bjerringbro|Bogense|Bording|"
    "Bornholm|Brabrand|Bramming|Bredebro|Brovst|Brædstrup|Brøndby|Brønderslev|Brønshøj|Brørup|Børkop|"
    "Charlottenlund|Christiansfeld|Dianalund|Dragør|Dronninglund|Ebeltoft|Egedal|Egernsund|Egtved|Egå|Ejby|"
    "Esbjerg|Esbjerg N|Esbjerg V|Espergærde|Faaborg|Faaborg-Midtfyn|Fakse|Fanø|Farsø|Farum|Favrskov|Faxe|"
    "Fjerritslev|Fredensborg|Fredericia|Frederiksberg|Frederikshavn|Frederikssund|Frederiksværk|Furesø|"
    "Fårevejle|Galten|Gedser|Gentofte|Gilleleje|Give|Gladsaxe|Glamsbjerg|Glostrup|Glumsø|Grenaa|Greve|"
    "Gribskov|Grindsted|Gråsten|Guldborgsund|Haarby|Haarlev|Haderslev|Hadsten|Hadsund|Hals|Halsnæs|Hammel|"
    "Hanstholm|Haslev|Havdrup|Hedehusene|Hedensted|Hellerup|Helsinge|Helsingør|Herlev|Herlufmagle|Herning|"
    "Hillerød|Hinnerup|Hirtshals|Hjallerup|Hjørring|Hobro|Holbæk|Holstebro|Holte|Hornslet|Horsens|Humlebæk|"
    "Hundested|Hurup|Hvide Sande|Hvidovre|Højbjerg|Høje-Taastrup|Høng|Hørning|Hørsholm|Ikast|Ikast-Brande|"
    "Ishøj|Jammerbugt|Jelling|Juelsminde|Jyderup|Jyllinge|Kalundborg|Karlslunde|Karup|Kastrup|Kerteminde|"
    "Kgs. Lyngby|Kibæk|Kjellerup|Kokkedal|Kolding|Korsør|København|København K|København N|København NV|"
    "København S|København SV|København V|København Ø|Køge|Langeland|Langå|Lejre|Lemvig|Lolland|Lyngby|"
    "Lyngby-Taarbæk|Lystrup|Læsø|Løgstør|Løgumkloster|Løkken|Malling|Mariagerfjord|Maribo|Marstal|Middelfart|"
    "Morsø|Nakskov|Nibe|Nivå|Nordborg|Norddjurs|Nordfyns|Nyborg|Nykøbing|Nykøbing F|Nykøbing M|Nykøbing Sj|"
    "Nærum|Næstved|Nørresundby|Odder|Odense|Odense C|Odense M|Odsherred|Otterup|Padborg|Pandrup|Præstø|"
    "Randers|Rebild|Ribe|Ringe|Ringkøbing|Ringkøbing-Skjern|Ringsted|Risskov|Roskilde|Rudersdal|Rudkøbing|Ry|"
    "Rødovre|Rønde|Rønne|Sakskøbing|Samsø|Silkeborg|Skagen|Skanderborg|Skive|Skjern|Skælskør|Skærbæk|"
    "Skødstrup|Skørping|Slagelse|Slangerup|Smørum|Solrød|Solrød Strand|Sorø|Spentrup|Stege|Stenløse|Stevns|"
    "Store Heddinge|Struer|Støvring|Svendborg|Syddjurs|Sæby|Sønderborg|Taastrup|Tarm|Terndrup|Thisted|"
    "Thyborøn|Tilst|Tinglev|Toftlund|Tranekær|Tårnby|Tønder|Tørring|Ulfborg|Valby|Vallensbæk|Vamdrup|Vanløse|"
    "Varde|Vejen|Vejle|Vesthimmerlands|Viborg|Viby|Viby J|Viby Sj|Videbæk|Vinderup|Virum|Vissenbjerg|Vojens|"
    "Vordingborg|Værløse|Åbenrå|Åbyhøj|Ålborg|Århus|Ærø|Ærøskøbing|Ølstykke|Ørsted|"
)
NAMES = tuple(name for name in _NAMES.split("|") if name)
# Towns that are also ordinary words: known behind a postcode only.
WORDS = frozenset({"Give", "Hals", "Ringe", "Ry", "Vejen"})
