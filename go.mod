module github.com/afterbeep/afterbeep

go 1.26.0

require (
	github.com/benbjohnson/clock v1.3.5 // indirect
	github.com/go-audio/audio v1.0.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/stretchr/testify v1.12.1 // indirect
	golang.org/x/text v0.43.0 // indirect
	pgregory.net/rapid v1.3.0 // indirect
)
