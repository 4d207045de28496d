package hours

// unitedStates has the federal holidays of 5 U.S.C. 6103. When one falls on a
// Saturday it is kept on the Friday before, when on a Sunday on the Monday
// after (6103(b) and Executive Order 11582). Inauguration Day, which only the
// Washington area keeps, and the days of the states are left out.
func unitedStates() country {
	const moves = "saturday -1, sunday +1"
	return country{
		days: []day{
			{"new-year", "01-01", moves, "New Year's Day", "Jour de l'An", "Año Nuevo"},
			{"martin-luther-king-day", "3rd monday of january", "", "Birthday of Martin Luther King, Jr.", "Anniversaire de Martin Luther King", "Natalicio de Martin Luther King"},
			{"washingtons-birthday", "3rd monday of february", "", "Washington's Birthday", "Anniversaire de Washington", "Natalicio de Washington"},
			{"memorial-day", "last monday of may", "", "Memorial Day", "Jour du Souvenir américain", "Día de los Caídos"},
			{"juneteenth", "06-19", moves, "Juneteenth National Independence Day", "Juneteenth", "Juneteenth, Día Nacional de la Independencia"},
			{"independence-day", "07-04", moves, "Independence Day", "Fête de l'Indépendance", "Día de la Independencia"},
			{"labor-day", "1st monday of september", "", "Labor Day", "Fête du Travail", "Día del Trabajo"},
			{"columbus-day", "2nd monday of october", "", "Columbus Day", "Jour de Christophe Colomb", "Día de Colón"},
			{"veterans-day", "11-11", moves, "Veterans Day", "Jour des anciens combattants", "Día de los Veteranos"},
			{"thanksgiving", "4th thursday of november", "", "Thanksgiving Day", "Thanksgiving", "Día de Acción de Gracias"},
			{"day-after-thanksgiving", "4th thursday of november +1", "", "Day after Thanksgiving", "Lendemain de Thanksgiving", "Día después de Acción de Gracias"},
			{"christmas-eve", "12-24", "", "Christmas Eve", "Veille de Noël", "Nochebuena"},
			{"christmas", "12-25", moves, "Christmas Day", "Noël", "Navidad"},
		},
		regions: []region{{
			code: "US",
			days: []string{
				"new-year", "martin-luther-king-day@1986", "washingtons-birthday", "memorial-day", "juneteenth@2021",
				"independence-day", "labor-day", "columbus-day", "veterans-day", "thanksgiving", "christmas",
			},
			others: []string{"day-after-thanksgiving", "christmas-eve"},
		}},
	}
}
