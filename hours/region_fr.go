package hours

// france has the holidays of the Code du travail, article L3133-1, and for the
// three departments of Alsace-Moselle (57 Moselle, 67 Bas-Rhin, 68 Haut-Rhin)
// the two of article L3134-13. There Good Friday is one only in places with a
// Protestant or a mixed church; elsewhere delete it. France moves no holidays.
// The days of the overseas departments are left out.
func france() country {
	national := []string{
		"new-year", "easter-monday", "labour-day", "victory-day@1982", "ascension", "whit-monday", "bastille-day",
		"assumption", "all-saints", "armistice-day", "christmas",
	}
	c := country{
		days: []day{
			{"new-year", "01-01", "", "New Year's Day", "Jour de l'An", "Año Nuevo"},
			{"good-friday", "easter -2", "", "Good Friday", "Vendredi saint", "Viernes Santo"},
			{"easter-monday", "easter +1", "", "Easter Monday", "Lundi de Pâques", "Lunes de Pascua"},
			{"labour-day", "05-01", "", "Labour Day", "Fête du Travail", "Día del Trabajo"},
			{"victory-day", "05-08", "", "Victory in Europe Day", "Victoire 1945", "Victoria de 1945"},
			{"ascension", "easter +39", "", "Ascension Day", "Ascension", "Ascensión"},
			{"whit-monday", "easter +50", "", "Whit Monday", "Lundi de Pentecôte", "Lunes de Pentecostés"},
			{"bastille-day", "07-14", "", "National Day", "Fête nationale", "Fiesta Nacional de Francia"},
			{"assumption", "08-15", "", "Assumption Day", "Assomption", "Asunción"},
			{"all-saints", "11-01", "", "All Saints' Day", "Toussaint", "Todos los Santos"},
			{"armistice-day", "11-11", "", "Armistice Day", "Armistice 1918", "Armisticio de 1918"},
			{"christmas", "12-25", "", "Christmas Day", "Noël", "Navidad"},
			{"st-stephens-day", "12-26", "", "Saint Stephen's Day", "Saint-Étienne", "San Esteban"},
		},
		regions: []region{{code: "FR", days: national}},
		french:  []string{"FR", "FR-57", "FR-67", "FR-68"},
	}
	for _, code := range c.french[1:] {
		days := append([]string{"good-friday", "st-stephens-day"}, national...)
		c.regions = append(c.regions, region{code: code, days: days})
	}
	return c
}
