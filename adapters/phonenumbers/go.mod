module github.com/afterbeep/afterbeep/adapters/phonenumbers

go 1.26.0

require (
	github.com/afterbeep/afterbeep v0.0.0
	github.com/nyaruka/phonenumbers v1.8.1
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/google/uuid v1.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.43.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)

replace github.com/afterbeep/afterbeep => ../..
