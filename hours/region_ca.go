package hours

// canada has the days of the Canada Labour Code, part III, section 166 (CA),
// and of the labour or employment standards law of each province and
// territory, with Remembrance Day where an act of its own closes most
// businesses (Manitoba, Nova Scotia). Others are the days that such a law does not name, but which the
// public service, retail law or custom keeps.
//
// A day moves only where a law names the day to which it does. In Québec: 24
// June, to the 25th for those who do not work Sundays (National Holiday Act,
// F-1.1, s. 2), and 1 July, to the 2nd (Act respecting labour standards, s.
// 60). Elsewhere 1 July, to the 2nd (Holidays Act, H-5, s. 2). Where an
// employer owes another day off on a date to be agreed, nothing moves: add an
// Observed, or an exception. Federal employers are the one exception: the Code
// (s. 193) lets them choose the working day before or after, and the day after
// is the custom.
func canada() country {
	const monday, twoLater = "saturday +2, sunday +1", "saturday +2, sunday +2"
	return country{
		days: canadianDays(),
		regions: []region{
			{
				code: "CA",
				days: []string{
					"new-year", "good-friday", "victoria-day", "canada-day", "labour-day", "truth-and-reconciliation@2021",
					"thanksgiving", "remembrance-day", "christmas", "boxing-day",
				},
				others: []string{"easter-monday", "civic-holiday"},
				moves: map[string]string{
					"new-year": monday, "canada-day": monday, "truth-and-reconciliation": monday, "remembrance-day": monday,
					// Two days in a row: when one takes the Monday, the other takes the Tuesday.
					"christmas": twoLater, "boxing-day": twoLater,
				},
			},
			{
				code: "CA-AB",
				days: []string{
					"new-year", "family-day@1990", "good-friday", "victoria-day", "canada-day", "labour-day",
					"thanksgiving", "remembrance-day", "christmas",
				},
				others: []string{"easter-monday", "heritage-day-august", "truth-and-reconciliation@2021", "boxing-day"},
			},
			{
				code: "CA-BC",
				days: []string{
					"new-year", "family-day@2013-2018=2nd monday of february", "family-day@2019", "good-friday", "victoria-day",
					"canada-day", "british-columbia-day", "labour-day", "truth-and-reconciliation@2023", "thanksgiving",
					"remembrance-day", "christmas",
				},
				others: []string{"easter-monday", "boxing-day"},
			},
			{
				code: "CA-MB",
				days: []string{
					"new-year", "louis-riel-day@2008", "good-friday", "victoria-day", "canada-day", "labour-day",
					"orange-shirt-day@2024", "thanksgiving", "remembrance-day", "christmas",
				},
				others: []string{"easter-monday", "terry-fox-day", "boxing-day"},
			},
			{
				code: "CA-NB",
				days: []string{
					"new-year", "family-day@2018", "good-friday", "canada-day", "new-brunswick-day", "labour-day",
					"remembrance-day", "christmas",
				},
				others: []string{"easter-monday", "victoria-day", "truth-and-reconciliation@2021", "thanksgiving", "boxing-day"},
			},
			{
				code: "CA-NL",
				days: []string{"new-year", "good-friday", "memorial-day", "labour-day", "remembrance-day", "christmas"},
				others: []string{
					"easter-monday", "victoria-day", "civic-holiday", "truth-and-reconciliation@2021", "thanksgiving", "boxing-day",
				},
			},
			{
				code: "CA-NS",
				days: []string{
					"new-year", "heritage-day@2015", "good-friday", "canada-day", "labour-day", "remembrance-day", "christmas",
				},
				others: []string{
					"easter-monday", "victoria-day", "natal-day", "truth-and-reconciliation@2021", "thanksgiving", "boxing-day",
				},
				moves: map[string]string{"canada-day": ""}, // 1 July also when it is a Sunday
			},
			{
				code: "CA-NT",
				days: []string{
					"new-year", "good-friday", "victoria-day", "indigenous-peoples-day@2002", "canada-day", "civic-holiday",
					"labour-day", "truth-and-reconciliation@2022", "thanksgiving", "remembrance-day", "christmas",
				},
				others: []string{"easter-monday", "boxing-day"},
			},
			{
				code: "CA-NU",
				days: []string{
					"new-year", "good-friday", "victoria-day", "canada-day", "nunavut-day@2020", "civic-holiday", "labour-day",
					"truth-and-reconciliation@2022", "thanksgiving", "remembrance-day", "christmas",
				},
				others: []string{"easter-monday", "boxing-day"},
			},
			{
				code: "CA-ON",
				days: []string{
					"new-year", "family-day@2008", "good-friday", "victoria-day", "canada-day", "labour-day", "thanksgiving",
					"christmas", "boxing-day",
				},
				others: []string{"easter-monday", "civic-holiday", "truth-and-reconciliation@2021", "remembrance-day"},
			},
			{
				code: "CA-PE",
				days: []string{
					"new-year", "islander-day@2009-2009=2nd monday of february", "islander-day@2010", "good-friday", "canada-day",
					"labour-day", "truth-and-reconciliation@2022", "remembrance-day", "christmas",
				},
				others: []string{"easter-monday", "victoria-day", "gold-cup-parade-day", "thanksgiving", "boxing-day"},
			},
			{
				code: "CA-QC",
				days: []string{
					"new-year", "good-friday", "patriots-day", "fete-nationale", "canada-day", "labour-day", "thanksgiving", "christmas",
				},
				others: []string{
					"easter-monday~good-friday", "day-after-new-year", "truth-and-reconciliation@2021", "remembrance-day",
					"christmas-eve", "boxing-day", "new-years-eve",
				},
			},
			{
				code: "CA-SK",
				days: []string{
					"new-year", "family-day@2007", "good-friday", "victoria-day", "canada-day", "saskatchewan-day", "labour-day",
					"thanksgiving", "remembrance-day", "christmas",
				},
				others: []string{"easter-monday", "truth-and-reconciliation@2021", "boxing-day"},
			},
			{
				code: "CA-YT",
				days: []string{
					"new-year", "good-friday", "victoria-day", "indigenous-peoples-day@2017", "canada-day", "discovery-day",
					"labour-day", "truth-and-reconciliation@2023", "thanksgiving", "remembrance-day", "christmas",
				},
				others: []string{"yukon-heritage-day", "easter-monday", "boxing-day"},
			},
		},
		french: []string{"CA-QC"},
	}
}

func canadianDays() []day {
	const summer = "1st monday of august"
	const winter = "3rd monday of february"
	return []day{
		{"new-year", "01-01", "", "New Year's Day", "Jour de l'An", "Año Nuevo"},
		{"day-after-new-year", "01-02", "", "Day after New Year's Day", "Lendemain du jour de l'An", "Día después de Año Nuevo"},
		{"family-day", winter, "", "Family Day", "Jour de la Famille", "Día de la Familia"},
		{"louis-riel-day", winter, "", "Louis Riel Day", "Journée Louis Riel", "Día de Louis Riel"},
		{"heritage-day", winter, "", "Heritage Day", "Fête du Patrimoine", "Día del Patrimonio"},
		{"islander-day", winter, "", "Islander Day", "Fête des Insulaires", "Día de los Isleños"},
		{"yukon-heritage-day", "last sunday of february -2", "", "Heritage Day", "Journée du patrimoine", "Día del Patrimonio"},
		{"good-friday", "easter -2", "", "Good Friday", "Vendredi saint", "Viernes Santo"},
		{"easter-monday", "easter +1", "", "Easter Monday", "Lundi de Pâques", "Lunes de Pascua"},
		{"victoria-day", "monday before 05-25", "", "Victoria Day", "Fête de la Reine", "Día de Victoria"},
		{"patriots-day", "monday before 05-25", "", "National Patriots' Day", "Journée nationale des patriotes", "Día Nacional de los Patriotas"},
		{"indigenous-peoples-day", "06-21", "", "National Indigenous Peoples Day", "Journée nationale des peuples autochtones", "Día Nacional de los Pueblos Indígenas"},
		{"fete-nationale", "06-24", "sunday +1", "Québec National Holiday", "Fête nationale", "Fiesta Nacional de Quebec"},
		{"canada-day", "07-01", "sunday +1", "Canada Day", "Fête du Canada", "Día de Canadá"},
		{"memorial-day", "07-01", "sunday +1", "Memorial Day", "Jour du Souvenir de Terre-Neuve", "Día de la Memoria"},
		{"nunavut-day", "07-09", "", "Nunavut Day", "Jour du Nunavut", "Día de Nunavut"},
		{"civic-holiday", summer, "", "Civic Holiday", "Premier lundi d'août", "Feriado Cívico"},
		{"british-columbia-day", summer, "", "British Columbia Day", "Jour de la Colombie-Britannique", "Día de la Columbia Británica"},
		{"new-brunswick-day", summer, "", "New Brunswick Day", "Fête du Nouveau-Brunswick", "Día de Nuevo Brunswick"},
		{"saskatchewan-day", summer, "", "Saskatchewan Day", "Fête de la Saskatchewan", "Día de Saskatchewan"},
		{"heritage-day-august", summer, "", "Heritage Day", "Fête du patrimoine", "Día del Patrimonio"},
		{"terry-fox-day", summer, "", "Terry Fox Day", "Journée Terry Fox", "Día de Terry Fox"},
		{"natal-day", summer, "", "Natal Day", "Jour de la Fondation", "Día de la Fundación"},
		{"discovery-day", "3rd monday of august", "", "Discovery Day", "Jour de la Découverte", "Día del Descubrimiento"},
		{"gold-cup-parade-day", "3rd friday of august", "", "Gold Cup Parade Day", "Jour du défilé de la Coupe d'or", "Día del Desfile de la Copa de Oro"},
		{"labour-day", "1st monday of september", "", "Labour Day", "Fête du Travail", "Día del Trabajo"},
		{"truth-and-reconciliation", "09-30", "", "National Day for Truth and Reconciliation", "Journée nationale de la vérité et de la réconciliation", "Día Nacional de la Verdad y la Reconciliación"},
		{"orange-shirt-day", "09-30", "", "Orange Shirt Day", "Jour du chandail orange", "Día de la Camisa Naranja"},
		{"thanksgiving", "2nd monday of october", "", "Thanksgiving", "Action de grâces", "Acción de Gracias"},
		{"remembrance-day", "11-11", "", "Remembrance Day", "Jour du Souvenir", "Día del Recuerdo"},
		{"christmas-eve", "12-24", "", "Christmas Eve", "Veille de Noël", "Nochebuena"},
		{"christmas", "12-25", "", "Christmas Day", "Noël", "Navidad"},
		{"boxing-day", "12-26", "", "Boxing Day", "Lendemain de Noël", "Día después de Navidad"},
		{"new-years-eve", "12-31", "", "New Year's Eve", "Veille du jour de l'An", "Nochevieja"},
	}
}
