module github.com/afterbeep/afterbeep/adapters/openaispeech

go 1.26.0

require (
	github.com/afterbeep/afterbeep v0.0.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/text v0.43.0
)

require (
	github.com/go-audio/audio v1.0.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)

replace github.com/afterbeep/afterbeep => ../..
